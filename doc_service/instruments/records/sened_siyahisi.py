"""``sened-siyahisi``: the list of documents, or the register of what was dispatched in a time (004 §5.1.8).

Both are one form: a numbered list that the secretary signs. A dispatch register also says to whom, how and when each
document went, and what proves that it arrived.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from doc_service.domain.bodies import Body
from doc_service.domain.civil_time import baku_date
from doc_service.domain.dispatch import Channel, Delivery, DeliveryState, ProofKind
from doc_service.domain.documents import Document, Registration
from doc_service.domain.errors import Fault
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.fields import Line, OptionalLine, Sha256, Strict
from doc_service.instruments.people_data import BodyData, PersonData, body_dict, person_dict
from doc_service.instruments.samples.dispatch import dispatch_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import counted, day_text, heading, secretary_label


class ListKind(StrEnum):
    """``documents``: sənədlərin siyahısı; ``dispatch``: göndərilmə reyestri."""

    DOCUMENTS = "documents"
    DISPATCH = "dispatch"


class DispatchedData(Strict):
    """To whom, how and when; ``proof`` empty while there is none."""

    addressee: Line = Field(title="Kimə göndərilib")
    channel: Channel = Field(title="Göndərilmə üsulu", description="elektron poçt, poçt, kuryer və ya əldən")
    reference: OptionalLine = Field(default="", title="Göndərişin nömrəsi")
    sent_on: date = Field(strict=False, title="Göndərilmə tarixi")
    proof: OptionalLine = Field(default="", title="Çatdırılmanın təsdiqi")
    delivered_on: date | None = Field(default=None, strict=False, title="Çatdırılma tarixi")


class ListedData(Strict):
    """One document of the list."""

    number: Line = Field(title="Sənədin nömrəsi")
    dated: date = Field(strict=False, title="Sənədin tarixi")
    title: Line = Field(title="Sənədin adı")
    sha256: Sha256 | None = Field(default=None, title="Faylın SHA-256 nəzarət cəmi")
    dispatched: DispatchedData | None = Field(default=None, title="Göndərilmə")


class DocumentListData(Strict):
    """A list over a time; ``since`` and ``until`` are both part of it."""

    body: BodyData = Field(title="Kollegial orqan")
    secretary: PersonData = Field(title="Katib")
    kind: ListKind = Field(title="Siyahının növü", description="sənədlərin siyahısı və ya göndərilmə reyestri")
    since: date = Field(strict=False, title="Dövrün əvvəli")
    until: date = Field(strict=False, title="Dövrün sonu")
    documents: tuple[ListedData, ...] = Field(max_length=5_000, title="Sənədlər")


@dataclass(frozen=True, kw_only=True)
class SenedSiyahisi(Instrument[DocumentListData]):
    def dispatch_register(
        self, body: Body, since: date, until: date, sent: Sequence[tuple[Document, Delivery]], contact: str = ""
    ) -> dict[str, Any]:
        """The register of a time, from the deliveries that were sent in it, in their order."""
        return {
            "body": body_dict(body, contact),
            "secretary": person_dict(body.secretary),
            "kind": str(ListKind.DISPATCH),
            "since": since.isoformat(),
            "until": until.isoformat(),
            "documents": [_listed(document, delivery) for document, delivery in sent],
        }

    def check(self, data: DocumentListData) -> tuple[Fault, ...]:
        """The time is no empty one; a dispatch register names the dispatch of each document, inside its time; nothing
        arrives before it was sent (004 §5.1.8)."""
        return tuple(_faults(data))

    def signatories(self, data: DocumentListData) -> tuple[Signatory, ...]:
        """The secretary (004 §5.1.8)."""
        label = secretary_label(data.body)
        return (Signatory(field=field_name(1), order=1, person_id=data.secretary.id, role_label=label),)

    def context(
        self, data: DocumentListData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {data.secretary.id: data.secretary.to_domain()}
        return {
            **heading(data.body, registration),
            "caption": _CAPTIONS[data.kind],
            "period": f"{day_text(data.since)} – {day_text(data.until)}",
            "dispatch": data.kind is ListKind.DISPATCH,
            "documents": [_row(number, listed) for number, listed in enumerate(data.documents, 1)],
            "total": counted(len(data.documents)),
            "delivered": counted(sum(1 for d in data.documents if d.dispatched and d.dispatched.delivered_on)),
            "signatory": signature_rows(self.signatories(data), people, stand_ins)[0],
        }

    def sample(self) -> dict[str, Any]:
        return dispatch_sample()


def sened_siyahisi() -> SenedSiyahisi:
    """The instrument of 004 §5.1.8."""
    return SenedSiyahisi(
        model=DocumentListData,
        id="sened-siyahisi",
        title_az="Sənədlərin siyahısı (göndərilmə reyestri)",
        title_en="List of documents (dispatch register)",
        template="sened-siyahisi.v1",
        journal="SS",
        journal_title="Sənədlərin siyahılarının və göndərilmə reyestrlərinin qeydiyyatı jurnalı",
        case_index="KQ-09",
        sources=("004 §5.1.8", "004 §5.1.9"),
    )


_CAPTIONS: Final = {ListKind.DOCUMENTS: "SƏNƏDLƏRİN SİYAHISI", ListKind.DISPATCH: "GÖNDƏRİLMƏ REYESTRİ"}
_CHANNELS: Final = {
    Channel.MAIL: "elektron poçt",
    Channel.POST: "poçt",
    Channel.COURIER: "kuryer",
    Channel.HAND: "əldən",
}
_PROOFS: Final = {
    ProofKind.INCOMING_NUMBER: "daxilolma nömrəsi",
    ProofKind.SIGNATURE: "imza ilə qəbul",
    ProofKind.POSTAL_NOTICE: "poçt bildirişi",
    ProofKind.ANSWER: "cavab məktubu",
}


def _faults(data: DocumentListData) -> Iterator[Fault]:
    if data.until < data.since:
        yield Fault("list.time_reversed", "until", {"since": data.since.isoformat(), "until": data.until.isoformat()})
    for place, listed in enumerate(data.documents):
        sent, field = listed.dispatched, f"documents[{place}].dispatched"
        if (sent is not None) != (data.kind is ListKind.DISPATCH):
            code = "list.dispatch_unexpected" if sent else "list.dispatch_missing"
            yield Fault(code, field, {"number": listed.number})
        if sent is None:
            continue
        if not data.since <= sent.sent_on <= data.until:
            yield Fault("list.outside_time", f"{field}.sent_on", {"day": sent.sent_on.isoformat()})
        if sent.sent_on < listed.dated:
            days = {"day": sent.sent_on.isoformat(), "dated": listed.dated.isoformat()}
            yield Fault("list.sent_before_document", f"{field}.sent_on", days)
        if sent.delivered_on is not None and sent.delivered_on < sent.sent_on:
            days = {"on": sent.delivered_on.isoformat(), "sent_on": sent.sent_on.isoformat()}
            yield Fault("dispatch.proof_before_sending", f"{field}.delivered_on", days)


def _row(number: int, listed: ListedData) -> dict[str, Any]:
    sent = listed.dispatched
    return {
        "no": number,
        "number": listed.number,
        "date": f"{listed.dated:%d.%m.%Y}",
        "title": listed.title,
        "sha256": listed.sha256 or "",
        "addressee": sent.addressee if sent else "",
        "channel": _CHANNELS[sent.channel] if sent else "",
        "reference": sent.reference if sent else "",
        "sent": f"{sent.sent_on:%d.%m.%Y}" if sent else "",
        "proof": sent.proof if sent else "",
        "delivered": f"{sent.delivered_on:%d.%m.%Y}" if sent and sent.delivered_on else "",
    }


def _listed(document: Document, delivery: Delivery) -> dict[str, Any]:
    assert document.registration is not None
    assert delivery.sent_at is not None
    proof = delivery.proof if delivery.state is DeliveryState.DELIVERED else None
    return {
        "number": document.registration.number,
        "dated": document.registration.registered_on.isoformat(),
        "title": document.title,
        "sha256": delivery.sha256 or None,
        "dispatched": {
            "addressee": delivery.addressee.name,
            "channel": str(delivery.channel),
            "reference": "" if delivery.channel is Channel.MAIL else delivery.reference,
            "sent_on": baku_date(delivery.sent_at).isoformat(),
            "proof": f"{_PROOFS[proof.kind]}: {proof.reference}, {proof.received_by}" if proof else "",
            "delivered_on": proof.on.isoformat() if proof else None,
        },
    }
