"""Takes an addressee off a delivery list; the line stays, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.dispatch import Delivery, DeliveryAction
from doc_service.domain.errors import DomainError
from doc_service.services.base import Workspace
from doc_service.services.dispatch.plan_deliveries import SUBJECT


@dataclass(frozen=True, slots=True)
class CancelDelivery:
    """A line that is not to go: not sent yet, or failed. Raises "dispatch.reason_required"."""

    work: Workspace

    def __call__(self, delivery_id: str, actor: str, reason: str) -> Delivery:
        if not reason.strip():
            raise DomainError("dispatch.reason_required", "reason")
        with self.work.uow() as uow:
            moved = uow.deliveries.get(delivery_id).moved(DeliveryAction.CANCEL, reason=reason)
            saved = uow.deliveries.save(moved)
            details = {"delivery": delivery_id, "reason": reason}
            self.work.record(uow, actor, Action.DELIVERY_CANCELLED, (SUBJECT, saved.document_id), details)
            uow.commit()
        return saved
