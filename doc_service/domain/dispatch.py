"""Dispatch: to whom a document goes, how, and what proves that it arrived (004 §5.1.8–5.1.9).

A document's delivery list is its deliveries. One is sent when somebody else has taken the document over, and delivered
when there is proof of it that the secretariat can show: what kind of proof, its number, its day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from doc_service.domain.errors import DomainError, Fault
from doc_service.domain.identifiers import check_email
from doc_service.domain.transitions import TransitionTable


class Channel(StrEnum):
    """``mail``: the signed file itself, by e-mail; the others are paper, or a handing over, that a clerk records."""

    MAIL = "mail"
    POST = "post"
    COURIER = "courier"
    HAND = "hand"


class DeliveryState(StrEnum):
    """``queued``: the mail waits for the mail server. ``failed``: refused or come back; it may be tried again."""

    PLANNED = "planned"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DeliveryAction(StrEnum):
    QUEUE = "queue"
    SEND = "send"
    CONFIRM = "confirm"
    FAIL = "fail"
    RETRY = "retry"
    CANCEL = "cancel"


_S, _A = DeliveryState, DeliveryAction

DELIVERY_TRANSITIONS: TransitionTable[DeliveryState, DeliveryAction] = TransitionTable(
    "delivery",
    {
        (_S.PLANNED, _A.QUEUE): _S.QUEUED,
        (_S.PLANNED, _A.SEND): _S.SENT,
        (_S.QUEUED, _A.SEND): _S.SENT,
        (_S.QUEUED, _A.FAIL): _S.FAILED,
        (_S.SENT, _A.CONFIRM): _S.DELIVERED,
        (_S.SENT, _A.FAIL): _S.FAILED,
        (_S.FAILED, _A.RETRY): _S.PLANNED,
        (_S.PLANNED, _A.CANCEL): _S.CANCELLED,
        (_S.FAILED, _A.CANCEL): _S.CANCELLED,
    },
)


class ProofKind(StrEnum):
    """What proves the delivery: the addressee's incoming number, a signature in the delivery book, the postal notice,
    or the addressee's written answer."""

    INCOMING_NUMBER = "incoming_number"
    SIGNATURE = "signature"
    POSTAL_NOTICE = "postal_notice"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Addressee:
    """``name``: organisation or person as addressed; ``address``: postal address, or the e-mail address of ``mail``."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class DeliveryProof:
    """``reference``: its number; ``received_by``: who took it over, as written there; ``on``: the day (Baku).
    ``recorded_by``/``recorded_at``: who put it down here."""

    kind: ProofKind
    reference: str
    received_by: str
    on: date
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One line of a delivery list. ``reference``: what names the sending (postal number, mail id); ``reason``: why it
    failed or was cancelled; ``attempts``: how often it was given away; ``sha256``: of the file that was sent."""

    id: str
    document_id: str
    channel: Channel
    addressee: Addressee
    planned_at: datetime
    planned_by: str
    state: DeliveryState = DeliveryState.PLANNED
    sent_at: datetime | None = None
    sent_by: str = ""
    reference: str = ""
    sha256: str = ""
    proof: DeliveryProof | None = None
    reason: str = ""
    attempts: int = 0
    version: int = 0

    def moved(self, action: DeliveryAction, **changes: Any) -> Delivery:
        """The delivery after ``action``; raises ``ConflictError`` "state.not_allowed"."""
        return replace(self, state=DELIVERY_TRANSITIONS.next(self.state, action), **changes)

    def confirmed(self, proof: DeliveryProof, sent_on: date, today: date) -> Delivery:
        """Delivered by ``proof``. Raises "dispatch.proof_before_sending", "dispatch.proof_in_future"."""
        if proof.on < sent_on:
            params = {"on": proof.on.isoformat(), "sent_on": sent_on.isoformat()}
            raise DomainError("dispatch.proof_before_sending", "on", **params)
        if proof.on > today:
            raise DomainError("dispatch.proof_in_future", "on", on=proof.on.isoformat())
        return self.moved(DeliveryAction.CONFIRM, proof=proof)


def addressee_faults(channel: Channel, addressee: Addressee, field: str = "addressee") -> tuple[Fault, ...]:
    """ "dispatch.address_missing": paper needs a postal address and mail an e-mail address; "person.bad_email". A
    document that is handed over needs no address (004 §5.1.10)."""
    if channel is not Channel.HAND and not addressee.address.strip():
        return (Fault("dispatch.address_missing", f"{field}.address", {"channel": str(channel)}),)
    return check_email(addressee.address, f"{field}.address") if channel is Channel.MAIL else ()
