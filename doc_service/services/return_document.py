"""The secretariat gives a faulty draft back to its author with the reasons; the history of returns (004 §5.1.10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import Document, DocumentAction
from doc_service.domain.errors import DomainError
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class ReturnReason:
    """``field``: which part is at fault ("": the whole); ``text``: what is wrong, in the checker's words."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class ReturnDocument:
    """Before registration: a document in visa or approved. The author revises it and every visa is asked for anew.

    Raises "visa.reason_required" without a reason, ``ConflictError`` "state.not_allowed" once it has a number."""

    work: Workspace

    def __call__(self, document_id: str, reasons: Sequence[ReturnReason], actor: str) -> Document:
        if not reasons or any(not r.text.strip() for r in reasons):
            raise DomainError("visa.reason_required", "reasons")
        with self.work.uow() as uow:
            returned = uow.documents.get(document_id).moved(DocumentAction.RETURN)
            saved = uow.documents.save(returned)
            details = {"reasons": [{"field": r.field, "text": r.text} for r in reasons]}
            self.work.record(uow, actor, Action.DOCUMENT_RETURNED, ("document", document_id), details)
            uow.commit()
        return saved


@dataclass(frozen=True, slots=True)
class PastReturn:
    """One return: by a unit that refused its visa, or by the secretariat ("")."""

    at: datetime
    actor: str
    unit: str
    reasons: tuple[ReturnReason, ...]


@dataclass(frozen=True, slots=True)
class ReturnHistory:
    """Every return of a document, the first one first, as the control-audit journal holds them."""

    work: Workspace

    def __call__(self, document_id: str) -> tuple[PastReturn, ...]:
        with self.work.uow.reading() as uow:
            uow.documents.get(document_id)
            events = uow.audit.of_subject("document", document_id)
        return tuple(
            PastReturn(e.at, e.actor, str(e.details.get("unit", "")), _reasons(e.details))
            for e in events
            if e.action is Action.DOCUMENT_RETURNED
        )


def _reasons(details: object) -> tuple[ReturnReason, ...]:
    assert isinstance(details, dict)
    if "reason" in details:
        return (ReturnReason("", str(details["reason"])),)
    return tuple(ReturnReason(str(r["field"]), str(r["text"])) for r in details.get("reasons", ()))
