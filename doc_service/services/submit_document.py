"""Sends a draft to the units that must give their visa (004 §5.1.9–5.1.10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document, DocumentAction, DocumentState
from doc_service.domain.errors import DomainError
from doc_service.domain.visas import Visa
from doc_service.instruments.registry import Registry
from doc_service.services.base import Workspace
from doc_service.services.record_checker import RecordCheck
from doc_service.services.signers import assignments

_PAST = frozenset(
    {
        DocumentState.IN_VISA,
        DocumentState.APPROVED,
        DocumentState.REGISTERED,
        DocumentState.SIGNING,
        DocumentState.SIGNED,
        DocumentState.IN_FORCE,
        DocumentState.ARCHIVED,
    }
)


@dataclass(frozen=True, slots=True)
class SubmitDocument:
    """Checks the draft once more, also against the records that it cites (``checks``), and opens a round of visas. An
    instrument without visa units is approved at once.

    Raises ``DomainError`` with every fault found, and what ``signers.assignments`` refuses: a signatory whom nobody
    knows is found before the document has a number. The draft then stays with its author. A document that was
    submitted before comes back as it is.
    """

    work: Workspace
    registry: Registry
    checks: Sequence[RecordCheck] = ()

    def __call__(self, document_id: str, actor: str) -> Document:
        with self.work.uow() as uow:
            document = uow.documents.get(document_id)
            if document.state in _PAST:
                return document
            instrument = self.registry.get(document.instrument)
            model = instrument.validate(document.data)
            faults = [*instrument.check(model), *(f for check in self.checks for f in check(uow, document))]
            if faults:
                raise DomainError.of(faults)
            assignments(uow, document, instrument.signatories(model), baku_date(self.work.clock.now()))
            submitted = document.moved(DocumentAction.SUBMIT)
            round_ = 1 + max((v.round for v in uow.visas.of_document(document_id)), default=0)
            for unit in instrument.visa_units:
                uow.visas.add(Visa(self.work.ids.new(), document_id, round_, unit))
            subject = ("document", document_id)
            self.work.record(uow, actor, Action.DOCUMENT_SUBMITTED, subject, {"round": round_})
            if not instrument.visa_units:
                submitted = submitted.moved(DocumentAction.APPROVE)
                self.work.record(uow, actor, Action.DOCUMENT_APPROVED, subject)
            saved = uow.documents.save(submitted)
            uow.commit()
        return saved
