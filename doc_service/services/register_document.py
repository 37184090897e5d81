"""Gives an approved document its number and date from the journal (004 §5.1.8)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import Document, DocumentAction, Registration
from doc_service.domain.errors import NotFoundError
from doc_service.domain.jobs import JobKind
from doc_service.instruments.registry import Registry
from doc_service.services.base import Workspace
from doc_service.services.check_before_signature import CheckBeforeSignature


@dataclass(frozen=True, slots=True)
class RegisterDocument:
    """Number, state, audit event and the rendering job commit together; a registered document keeps its number. What is
    not made right gets none (004 §5.1.9): raises ``DomainError`` with everything that ``check`` finds missing."""

    work: Workspace
    registry: Registry
    check: CheckBeforeSignature

    def __call__(self, document_id: str, actor: str) -> Document:
        with self.work.uow() as uow:
            document = uow.documents.get(document_id)
            if document.registration is not None:
                return document
            code = self.registry.get(document.instrument).journal
            journal = uow.journals.find(code)
            if journal is None:
                raise NotFoundError("journal.not_found", "journal", journal=code)
            moved = document.moved(DocumentAction.REGISTER)
            self.check.require(uow, document)
            entry = uow.journals.register(journal, document_id, self.work.clock.now())
            registration = Registration(entry.journal, entry.number, entry.registered_on)
            saved = uow.documents.save(replace(moved, registration=registration))
            details = {"journal": entry.journal, "year": entry.year, "seq": entry.seq, "number": entry.number}
            self.work.record(uow, actor, Action.DOCUMENT_REGISTERED, ("document", document_id), details)
            self.work.enqueue(uow, JobKind.RENDER, document_id)
            uow.commit()
        return saved
