"""The secretariat puts a declined request to the person again (004 §5.1)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import ConflictError
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.services.base import Workspace
from doc_service.services.reasons import checked_reason
from doc_service.services.signing_steps import go_on


@dataclass(frozen=True, slots=True)
class ReopenRequest:
    """The person reads and decides afresh; signing goes on once nobody's refusal is left. ``reason``: why it is asked
    again, e.g. that the objection was met. "state.not_allowed" unless declined; "reopen.reason_required"."""

    work: Workspace

    def __call__(self, request_id: str, reason: str, actor: str) -> SignatureRequest:
        said = checked_reason(reason, "reopen.reason_required")
        with self.work.uow() as uow:
            request = uow.signatures.get(request_id)
            declined(request, "reopen")
            saved = uow.signatures.save(request.asked_again(self.work.clock.now()))
            details = {"request": request.id, "reason": said}
            self.work.record(uow, actor, Action.SIGNATURE_REOPENED, ("document", request.document_id), details)
            go_on(self.work, uow, uow.documents.get(request.document_id))
            uow.commit()
        return saved


def declined(request: SignatureRequest, action: str) -> None:
    """``ConflictError`` "state.not_allowed" unless the person has declined."""
    if request.state is not RequestState.DECLINED:
        raise ConflictError(
            "state.not_allowed", "", aggregate="signature_request", state=str(request.state), action=action
        )
