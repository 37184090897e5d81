"""By when a document is to be signed: set and changed by the secretariat, shown when it has passed, never enforced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from doc_service.domain.audit_events import Action, timestamp
from doc_service.domain.documents import DOCUMENT_TRANSITIONS, Document, DocumentAction
from doc_service.domain.errors import DomainError
from doc_service.domain.signatures import UNFINISHED, SignatureRequest
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.reasons import checked_reason


@dataclass(frozen=True, slots=True)
class SetDeadline:
    """Of all requests of a document that are not signed, those still to come included, or of one of them. A document's
    deadline may be set before its signing opens. What has no deadline yet needs no reason; a change does.

    "deadline.reason_required"; "deadline.in_past"; "state.not_allowed" when nothing is left to be signed."""

    work: Workspace

    def __call__(
        self, document_id: str, due_at: datetime, reason: str, actor: str, *, request_id: str = ""
    ) -> Sequence[SignatureRequest]:
        """The requests with their new deadline. ``due_at``: aware, in the future."""
        if due_at.tzinfo is None or due_at <= self.work.clock.now():
            raise DomainError("deadline.in_past", "due_at")
        with self.work.uow() as uow:
            document = uow.documents.get(document_id)
            _still_open(document)
            requests = [r for r in uow.signatures.of_document(document_id) if request_id in ("", r.id)]
            if request_id and not requests:
                uow.signatures.get(request_id)
                raise DomainError("deadline.other_document", "request_id")
            changed = [r for r in requests if r.state in UNFINISHED and r.due_at != due_at]
            before = {r.due_at for r in changed} | (set() if request_id else {document.sign_by})
            said = _reason(reason, needed=any(d is not None and d != due_at for d in before))
            if changed or (not request_id and document.sign_by != due_at):
                self._change(uow, document, changed, due_at, said, actor, whole=not request_id)
            uow.commit()
            return [r for r in uow.signatures.of_document(document_id) if request_id in ("", r.id)]

    def _change(
        self, uow: UnitOfWork, document: Document, requests: Sequence[SignatureRequest], due_at: datetime,
        reason: str, actor: str, *, whole: bool,
    ) -> None:  # fmt: skip
        if whole:
            uow.documents.save(replace(document, sign_by=due_at))
        for request in requests:
            uow.signatures.save(replace(request, due_at=due_at))
        details = {"due_at": timestamp(due_at), "requests": [r.id for r in requests], "reason": reason}
        self.work.record(uow, actor, Action.SIGNING_DEADLINE_SET, ("document", document.id), details)


@dataclass(frozen=True, slots=True)
class OverdueRequests:
    """Open requests whose deadline has passed, the oldest deadline first. They stay open: a deadline closes nothing."""

    work: Workspace

    def __call__(self, *, limit: int = 200) -> Sequence[SignatureRequest]:
        with self.work.uow.reading() as uow:
            return uow.signing.overdue(self.work.clock.now(), limit=limit)


def _still_open(document: Document) -> None:
    """Refused by the table of transitions where the document could not be withdrawn either: nothing is left to sign."""
    DOCUMENT_TRANSITIONS.next(document.state, DocumentAction.WITHDRAW)


def _reason(reason: str, *, needed: bool) -> str:
    return checked_reason(reason, "deadline.reason_required") if needed else reason.strip()[:2000]
