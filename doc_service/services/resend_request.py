"""The secretariat asks for one person to be reminded now.

The person is told again where to log in, and nothing else: no request has a link or a secret of its own, so there is
none that the secretariat could obtain, and only the person, authenticated, can act (``own_request``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from doc_service.domain.audit_events import Action, timestamp
from doc_service.domain.errors import ConflictError
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.signatures import ASKED, SignatureRequest
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.policy import SigningPolicy
from doc_service.services.signing_steps import being_signed

_TOLD = frozenset({Action.SIGNATURE_REMINDER_ASKED, Action.SIGNATURE_REMINDED})


@dataclass(frozen=True, slots=True)
class ResendRequest:
    """Asks for a reminder by a job; "remind.too_soon" when the person was reminded of this request, or a reminder was
    asked for, less than ``policy.remind_again`` ago. "state.not_allowed" unless it is the person's turn."""

    work: Workspace
    policy: SigningPolicy

    def __call__(self, request_id: str, actor: str) -> SignatureRequest:
        now = self.work.clock.now()
        with self.work.uow() as uow:
            request = uow.signatures.get(request_id)
            being_signed(uow.documents.get(request.document_id), "remind")
            if request.state not in ASKED:
                raise ConflictError(
                    "state.not_allowed", "", aggregate="signature_request", state=str(request.state), action="remind"
                )
            self._require_pause(uow, request, now)
            key = f"{JobKind.REMIND}:now:{request.id}:{timestamp(now)}"
            payload = {"signer_id": request.signer.id, "request_id": request.id}
            uow.jobs.enqueue(Job(self.work.ids.new(), JobKind.REMIND, key, now, payload))
            subject = ("document", request.document_id)
            self.work.record(uow, actor, Action.SIGNATURE_REMINDER_ASKED, subject, {"request": request.id})
            uow.commit()
        return request

    def _require_pause(self, uow: UnitOfWork, request: SignatureRequest, now: datetime) -> None:
        last = max(
            (
                e.at
                for e in uow.audit.of_subject("document", request.document_id)
                if e.action in _TOLD and e.details.get("request") == request.id
            ),
            default=None,
        )
        pause: timedelta = self.policy.remind_again
        if last is not None and now - last < pause:
            raise ConflictError("remind.too_soon", "", after=timestamp(last + pause))
