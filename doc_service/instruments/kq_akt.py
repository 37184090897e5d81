"""``kq-qerar``, ``kq-teklif``, ``kq-tovsiye``: acts made from one agenda item of a signed protocol (001 §5.9.4, §5.10).

The act cites the protocol by number, date and SHA-256 of the signed file, so that anybody who holds both can see that
they belong together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import Field

from doc_service.domain.acts import act_allowed, allowed_acts
from doc_service.domain.azerbaijani import reference_date
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.azerbaijani_numbers import ordinal
from doc_service.domain.bodies import ActKind, BodyRules, Matter, Role
from doc_service.domain.documents import Registration
from doc_service.domain.errors import DomainError, Fault
from doc_service.domain.meetings import ItemRecord, MeetingKind
from doc_service.domain.voting import Outcome
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.faults import parse
from doc_service.instruments.fields import Line, Number, OptionalLine, Prose, Sha256, Strict
from doc_service.instruments.kq_protokol import wrong_body
from doc_service.instruments.meeting_data import RecordData
from doc_service.instruments.people_data import BodyData, MemberData, NameData
from doc_service.instruments.protocol_text import Sitting
from doc_service.instruments.samples.acts import act_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import LEGAL_UNIT, STATUTE, cited, day_text, heading, paragraphs, role_label

DEPUTY_BASIS: Final = "Əsasnamənin 5.4-cü bəndi"
"""001 §5.4: the deputy carries out the head's functions in the head's absence."""

_VERBS: Final[Mapping[ActKind, str]] = {
    ActKind.DECISION: "qərara alır:",
    ActKind.PROPOSAL: "təklif edir:",
    ActKind.RECOMMENDATION: "tövsiyə edir:",
}
_SIGNING_ROLES: Final = (Role.HEAD, Role.DEPUTY_HEAD)


class CitedProtocol(Strict):
    """The signed protocol that the act comes from."""

    number: Line = Field(title="Protokolun nömrəsi")
    registered_on: date = Field(title="Protokolun tarixi")
    sha256: Sha256 = Field(title="İmzalanmış protokolun SHA-256 nəzarət cəmi")


class CitedMeeting(Strict):
    number: Number = Field(title="İclasın nömrəsi")
    kind: MeetingKind = Field(title="İclasın növü", description="001 §5.8, §5.9.2")
    held_on: date = Field(title="İclasın tarixi")


class CitedItem(Strict):
    number: Number = Field(title="Gündəlikdəki məsələnin nömrəsi")
    title: Line = Field(title="Məsələ")
    matter: Matter = Field(title="Məsələnin xarakteri", description="Aktın növünü müəyyən edir: 001 §5.10")


class ActData(Strict):
    """An act of the body. ``absent_head`` is set when the deputy signs."""

    body: BodyData = Field(title="Kollegial orqan")
    protocol: CitedProtocol = Field(title="Protokol")
    meeting: CitedMeeting = Field(title="İclas")
    item: CitedItem = Field(title="Gündəliyin məsələsi")
    text: Prose = Field(title="Aktın mətni")
    addressees: tuple[Line, ...] = Field(default=(), max_length=100, title="Ünvanlandığı orqanlar (qurumlar)")
    responsible: OptionalLine = Field(default="", title="Məsul icraçı")
    term: date | None = Field(default=None, title="İcra müddəti")
    signatory: MemberData = Field(title="İmzalayan", description="rəhbər və ya sədrlik edən müavini: 001 §5.9.4, §5.4")
    absent_head: NameData | None = Field(default=None, title="Əvəz olunan rəhbər", description="001 §5.4")


@dataclass(frozen=True, kw_only=True)
class KqAkt(Instrument[ActData]):
    """A decision, proposal or recommendation; ``kind`` says which."""

    rules: Mapping[str, BodyRules]
    kind: ActKind

    def from_protocol(
        self, protocol: Mapping[str, Any], registration: Registration, sha256: str, item_number: int
    ) -> dict[str, Any]:
        """The act of agenda item ``item_number``, from a signed protocol's data and the digest of its signed file.

        Raises ``DomainError``: "act.no_such_item", "act.other_kind" (the item's act is of another kind, or there is
        none), "act.not_adopted"; the protocol's own ``data.*`` faults; "meeting.nobody_presides"."""
        record = parse(RecordData, protocol)
        sitting = Sitting.of(self.rules[record.body.kind], record)
        item = self._item(sitting, item_number)
        point = next(a for a in record.agenda if a.number == item_number)
        return {
            "body": record.body.model_dump(mode="json"),
            "protocol": {
                "number": registration.number,
                "registered_on": registration.registered_on.isoformat(),
                "sha256": sha256,
            },
            "meeting": {
                "number": record.meeting.number,
                "kind": str(record.meeting.kind),
                "held_on": record.meeting.opens_at.date().isoformat(),
            },
            "item": {"number": point.number, "title": point.title, "matter": str(point.matter)},
            "text": item.act_text,
            "addressees": [item.addressee] if item.addressee.strip() else [],
            "responsible": item.responsible,
            "term": item.term.isoformat() if item.term else None,
            **_signatory_data(sitting),
        }

    def _item(self, sitting: Sitting, number: int) -> ItemRecord:
        item = next((i for i in sitting.meeting.items if i.number == number), None)
        if item is None or all(a.number != number for a in sitting.meeting.agenda):
            raise DomainError("act.no_such_item", "item.number", number=number)
        if item.act_kind is not self.kind:
            found = str(item.act_kind) if item.act_kind else "–"
            raise DomainError("act.other_kind", "item.number", number=number, act=found, allowed=str(self.kind))
        if not sitting.quorum.met or sitting.decision(item).outcome is not Outcome.ADOPTED:
            raise DomainError("act.not_adopted", "item.number", number=number)
        return item

    def check(self, data: ActData) -> tuple[Fault, ...]:
        """The act's kind suits the matter, who signs may sign, and a proposal or recommendation has an addressee."""
        return wrong_body(data.body) or tuple(self._faults(data))

    def _faults(self, data: ActData) -> Iterator[Fault]:
        rules = self.rules[data.body.kind]
        if not act_allowed(rules, data.item.matter, self.kind):
            allowed = ", ".join(sorted(allowed_acts(rules, data.item.matter)))
            params = {
                "act": str(self.kind),
                "matter": str(data.item.matter),
                "allowed": allowed,
                "clause": rules.clauses.get("acts", ""),
            }
            yield Fault("act.not_allowed", "item.matter", params)
        if data.signatory.role not in _SIGNING_ROLES:
            yield Fault("act.signatory_role", "signatory.role", {"role": str(data.signatory.role)})
        if (data.signatory.role is Role.DEPUTY_HEAD) != (data.absent_head is not None):
            yield Fault("act.absent_head", "absent_head", {"role": str(data.signatory.role)})
        if self.kind is not ActKind.DECISION and not data.addressees:
            yield Fault("act.addressee_missing", "addressees")
        if data.protocol.registered_on < data.meeting.held_on:
            days = {
                "registered_on": data.protocol.registered_on.isoformat(),
                "held_on": data.meeting.held_on.isoformat(),
            }
            yield Fault("act.protocol_before_meeting", "protocol.registered_on", days)
        if data.term is not None and data.term < data.meeting.held_on:
            params = {"term": data.term.isoformat(), "meeting_day": data.meeting.held_on.isoformat()}
            yield Fault("act.term_before_meeting", "term", params)

    def signatories(self, data: ActData) -> tuple[Signatory, ...]:
        """The head, or the deputy who presided, for the absent head (001 §5.9.4, §5.4)."""
        head = data.absent_head
        signatory = Signatory(
            field=field_name(1),
            order=1,
            person_id=data.signatory.person.id,
            role_label=role_label(data.body, data.signatory.role),
            in_place_of=head.to_domain().full if head else "",
            basis=DEPUTY_BASIS if head else "",
        )
        return (signatory,)

    def context(
        self, data: ActData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {data.signatory.person.id: data.signatory.person.to_domain()}
        return {
            **heading(data.body, registration),
            "subject": data.item.title,
            "addressees": list(data.addressees),
            "preamble": _preamble(data),
            "verb": _VERBS[self.kind],
            "text": paragraphs(data.text),
            "responsible": data.responsible,
            "term": day_text(data.term),
            "source": {
                "protocol": f"{genitive(data.body.short_name)} iclasının "
                f"{cited(data.protocol.registered_on, data.protocol.number)} protokolu",
                "sha256": data.protocol.sha256,
            },
            "signatory": signature_rows(self.signatories(data), people, stand_ins)[0],
        }

    def sample(self) -> dict[str, Any]:
        return act_sample(self.kind)


def kq_akt(rules: Mapping[str, BodyRules], kind: ActKind) -> KqAkt:
    """The act instrument of one kind (001 §5.9.4, §5.10)."""
    name, title_az, title_en, journal, case = _CATALOGUE[kind]
    return KqAkt(
        model=ActData,
        id=name,
        title_az=title_az,
        title_en=title_en,
        template=f"{name}.v1",
        journal=journal,
        journal_title=f"Koordinasiya Qrupunun aktlarının qeydiyyatı jurnalı ({title_az})",
        case_index=case,
        sources=("001 §5.9.4", "001 §5.10", "001 §5.3.2"),
        visa_units=(LEGAL_UNIT,),
        rules=rules,
        kind=kind,
    )


_CATALOGUE: Final[Mapping[ActKind, tuple[str, str, str, str, str]]] = {
    ActKind.DECISION: ("kq-qerar", "Qərar", "Decision", "KQ-Q", "KQ-02"),
    ActKind.PROPOSAL: ("kq-teklif", "Təklif", "Proposal", "KQ-TK", "KQ-03"),
    ActKind.RECOMMENDATION: ("kq-tovsiye", "Tövsiyə", "Recommendation", "KQ-TV", "KQ-03"),
}


def _signatory_data(sitting: Sitting) -> dict[str, Any]:
    chair = sitting.chair
    if chair is None:
        raise DomainError("meeting.nobody_presides", "attendance")
    by_id = {m.person.id: m for m in sitting.data.members}
    head = next((m for m in sitting.data.members if m.role is Role.HEAD), None)
    absent = head.person.name.model_dump() if head and chair.role is Role.DEPUTY_HEAD else None
    return {"signatory": by_id[chair.person.id].model_dump(mode="json"), "absent_head": absent}


def _preamble(data: ActData) -> str:
    """What the act rests on: the statute's clauses and the item that was discussed."""
    return (
        f"{data.body.name} {STATUTE}nin 5.9.4-cü yarımbəndini və 5.10-cu bəndini rəhbər tutaraq, "
        f"{reference_date(data.meeting.held_on)} tarixli iclasının gündəliyinin {ordinal(data.item.number)} "
        "məsələsinin müzakirəsinin nəticələrinə əsasən"
    )
