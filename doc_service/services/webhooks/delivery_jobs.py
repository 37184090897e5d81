"""The job that makes a delivery."""

from __future__ import annotations

from dataclasses import replace

from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.webhooks import Delivery, DeliveryAction
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace


def enqueue_delivery(work: Workspace, uow: UnitOfWork, delivery: Delivery) -> None:
    """In the open transaction; each round of a delivery is one job."""
    key = f"{JobKind.WEBHOOK}:{delivery.id}:{delivery.round}"
    uow.jobs.enqueue(Job(work.ids.new(), JobKind.WEBHOOK, key, work.clock.now(), {"delivery_id": delivery.id}))


def ask_for(work: Workspace, uow: UnitOfWork, delivery: Delivery) -> Delivery:
    """A new round: its time to be tried begins now."""
    again = delivery.moved(DeliveryAction.REDELIVER)
    fresh = replace(again, round=delivery.round + 1, asked_at=work.clock.now(), delivered_at=None)
    uow.webhooks.save_delivery(fresh)
    enqueue_delivery(work, uow, fresh)
    return fresh
