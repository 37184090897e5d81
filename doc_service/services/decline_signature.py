"""A person refuses to sign, with the reason (004 §5.1.9: nothing is issued without every needed signature)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import DocumentAction, DocumentState
from doc_service.domain.signatures import RequestAction, RequestState, SignatureRequest
from doc_service.services.base import Workspace
from doc_service.services.reasons import checked_reason
from doc_service.services.refusals import recorded
from doc_service.services.signing_steps import being_signed, free_lease, may_sign, own_request


@dataclass(frozen=True, slots=True)
class DeclineSignature:
    """The document is refused until the secretariat decides (``ReopenRequest``, ``GoOnWithout``, ``WithdrawDocument``);
    signatures made before stay. Others may decline, too, meanwhile. Declining again changes nothing.

    "signature.reason_required", "reason.too_long", and what ``may_sign`` refuses."""

    work: Workspace

    def __call__(self, request_id: str, reason: str, actor: str) -> SignatureRequest:
        with recorded(self.work, request_id, actor, "decline"):
            return self._decline(request_id, checked_reason(reason, "signature.reason_required"), actor)

    def _decline(self, request_id: str, reason: str, actor: str) -> SignatureRequest:
        with self.work.uow() as uow:
            request = uow.signatures.get(request_id)
            own_request(request, actor)
            if request.state is RequestState.DECLINED:
                return request
            may_sign(uow, request, actor, self.work.clock.now())
            document = uow.documents.get(request.document_id)
            if document.state is not DocumentState.REFUSED:
                being_signed(document, "decline")
            saved = uow.signatures.save(request.moved(RequestAction.DECLINE, reason=reason))
            free_lease(self.work, uow, saved)
            details = {"request": request.id, "reason": reason}
            self.work.record(uow, actor, Action.SIGNATURE_DECLINED, ("document", document.id), details)
            if document.state is DocumentState.SIGNING:
                uow.documents.save(document.moved(DocumentAction.REFUSE))
            uow.commit()
        return saved
