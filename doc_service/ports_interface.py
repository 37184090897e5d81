"""What the interface keeps of its own: answers of requests that may be sent again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RequestMark:
    """A request under a key that its account chose. ``digest``: hex SHA-256 over everything that makes it the same
    request."""

    account_id: str
    key: str
    method: str
    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """``body`` None: it held a secret and was not kept. ``headers``: those that belong to the answer."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


class IdempotencyKeys(Protocol):
    """Each call is one transaction of its own, so that another process sees at once who works on a request. A key is
    free again when its row is older than ``KEPT``."""

    def begin(self, mark: RequestMark, token: str, now: datetime, until: datetime) -> KeptAnswer | None:
        """None: the caller, named by ``token``, is the one to carry the request out, until ``until`` at the latest;
        an answer: it was carried out. Raises ``DomainError`` "idempotency.reused" when the key stands for another
        request, ``ConflictError`` "idempotency.in_progress" while somebody else works on it."""
        ...

    def finish(self, mark: RequestMark, token: str, answer: KeptAnswer) -> bool:
        """Keeps the answer; False when another has taken the request over meanwhile."""
        ...

    def release(self, mark: RequestMark, token: str) -> None:
        """The request was refused and changed nothing: the key is free again."""
        ...

    def sweep(self, before: datetime) -> int:
        """Forgets what was begun before; returns how many."""
        ...
