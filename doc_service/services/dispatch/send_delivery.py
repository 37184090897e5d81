"""Sends what is on a delivery list: by e-mail through the outbox, on paper by the clerk's word (004 §5.1.8)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.dispatch import Channel, Delivery, DeliveryAction, DeliveryState
from doc_service.domain.document_copies import CopyKind, copy_kind
from doc_service.domain.documents import Document
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.jobs import Job, JobKind
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.dispatch.plan_deliveries import SUBJECT


@dataclass(frozen=True, slots=True)
class SendDelivery:
    """Only a document in force leaves ("document.not_final"). Paper needs the number of its sending
    ("dispatch.reference_required": postal or courier number; a document handed over has none). What is sent or queued
    already comes back as it is. A failed one is sent again."""

    work: Workspace

    def __call__(self, delivery_id: str, actor: str, reference: str = "") -> Delivery:
        now = self.work.clock.now()
        with self.work.uow() as uow:
            delivery = uow.deliveries.get(delivery_id)
            if delivery.state in (DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.DELIVERED):
                return delivery
            document = uow.documents.get(delivery.document_id)
            sha256 = self._final(document)
            if delivery.state is DeliveryState.FAILED:
                delivery = delivery.moved(DeliveryAction.RETRY)
            changes = {"reason": "", "sha256": sha256, "attempts": delivery.attempts + 1}
            if delivery.channel is Channel.MAIL:
                saved = uow.deliveries.save(delivery.moved(DeliveryAction.QUEUE, **changes, sent_by=actor))
                self._queue(uow, saved)
            else:
                if delivery.channel is not Channel.HAND and not reference.strip():
                    raise DomainError("dispatch.reference_required", "reference", channel=str(delivery.channel))
                sent = delivery.moved(
                    DeliveryAction.SEND, **changes, reference=reference.strip(), sent_at=now, sent_by=actor
                )
                saved = uow.deliveries.save(sent)
                self.work.record(uow, actor, Action.DELIVERY_SENT, (SUBJECT, saved.document_id), sent_details(saved))
            uow.commit()
        return saved

    @staticmethod
    def _final(document: Document) -> str:
        if copy_kind(document) is not CopyKind.FINAL or document.head is None:
            raise ConflictError("document.not_final", "", state=str(document.state))
        return document.head.sha256

    def _queue(self, uow: UnitOfWork, delivery: Delivery) -> None:
        payload = {"document_id": delivery.document_id, "delivery_id": delivery.id}
        key = f"{JobKind.DISPATCH}:{delivery.id}:{delivery.attempts}"
        uow.jobs.enqueue(Job(self.work.ids.new(), JobKind.DISPATCH, key, self.work.clock.now(), payload))


def sent_details(delivery: Delivery) -> dict[str, object]:
    """What the journal holds of a sending: nobody's name or address."""
    return {
        "delivery": delivery.id,
        "channel": str(delivery.channel),
        "reference": delivery.reference,
        "sha256": delivery.sha256,
        "attempt": delivery.attempts,
    }
