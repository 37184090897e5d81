"""``kq-cixaris``: an extract of chosen items of a signed protocol, certified by the secretariat's seal (004 §5.1.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from pydantic import AwareDatetime, Field

from doc_service.domain.bodies import BodyRules
from doc_service.domain.civil_time import BAKU
from doc_service.domain.copies import CopyForm
from doc_service.domain.documents import Registration
from doc_service.domain.errors import DomainError, Fault
from doc_service.domain.identifiers import check_voen
from doc_service.domain.people import Person
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.fields import Line, Number, OptionalLine, OptionalProse, Strict
from doc_service.instruments.group.protocol_items import (
    ItemAct,
    SourceMeeting,
    SourceProtocol,
    Taken,
    act_context,
    act_data,
    act_faults,
    meeting_context,
    meeting_data,
    sitting_of,
    source_data,
    taken,
)
from doc_service.instruments.kq_protokol import wrong_body
from doc_service.instruments.people_data import BodyData, PersonData, person_dict
from doc_service.instruments.protocol_text import Sitting
from doc_service.instruments.samples.group_extract import extract_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import MEETING_KINDS, cited, day_text, heading, paragraphs, secretary_label

CERTIFIED: Final = "Əsli ilə düzdür"


@dataclass(frozen=True, slots=True)
class SealOwner:
    """The organisation whose seal certifies the extract: the one whose unit is the secretariat (001 §5.5)."""

    name: str
    voen: str


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Who signed the original and when, as printed; ``in_place_of``: the absent person's name."""

    name: str
    role: str
    signed_at: datetime
    in_place_of: str = ""


class ExtractItem(Strict):
    """One agenda item as the protocol has it. ``restricted``: its information is restricted by law (001 §5.6.3)."""

    number: Number = Field(title="Gündəlikdəki məsələnin nömrəsi")
    title: Line = Field(title="Məsələ")
    reporter: Line = Field(title="Məruzəçi", description="001 §5.9.3")
    restricted: bool = Field(default=False, title="Məhdudlaşdırılan məlumat", description="001 §5.6.3")
    discussion: OptionalProse = Field(default="", title="Müzakirənin xülasəsi")
    act: ItemAct | None = Field(default=None, title="Akt")
    addressee: OptionalLine = Field(default="", title="Ünvanlandığı orqan (qurum)")
    responsible: OptionalLine = Field(default="", title="Məsul icraçı")
    term: date | None = Field(default=None, title="İcra müddəti")


class OriginalSignature(Strict):
    name: Line = Field(title="İmzalayanın soyadı, adı, atasının adı")
    role: Line = Field(title="İmzalayanın sifəti")
    in_place_of: OptionalLine = Field(default="", title="Kimin əvəzinə")
    signed_at: AwareDatetime = Field(title="İmzanın vaxtı")


class SealData(Strict):
    name: Line = Field(title="Möhürün sahibi olan təşkilat")
    voen: Line = Field(title="Təşkilatın VÖEN-i")


class VerificationData(Strict):
    """Where anybody may ask whether the extract is what it says (004 §5.1.3)."""

    address: Line = Field(title="Yoxlama ünvanı")
    code: OptionalLine = Field(default="", title="Yoxlama kodu")


class ExtractData(Strict):
    """The chosen items with number, date and digest of the protocol that they were taken from (004 §5.1.3)."""

    form: CopyForm = Field(default=CopyForm.ELECTRONIC, title="Çıxarışın forması", description="elektron və ya kağız")
    body: BodyData = Field(title="Kollegial orqan")
    protocol: SourceProtocol = Field(title="Protokol")
    meeting: SourceMeeting = Field(title="İclas")
    items: tuple[ExtractItem, ...] = Field(min_length=1, max_length=200, title="Çıxarışa daxil edilən məsələlər")
    signatures: tuple[OriginalSignature, ...] = Field(
        default=(), max_length=500, title="Protokolu imzalayanlar", description="Əslin imzaları və onların vaxtı"
    )
    certifier: PersonData = Field(title="Çıxarışı təsdiq edən şəxs", description="Möhürə cavabdeh şəxs")
    seal: SealData = Field(title="Möhür")
    recipient: OptionalLine = Field(default="", title="Kimə verilir")
    purpose: OptionalLine = Field(default="", title="Verilmə məqsədi")
    verification: VerificationData | None = Field(default=None, title="Yoxlama", description="QR kodun ünvanı və kod")


@dataclass(frozen=True, kw_only=True)
class KqCixaris(Instrument[ExtractData]):
    """The electronic extract is sealed; the one for paper carries no electronic signature and claims none: it is signed
    and stamped by hand, and its code leads to the public check."""

    rules: Mapping[str, BodyRules]

    def from_protocol(
        self,
        protocol: Mapping[str, Any],
        registration: Registration,
        sha256: str,
        item_numbers: Sequence[int],
        *,
        certifier: Person,
        seal: SealOwner,
        signatures: Sequence[SignedBy] = (),
        recipient: str = "",
        purpose: str = "",
        address: str = "",
        code: str = "",
        restricted: bool = False,
        form: CopyForm = CopyForm.ELECTRONIC,
    ) -> dict[str, Any]:
        """The extract of these items, from a signed protocol's data and the digest of its signed file.

        ``address``, ``code``: where it can be checked ("": nowhere). ``restricted``: whoever asks may have restricted
        items. Raises ``DomainError``: "extract.no_items",
        "act.no_such_item", "extract.restricted"; the protocol's own ``data.*`` faults."""
        if not item_numbers:
            raise DomainError("extract.no_items", "items")
        sitting = sitting_of(self.rules, protocol)
        chosen = taken(sitting, item_numbers)
        hidden = [t.point.number for t in chosen if t.point.restricted]
        if hidden and not restricted:
            raise DomainError("extract.restricted", "items", numbers=", ".join(map(str, hidden)))
        return {
            "form": str(form),
            "body": sitting.data.body.model_dump(mode="json"),
            "protocol": source_data(registration, sha256),
            "meeting": meeting_data(sitting),
            "items": [_item(sitting, t) for t in chosen],
            "signatures": [
                {"name": s.name, "role": s.role, "in_place_of": s.in_place_of, "signed_at": s.signed_at.isoformat()}
                for s in signatures
            ],
            "certifier": person_dict(certifier),
            "seal": {"name": seal.name, "voen": seal.voen},
            "recipient": recipient,
            "purpose": purpose,
            "verification": {"address": address, "code": code} if address else None,
        }

    def check(self, data: ExtractData) -> tuple[Fault, ...]:
        """Votes add up and give the outcome stated (001 §5.9.4); items once each; the seal has a VÖEN."""
        return wrong_body(data.body) or tuple(self._faults(data))

    def _faults(self, data: ExtractData) -> Iterator[Fault]:
        yield from act_faults([i.act for i in data.items], data.meeting.attending, "items")
        yield from check_voen(data.seal.voen, "seal.voen")
        if data.form is CopyForm.PAPER and not (data.verification and data.verification.code):
            yield Fault("extract.paper_unchecked", "verification")
        seen: set[int] = set()
        for index, item in enumerate(data.items):
            if item.number in seen:
                yield Fault("extract.item_repeated", f"items[{index}].number", {"number": item.number})
            seen.add(item.number)
        if data.meeting.attending > data.meeting.members:
            params = {"attending": data.meeting.attending, "members": data.meeting.members}
            yield Fault("extract.attending", "meeting.attending", params)
        if data.protocol.registered_on < data.meeting.held_on:
            days = {
                "registered_on": data.protocol.registered_on.isoformat(),
                "held_on": data.meeting.held_on.isoformat(),
            }
            yield Fault("act.protocol_before_meeting", "protocol.registered_on", days)

    def signatories(self, data: ExtractData) -> tuple[Signatory, ...]:
        """The secretariat's seal (004 §5.1.3); nobody on paper."""
        if data.form is CopyForm.PAPER:
            return ()
        return (
            Signatory(
                field=field_name(1),
                order=1,
                person_id=data.certifier.id,
                role_label=data.seal.name,
                seal_voen=data.seal.voen,
            ),
        )

    def context(
        self, data: ExtractData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {data.certifier.id: data.certifier.to_domain()}
        rows = signature_rows(self.signatories(data), people, stand_ins)
        return {
            **heading(data.body, registration),
            "source": {
                "protocol": f"{cited(data.protocol.registered_on, data.protocol.number)} protokol",
                "sha256": data.protocol.sha256,
            },
            "meeting": meeting_context(data.meeting, MEETING_KINDS),
            "items": [_item_context(i) for i in data.items],
            "signatures": [_signature(n, s) for n, s in enumerate(data.signatures, 1)],
            "certified": _certified(data),
            "recipient": data.recipient,
            "purpose": data.purpose,
            "verification": data.verification and data.verification.model_dump(),
            "signatory": rows[0] if rows else None,
        }

    def sample(self) -> dict[str, Any]:
        return extract_sample()


def kq_cixaris(rules: Mapping[str, BodyRules]) -> KqCixaris:
    """The instrument of 004 §5.1.3."""
    return KqCixaris(
        model=ExtractData,
        id="kq-cixaris",
        title_az="Protokoldan çıxarış",
        title_en="Extract of a protocol",
        template="kq-cixaris.v1",
        journal="KQ-CX",
        journal_title="Protokollardan çıxarışların qeydiyyatı jurnalı",
        case_index="KQ-08",
        sources=("004 §5.1.3", "001 §5.6.8", "001 §5.6.9"),
        rules=rules,
    )


def _item(sitting: Sitting, found: Taken) -> dict[str, Any]:
    point, item = found.point, found.item
    return {
        "number": point.number,
        "title": point.title,
        "reporter": sitting.names()[point.reporter_id].full,
        "restricted": point.restricted,
        "discussion": item.discussion,
        "act": act_data(sitting, item),
        "addressee": item.addressee,
        "responsible": item.responsible,
        "term": item.term.isoformat() if item.term else None,
    }


def _item_context(item: ExtractItem) -> dict[str, Any]:
    return {
        "no": item.number,
        "title": item.title,
        "reporter": item.reporter,
        "restricted": item.restricted,
        "discussion": paragraphs(item.discussion),
        "act": act_context(item.act),
        "addressee": item.addressee,
        "responsible": item.responsible,
        "term": day_text(item.term),
    }


def _certified(data: ExtractData) -> dict[str, str | bool]:
    """The mark of certification: who, in which office, by whose seal (004 §5.1.3)."""
    return {
        "by_hand": data.form is CopyForm.PAPER,
        "words": CERTIFIED,
        "role": secretary_label(data.body),
        "name": data.certifier.name.to_domain().full,
        "post": data.certifier.post,
        "seal": data.seal.name,
        "voen": data.seal.voen,
    }


def _signature(place: int, signature: OriginalSignature) -> dict[str, Any]:
    return {
        "no": place,
        "name": signature.name,
        "role": signature.role,
        "in_place_of": f"({signature.in_place_of} əvəzinə)" if signature.in_place_of else "",
        "at": f"{signature.signed_at.astimezone(BAKU):%d.%m.%Y, %H:%M:%S}",
    }
