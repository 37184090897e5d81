"""Delivery lists as the API takes and shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from doc_service.api.v1.schemas.common import Input, View
from doc_service.domain.dispatch import Addressee, Channel, Delivery, DeliveryState, ProofKind
from doc_service.instruments.fields import Identifier, Line, OptionalLine
from doc_service.services.dispatch.confirm_delivery import ProofGiven
from doc_service.services.dispatch.plan_deliveries import Line as Planned


class AddresseeInput(Input):
    name: Line
    address: OptionalLine = ""


class DeliveryInput(Input):
    """One line of the list; ``address`` is the e-mail address of "mail" and may be empty for "hand" alone."""

    channel: Channel
    addressee: AddresseeInput


class DeliveriesInput(Input):
    """Lines to add to the list."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "deliveries": [
                        {
                            "channel": "mail",
                            "addressee": {"name": "Dövlət Gömrük Komitəsi", "address": "kargüzarlıq@gomruk.example"},
                        },
                        {"channel": "hand", "addressee": {"name": "Aparat", "address": ""}},
                    ]
                }
            ]
        }
    )

    deliveries: Annotated[list[DeliveryInput], Field(min_length=1, max_length=500)]

    def lines(self) -> list[Planned]:
        return [Planned(d.channel, Addressee(d.addressee.name, d.addressee.address)) for d in self.deliveries]


class SendingInput(Input):
    """``reference``: the postal or courier number; mail and handing over have none."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reference": "RR104523871AZ"}]})

    reference: OptionalLine = ""


class ProofInput(Input):
    """What proves that the document arrived."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "incoming_number", "reference": "14-2/9921", "received_by": "Ümumi şöbə", "on": "2026-11-24"}
            ]
        }
    )

    kind: ProofKind
    reference: Line
    received_by: Line
    on: date

    def given(self) -> ProofGiven:
        return ProofGiven(self.kind, self.reference, self.received_by, self.on)


class ReasonInput(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Ünvan sahibi göstərilən ünvanda deyil"}]})

    reason: OptionalLine


class RegisterInput(Input):
    """The time of a dispatch register; both days are part of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"body_id": "koordinasiya-qrupu", "since": "2026-11-01", "until": "2026-11-30"}]
        }
    )

    id: Identifier | None = None
    body_id: Identifier
    since: date
    until: date


class ProofView(View):
    kind: ProofKind
    reference: str
    received_by: str
    on: date
    recorded_by: str
    recorded_at: datetime


class DeliveryView(View):
    """``sha256``: of the file that was sent; ``reason``: a code, or the clerk's words."""

    id: str
    document_id: str
    channel: Channel
    addressee: str
    address: str
    state: DeliveryState
    planned_at: datetime
    sent_at: datetime | None
    reference: str
    sha256: str
    attempts: int
    proof: ProofView | None
    reason: str
    version: int


class DeliveriesView(View):
    """A delivery list in its order."""

    items: list[DeliveryView]


def delivery_view(delivery: Delivery) -> DeliveryView:
    proof = delivery.proof
    return DeliveryView(
        id=delivery.id,
        document_id=delivery.document_id,
        channel=delivery.channel,
        addressee=delivery.addressee.name,
        address=delivery.addressee.address,
        state=delivery.state,
        planned_at=delivery.planned_at,
        sent_at=delivery.sent_at,
        reference=delivery.reference,
        sha256=delivery.sha256,
        attempts=delivery.attempts,
        proof=None
        if proof is None
        else ProofView(
            kind=proof.kind,
            reference=proof.reference,
            received_by=proof.received_by,
            on=proof.on,
            recorded_by=proof.recorded_by,
            recorded_at=proof.recorded_at,
        ),
        reason=delivery.reason,
        version=delivery.version,
    )
