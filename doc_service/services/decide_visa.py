"""A unit grants its visa or returns the draft with a reason (004 §5.1.9–5.1.10)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import Document, DocumentAction
from doc_service.domain.errors import NotFoundError
from doc_service.domain.visas import VisaAction, VisaState
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class DecideVisa:
    """Applies one unit's decision to the current round; the last granted visa approves the document, a return sends
    it back at once. Granting what was granted already changes nothing."""

    work: Workspace

    def __call__(self, document_id: str, unit: str, action: VisaAction, actor: str, reason: str = "") -> Document:
        with self.work.uow() as uow:
            document = uow.documents.get(document_id)
            visas = uow.visas.of_document(document_id)
            current = [v for v in visas if v.round == max(w.round for w in visas)]
            visa = next((v for v in current if v.unit == unit), None)
            if visa is None:
                raise NotFoundError("visa.unit_not_asked", "unit", unit=unit)
            if visa.state is VisaState.GRANTED and action is VisaAction.GRANT:
                return document
            decided = visa.decide(action, actor, self.work.clock.now(), reason)
            uow.visas.save(decided)
            subject = ("document", document_id)
            if decided.state is VisaState.RETURNED:
                self.work.record(uow, actor, Action.DOCUMENT_RETURNED, subject, {"unit": unit, "reason": reason})
                document = uow.documents.save(document.moved(DocumentAction.RETURN))
            else:
                self.work.record(uow, actor, Action.VISA_GRANTED, subject, {"unit": unit, "round": visa.round})
                others = [v for v in current if v.id != visa.id]
                if all(v.state is VisaState.GRANTED for v in others):
                    document = uow.documents.save(document.moved(DocumentAction.APPROVE))
                    self.work.record(uow, actor, Action.DOCUMENT_APPROVED, subject)
            uow.commit()
        return document
