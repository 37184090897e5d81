"""What is subscribed, and how the deliveries went; without secrets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from doc_service.domain.webhooks import Delivery, DeliveryState, Webhook
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class ListWebhooks:
    work: Workspace

    def __call__(self) -> Sequence[Webhook]:
        """All but those removed, oldest first."""
        with self.work.uow.reading() as uow:
            return [_open(webhook) for webhook in uow.webhooks.list()]

    def one(self, webhook_id: str) -> Webhook:
        """Raises ``NotFoundError`` "webhook.not_found"."""
        with self.work.uow.reading() as uow:
            return _open(uow.webhooks.get(webhook_id))

    def deliveries(
        self, webhook_id: str, *, state: DeliveryState | None = None, before: int = 0, limit: int = 100
    ) -> Sequence[Delivery]:
        """Newest first, from ``before`` (a ``seq``) on. Raises ``NotFoundError`` "webhook.not_found"."""
        with self.work.uow.reading() as uow:
            uow.webhooks.get(webhook_id)
            return uow.webhooks.deliveries(webhook_id, state=state, before=before, limit=limit)


def _open(webhook: Webhook) -> Webhook:
    return replace(webhook, secret="", former_secret="")
