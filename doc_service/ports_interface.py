"""What the interface keeps of its own (answers of requests that may be sent again), and what event streams follow."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from doc_service.domain.audit_events import AuditEvent
from doc_service.domain.jobs import Job
from doc_service.domain.signatures import SigningLease
from doc_service.domain.signing_queue import Waiter


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

    def renew(self, mark: RequestMark, token: str, until: datetime) -> bool:
        """``token`` still works on the request; False when it does no more, or another has taken it over."""
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


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """An audit event with its number in the order of recording, which is given before its transaction commits: of two
    that commit at once, the later number may be seen first."""

    place: int
    event: AuditEvent


@dataclass(frozen=True, slots=True)
class QueueState:
    """Who waits to sign a document, in order of joining and not yet thinned out, and who holds it."""

    waiters: tuple[Waiter, ...] = ()
    lease: SigningLease | None = None


class Feed(Protocol):
    """What event streams follow. Each call is one query, or two, however many listen."""

    def newest(self) -> int:
        """The highest number recorded; 0 when there is none."""
        ...

    def after(self, place: int, missing: Collection[int], limit: int) -> Sequence[FeedEvent]:
        """Events of any subject with a number above ``place``, or one of ``missing``, by number."""
        ...

    def of_subject(self, subject: tuple[str, str], after: int, limit: int) -> Sequence[FeedEvent]:
        """Events of one subject with a number above ``after``, by number."""
        ...

    def newest_of(self, subject: tuple[str, str]) -> int: ...

    def queues(self, document_ids: Collection[str]) -> Mapping[str, QueueState]:
        """Of every document asked for."""
        ...

    def jobs(self, job_ids: Collection[str]) -> Mapping[str, Job]:
        """Those that are there."""
        ...
