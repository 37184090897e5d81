"""What the person agreed to sign: documents by their digests, asked once for all of them.

Agreement comes before the first document is prepared, so that no document is held while somebody reads, and a
document that another person signed in between is signed again without a question.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from doc_service.agent.confirm import Confirmer, ShownDocument
from doc_service.domain.errors import ConflictError, DomainError

ANSWER_WITHIN = 120.0
APPROVAL_LIFE = 600.0
TRIES = 5
"""Seconds, and how often one document may be signed anew when it changed between prepare and complete."""


@dataclass
class _Approval:
    origin: str
    certificate: str
    documents: frozenset[ShownDocument]
    ends: float
    used: Counter[tuple[str, str]] = field(default_factory=Counter)


class Approvals:
    """In memory, times by ``monotonic``. One question at a time: a second one meanwhile is refused."""

    def __init__(
        self,
        confirmer: Confirmer,
        monotonic: Callable[[], float],
        new_id: Callable[[], str] = lambda: secrets.token_urlsafe(16),
    ) -> None:
        self._confirmer = confirmer
        self._now = monotonic
        self._new_id = new_id
        self._asking = threading.Lock()
        self._turn = threading.Lock()
        self._kept: dict[str, _Approval] = {}

    @contextmanager
    def question(self) -> Iterator[None]:
        """The right to ask the person something. Raises ``ConflictError`` "agent.busy"."""
        if not self._asking.acquire(blocking=False):
            raise ConflictError("agent.busy", "")
        try:
            yield
        finally:
            self._asking.release()

    def ask(self, origin: str, certificate: str, documents: Sequence[ShownDocument]) -> str:
        """The id of the agreement for ``certificate`` (SHA-256). An answer after ``ANSWER_WITHIN`` counts as none: the
        page has given up by then.

        Raises ``ConflictError`` "agent.busy", "agent.declined", "agent.too_late"."""
        self._require(lambda: self._confirmer.agrees(origin, documents))
        approval = self._new_id()
        now = self._now()
        with self._turn:
            self._kept = {key: kept for key, kept in self._kept.items() if kept.ends > now}
            self._kept[approval] = _Approval(origin, certificate, frozenset(documents), now + APPROVAL_LIFE)
        return approval

    def ask_log_in(self, origin: str) -> None:
        """Raises as ``ask``."""
        self._require(lambda: self._confirmer.agrees_log_in(origin))

    def _require(self, agrees: Callable[[], bool]) -> None:
        with self.question():
            asked = self._now()
            agreed = agrees()
            late = self._now() - asked > ANSWER_WITHIN
        if not agreed:
            raise ConflictError("agent.declined", "")
        if late:
            self._confirmer.tell("agent.too_late")
            raise ConflictError("agent.too_late", "")

    def use(self, approval: str, origin: str, certificate: str, request: str, sha256: str) -> ShownDocument:
        """The document agreed to; each may be signed ``TRIES`` times.

        Raises ``DomainError`` "agent.not_agreed", ``ConflictError`` "agent.too_many_tries"."""
        with self._turn:
            kept = self._kept.get(approval)
            if kept is None or kept.ends <= self._now() or (kept.origin, kept.certificate) != (origin, certificate):
                raise DomainError("agent.not_agreed", "approval")
            found = next((d for d in kept.documents if (d.request, d.sha256) == (request, sha256)), None)
            if found is None:
                raise DomainError("agent.not_agreed", "sha256")
            if kept.used[request, sha256] >= TRIES:
                raise ConflictError("agent.too_many_tries", "", count=TRIES)
            kept.used[request, sha256] += 1
        return found
