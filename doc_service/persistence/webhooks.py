"""Webhook subscriptions, and deliveries in their own order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.webhooks import Delivery, DeliveryState, Webhook, WebhookState
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.stale import require_updated
from doc_service.persistence.tables_notify import webhook_deliveries, webhooks

_WEBHOOK = Codec(Webhook)
_DELIVERY = Codec(Delivery)


class SqlWebhooks:
    """``doc_service.ports_notify.Webhooks``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, webhook: Webhook) -> None:
        if not insert_new(self._connection, webhooks, {"id": webhook.id, **_row(webhook)}):
            raise ConflictError("webhook.exists", "id", id=webhook.id)

    def get(self, webhook_id: str) -> Webhook:
        query = self._locks.exclusive(select(webhooks.c.body).where(webhooks.c.id == webhook_id))
        text = self._connection.scalar(query)
        if text is None:
            raise NotFoundError("webhook.not_found", "id", id=webhook_id)
        return _WEBHOOK.decode(text)

    def save(self, webhook: Webhook) -> Webhook:
        saved = replace(webhook, version=webhook.version + 1)
        rows = webhooks.c
        of_this = (rows.id == webhook.id) & (rows.version == webhook.version)
        changed = self._connection.execute(update(webhooks).where(of_this).values(_row(saved)))
        require_updated(self._connection, webhooks, "webhook", webhook.id, changed.rowcount)
        return saved

    def list(self) -> Sequence[Webhook]:
        return self._webhooks(webhooks.c.state != str(WebhookState.REMOVED))

    def enabled(self) -> Sequence[Webhook]:
        return self._webhooks(webhooks.c.state == str(WebhookState.ENABLED))

    def next_seq(self, webhook_id: str) -> int:
        self._locks.name("deliveries of", webhook_id)
        query = select(func.max(webhook_deliveries.c.seq)).where(webhook_deliveries.c.webhook_id == webhook_id)
        return 1 + (self._connection.scalar(query) or 0)

    def has_delivery(self, webhook_id: str, event_id: str) -> bool:
        rows = webhook_deliveries.c
        query = select(rows.id).where(rows.webhook_id == webhook_id, rows.event_id == event_id)
        return self._connection.scalar(query) is not None

    def add_delivery(self, delivery: Delivery) -> bool:
        """Raises ``DomainError`` "persistence.unknown_reference" without subscription."""
        row = {
            "id": delivery.id,
            "webhook_id": delivery.webhook_id,
            "seq": delivery.seq,
            "event_id": delivery.event_id,
            "created_at": delivery.created_at,
            "state": str(delivery.state),
            "body": _DELIVERY.encode(delivery),
        }
        return insert_new(self._connection, webhook_deliveries, row)

    def delivery(self, delivery_id: str) -> Delivery:
        query = self._locks.exclusive(select(webhook_deliveries.c.body).where(webhook_deliveries.c.id == delivery_id))
        text = self._connection.scalar(query)
        if text is None:
            raise NotFoundError("webhook.delivery_not_found", "id", id=delivery_id)
        return _DELIVERY.decode(text)

    def save_delivery(self, delivery: Delivery) -> None:
        values = {"state": str(delivery.state), "body": _DELIVERY.encode(delivery)}
        self._connection.execute(
            update(webhook_deliveries).where(webhook_deliveries.c.id == delivery.id).values(values)
        )

    def deliveries(
        self, webhook_id: str, *, state: DeliveryState | None = None, before: int = 0, limit: int = 100
    ) -> Sequence[Delivery]:
        rows = webhook_deliveries.c
        query = select(rows.body).where(rows.webhook_id == webhook_id)
        if state is not None:
            query = query.where(rows.state == str(state))
        if before:
            query = query.where(rows.seq < before)
        found = self._connection.scalars(query.order_by(rows.seq.desc()).limit(max(limit, 0)))
        return [_DELIVERY.decode(text) for text in found]

    def _webhooks(self, which: ColumnElement[bool]) -> Sequence[Webhook]:
        query = select(webhooks.c.body).where(which).order_by(webhooks.c.rowno)
        return [_WEBHOOK.decode(text) for text in self._connection.scalars(query)]


def _row(webhook: Webhook) -> dict[str, Any]:
    return {"state": str(webhook.state), "version": webhook.version, "body": _WEBHOOK.encode(webhook)}
