"""Records that a document arrived, or came back (004 §5.1.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import baku_date
from doc_service.domain.dispatch import Delivery, DeliveryAction, DeliveryProof, DeliveryState, ProofKind
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.services.base import Workspace
from doc_service.services.dispatch.plan_deliveries import SUBJECT


@dataclass(frozen=True, slots=True)
class ProofGiven:
    """As in ``DeliveryProof``, before it is recorded."""

    kind: ProofKind
    reference: str
    received_by: str
    on: date


@dataclass(frozen=True, slots=True)
class ConfirmDelivery:
    """Raises "dispatch.proof_before_sending", "dispatch.proof_in_future", "state.not_allowed" for what was not sent.
    The same proof again changes nothing; another one is "dispatch.delivered_already"."""

    work: Workspace

    def __call__(self, delivery_id: str, given: ProofGiven, actor: str) -> Delivery:
        now = self.work.clock.now()
        with self.work.uow() as uow:
            delivery = uow.deliveries.get(delivery_id)
            proof = DeliveryProof(given.kind, given.reference, given.received_by, given.on, actor, now)
            if delivery.state is DeliveryState.DELIVERED and delivery.proof is not None:
                return _same(delivery, given)
            sent_on = baku_date(delivery.sent_at) if delivery.sent_at else given.on
            saved = uow.deliveries.save(delivery.confirmed(proof, sent_on, baku_date(now)))
            details = {
                "delivery": delivery_id,
                "proof": str(given.kind),
                "reference": given.reference,
                "on": given.on.isoformat(),
            }
            self.work.record(uow, actor, Action.DELIVERY_CONFIRMED, (SUBJECT, saved.document_id), details)
            uow.commit()
        return saved


@dataclass(frozen=True, slots=True)
class ReturnDelivery:
    """What was sent came back undelivered. Raises "dispatch.reason_required"."""

    work: Workspace

    def __call__(self, delivery_id: str, actor: str, reason: str) -> Delivery:
        if not reason.strip():
            raise DomainError("dispatch.reason_required", "reason")
        with self.work.uow() as uow:
            moved = uow.deliveries.get(delivery_id).moved(DeliveryAction.FAIL, reason=reason)
            saved = uow.deliveries.save(moved)
            details = {"delivery": delivery_id, "reason": reason, "attempt": saved.attempts}
            self.work.record(uow, actor, Action.DELIVERY_FAILED, (SUBJECT, saved.document_id), details)
            uow.commit()
        return saved


def _same(delivery: Delivery, given: ProofGiven) -> Delivery:
    proof = delivery.proof
    assert proof is not None
    if (proof.kind, proof.reference, proof.received_by, proof.on) == (
        given.kind, given.reference, given.received_by, given.on,
    ):  # fmt: skip
        return delivery
    raise ConflictError("dispatch.delivered_already", "", on=proof.on.isoformat())
