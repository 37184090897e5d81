"""The secretariat withdraws a document before its last signature (004 §5.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import Document, DocumentAction, DocumentState
from doc_service.domain.signatures import UNFINISHED, RequestAction
from doc_service.services.base import Workspace
from doc_service.services.reasons import checked_reason
from doc_service.services.signing_steps import free_lease


@dataclass(frozen=True, slots=True)
class WithdrawDocument:
    """Every request that is not signed is withdrawn, and whoever is between prepare and complete comes too late. What
    was stored stays; the document, and with it each of its revisions, counts as withdrawn (``copy_kind``), and its
    number stays in the journal. Withdrawing again changes nothing.

    "state.not_allowed" after the last signature (then a later instrument annuls it); "withdraw.reason_required"."""

    work: Workspace

    def __call__(self, document_id: str, reason: str, actor: str) -> Document:
        said = checked_reason(reason, "withdraw.reason_required")
        with self.work.uow() as uow:
            document = uow.documents.get(document_id)
            if document.state is DocumentState.WITHDRAWN:
                return document
            before = document.state
            saved = uow.documents.save(replace(document.moved(DocumentAction.WITHDRAW), reason=said))
            requests = uow.signatures.of_document(document_id)
            for request in (r for r in requests if r.state in UNFINISHED):
                free_lease(self.work, uow, uow.signatures.save(request.moved(RequestAction.WITHDRAW)))
            signed = sum(r.state not in UNFINISHED for r in requests)
            details = {"state": str(before), "signatures": signed, "reason": said}
            self.work.record(uow, actor, Action.DOCUMENT_WITHDRAWN, ("document", document_id), details)
            uow.commit()
        return saved
