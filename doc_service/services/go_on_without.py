"""The secretariat goes on without somebody who declined, where the instrument's rules allow it (004 §5.1)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import ConflictError
from doc_service.domain.signatures import RequestAction, SignatureRequest
from doc_service.instruments.registry import Registry
from doc_service.services.base import Workspace
from doc_service.services.reasons import checked_reason
from doc_service.services.reopen_request import declined
from doc_service.services.signing_steps import go_on


@dataclass(frozen=True, slots=True)
class GoOnWithout:
    """The declined request is withdrawn, its field stays empty, and the others sign on.

    "signing.needs_everybody" when the instrument does not stand without this signature (``Instrument.may_lack``, which
    the unsigned original declares inside, so that verifying it agrees); "state.not_allowed" unless declined;
    "go_on.reason_required"."""

    work: Workspace
    registry: Registry

    def __call__(self, request_id: str, reason: str, actor: str) -> SignatureRequest:
        said = checked_reason(reason, "go_on.reason_required")
        with self.work.uow() as uow:
            request = uow.signatures.get(request_id)
            declined(request, "withdraw")
            document = uow.documents.get(request.document_id)
            instrument = self.registry.get(document.instrument)
            if request.field not in instrument.may_lack(instrument.validate(document.data)):
                raise ConflictError("signing.needs_everybody", "", instrument=instrument.id)
            saved = uow.signatures.save(request.moved(RequestAction.WITHDRAW))
            details = {"request": request.id, "reason": said}
            self.work.record(uow, actor, Action.SIGNATURE_LEFT_OUT, ("document", document.id), details)
            go_on(self.work, uow, document)
            uow.commit()
        return saved
