"""Makes a delivery again, under its own id."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.webhooks import Delivery, WebhookState
from doc_service.services.base import Workspace
from doc_service.services.webhooks.delivery_jobs import ask_for


@dataclass(frozen=True, slots=True)
class Redeliver:
    """Raises ``NotFoundError`` "webhook.delivery_not_found" (also for a delivery of another subscription),
    ``ConflictError`` "webhook.not_enabled"."""

    work: Workspace

    def __call__(self, webhook_id: str, delivery_id: str, actor: str) -> Delivery:
        with self.work.uow() as uow:
            webhook = uow.webhooks.get(webhook_id)
            delivery = uow.webhooks.delivery(delivery_id)
            if delivery.webhook_id != webhook_id:
                raise NotFoundError("webhook.delivery_not_found", "id", id=delivery_id)
            if webhook.state is not WebhookState.ENABLED:
                raise ConflictError("webhook.not_enabled", "", state=str(webhook.state))
            again = ask_for(self.work, uow, delivery)
            details = {"delivery": delivery_id, "round": again.round}
            self.work.record(uow, actor, Action.WEBHOOK_REDELIVERED, ("webhook", webhook_id), details)
            uow.commit()
        return again
