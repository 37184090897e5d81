"""Switches a subscription off and on, or ends it."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.webhooks import Delivery, DeliveryState, Webhook, WebhookAction, WebhookState
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.webhooks.delivery_jobs import ask_for

_RECORDED = {
    WebhookAction.ENABLE: Action.WEBHOOK_ENABLED,
    WebhookAction.DISABLE: Action.WEBHOOK_DISABLED,
    WebhookAction.REMOVE: Action.WEBHOOK_REMOVED,
}
_TARGET = {
    WebhookAction.ENABLE: WebhookState.ENABLED,
    WebhookAction.DISABLE: WebhookState.DISABLED,
    WebhookAction.REMOVE: WebhookState.REMOVED,
}
_PAGE = 500


@dataclass(frozen=True, slots=True)
class ChangeWebhook:
    """``enable``, ``disable`` or ``remove``; repeating one changes nothing. What waits is delivered once the
    subscription is enabled again; a removed one keeps its deliveries and loses its secrets."""

    work: Workspace

    def __call__(self, webhook_id: str, action: WebhookAction, actor: str) -> Webhook:
        """Raises ``NotFoundError`` "webhook.not_found", ``ConflictError`` "state.not_allowed"."""
        recorded = _RECORDED[action]
        with self.work.uow() as uow:
            webhook = uow.webhooks.get(webhook_id)
            if webhook.state is _TARGET[action]:
                return webhook
            gone = {"secret": "", "former_secret": ""} if action is WebhookAction.REMOVE else {}
            saved = uow.webhooks.save(webhook.moved(action, failing_since=None, **gone))
            self.work.record(uow, actor, recorded, ("webhook", webhook_id))
            if action is WebhookAction.ENABLE:
                self._resume(uow, webhook_id)
            uow.commit()
        return saved

    def _resume(self, uow: UnitOfWork, webhook_id: str) -> None:
        """Asks for what waits, the oldest first."""
        before = 0
        waiting: list[Delivery] = []
        while page := uow.webhooks.deliveries(webhook_id, state=DeliveryState.PENDING, before=before, limit=_PAGE):
            waiting += page
            before = page[-1].seq
        for delivery in reversed(waiting):
            ask_for(self.work, uow, delivery)
