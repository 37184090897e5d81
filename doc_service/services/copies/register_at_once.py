"""A document that the secretariat makes and registers in one step: nobody else has to look at it first."""

from __future__ import annotations

from dataclasses import replace

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import Document, DocumentAction, Registration
from doc_service.domain.errors import NotFoundError
from doc_service.domain.jobs import JobKind
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace


def register_at_once(work: Workspace, uow: UnitOfWork, draft: Document, journal_code: str, actor: str) -> Document:
    """Draft, approval, number and the rendering job in the caller's transaction, so that no number is taken for a copy
    that was not issued. ``NotFoundError`` "journal.not_found"."""
    journal = uow.journals.find(journal_code)
    if journal is None:
        raise NotFoundError("journal.not_found", "journal", journal=journal_code)
    subject = ("document", draft.id)
    uow.documents.add(draft)
    details = {"instrument": draft.instrument, "template": draft.template.sha256}
    work.record(uow, actor, Action.DOCUMENT_DRAFTED, subject, details)
    approved = draft.moved(DocumentAction.SUBMIT).moved(DocumentAction.APPROVE)
    work.record(uow, actor, Action.DOCUMENT_APPROVED, subject)
    entry = uow.journals.register(journal, draft.id, work.clock.now())
    registration = Registration(entry.journal, entry.number, entry.registered_on)
    saved = uow.documents.save(replace(approved.moved(DocumentAction.REGISTER), registration=registration))
    given = {"journal": entry.journal, "year": entry.year, "seq": entry.seq, "number": entry.number}
    work.record(uow, actor, Action.DOCUMENT_REGISTERED, subject, given)
    work.enqueue(uow, JobKind.RENDER, draft.id)
    return saved
