"""Puts a document in force into its file in the archive (004 §5.1.11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import start_of_day
from doc_service.domain.documents import Document, DocumentAction, DocumentState
from doc_service.domain.jobs import JobKind
from doc_service.domain.retention import case_of, retain_until
from doc_service.ports import UnitOfWork
from doc_service.services.base import SYSTEM, Workspace
from doc_service.services.nomenclature import NomenclatureInForce
from doc_service.services.sound_file import require_sound
from doc_service.services.verify_file import VerifyFile
from storage.api import ObjectStore


@dataclass(frozen=True, slots=True)
class ArchiveDocument:
    """Job: validates the final revision as a stranger would, then locks every revision for the retention period of
    its class by the nomenclature in force. A document that does not validate is not archived
    ("document.does_not_validate"); it stays in force and the job's error says why. Safe to run twice."""

    work: Workspace
    nomenclature: NomenclatureInForce
    store: ObjectStore
    verify: VerifyFile

    def __call__(self, document_id: str) -> None:
        with self.work.uow.reading() as uow:
            document = uow.documents.get(document_id)
            revisions = uow.documents.revisions(document_id)
            if document.state is not DocumentState.IN_FORCE or document.head is None:
                return
            unsigned = not uow.signatures.of_document(document_id)
            until = self._retain_until(uow, document)
        verdict = require_sound(self.verify(self.store.read(document.head.key)), document, unsigned=unsigned)
        for revision in revisions:
            self.store.retain(revision.key, until)
        with self.work.uow() as uow:
            document = uow.documents.get(document_id)
            if document.state is not DocumentState.IN_FORCE:
                return
            uow.documents.save(document.moved(DocumentAction.ARCHIVE))
            details = {
                "case": document.case_index,
                "retain_until": until.isoformat(),
                "sha256": verdict.sha256,
                "level": str(verdict.level) if verdict.level else "-",
                "signatures": sum(s.kind == "signature" for s in verdict.signatures),
            }
            self.work.record(uow, SYSTEM, Action.DOCUMENT_ARCHIVED, ("document", document_id), details)
            self.work.enqueue(uow, JobKind.CHECKPOINT, document_id)
            uow.commit()

    def _retain_until(self, uow: UnitOfWork, document: Document) -> datetime:
        assert document.registration is not None
        case = case_of(document.case_index, self.nomenclature(uow, document))
        return start_of_day(retain_until(document.registration.registered_on, case.retention))
