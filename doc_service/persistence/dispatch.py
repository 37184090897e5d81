"""Delivery lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from doc_service.domain.dispatch import Delivery, DeliveryState
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.keyset import fetch
from doc_service.persistence.tables_dispatch import deliveries
from doc_service.ports_queries import Page, Slice

_DELIVERY = Codec(Delivery)


class SqlDeliveries:
    """``doc_service.ports_dispatch.Deliveries``. Changes are guarded by versions; nothing is locked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, delivery: Delivery) -> None:
        row = {"id": delivery.id, "document_id": delivery.document_id, **_row(delivery)}
        if not insert_new(self._connection, deliveries, row):
            raise ConflictError("delivery.exists", "id", id=delivery.id)

    def get(self, delivery_id: str) -> Delivery:
        text = self._connection.scalar(select(deliveries.c.body).where(deliveries.c.id == delivery_id))
        if text is None:
            raise NotFoundError("delivery.not_found", "id", id=delivery_id)
        return _DELIVERY.decode(text)

    def save(self, delivery: Delivery) -> Delivery:
        saved = replace(delivery, version=delivery.version + 1)
        own = (deliveries.c.id == delivery.id, deliveries.c.version == delivery.version)
        if self._connection.execute(update(deliveries).where(*own).values(_row(saved))).rowcount != 1:
            self.get(delivery.id)
            raise ConflictError("state.stale", "version", aggregate="delivery", id=delivery.id)
        return saved

    def of_document(self, document_id: str) -> Sequence[Delivery]:
        query = select(deliveries.c.body).where(deliveries.c.document_id == document_id).order_by(deliveries.c.rowno)
        return [_DELIVERY.decode(text) for text in self._connection.scalars(query)]

    def sent_between(self, since: datetime, until: datetime) -> Sequence[Delivery]:
        within = (deliveries.c.sent_at >= since, deliveries.c.sent_at < until)
        query = select(deliveries.c.body).where(*within).order_by(deliveries.c.sent_at, deliveries.c.rowno)
        return [_DELIVERY.decode(text) for text in self._connection.scalars(query)]

    def page(self, page: Slice, *, state: DeliveryState | None = None) -> Page[Delivery]:
        query = select(deliveries.c.body, deliveries.c.rowno)
        if state is not None:
            query = query.where(deliveries.c.state == str(state))
        return fetch(self._connection, query, [deliveries.c.rowno], page, lambda row: _DELIVERY.decode(row.body))


def _row(delivery: Delivery) -> dict[str, object]:
    return {
        "state": str(delivery.state),
        "sent_at": delivery.sent_at,
        "version": delivery.version,
        "body": _DELIVERY.encode(delivery),
    }
