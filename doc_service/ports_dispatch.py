"""Where deliveries are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from doc_service.domain.dispatch import Delivery, DeliveryState
from doc_service.ports_queries import Page, Slice


class Deliveries(Protocol):
    """Delivery lists of documents; nothing is deleted, a line that is not to go is cancelled."""

    def add(self, delivery: Delivery) -> None:
        """``ConflictError`` "delivery.exists"."""
        ...

    def get(self, delivery_id: str) -> Delivery:
        """``NotFoundError`` "delivery.not_found"."""
        ...

    def save(self, delivery: Delivery) -> Delivery:
        """Optimistic: ``ConflictError`` "state.stale" when ``version`` is not the stored one. Returns version + 1."""
        ...

    def of_document(self, document_id: str) -> Sequence[Delivery]:
        """In the order of the list."""
        ...

    def sent_between(self, since: datetime, until: datetime) -> Sequence[Delivery]:
        """Given away from ``since`` on and before ``until``, in that order: the dispatch register of a time."""
        ...

    def page(self, page: Slice, *, state: DeliveryState | None = None) -> Page[Delivery]:
        """All, newest first."""
        ...
