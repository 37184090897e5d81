"""``kq-bildiris``: notice of a meeting to one member or invited person (001 §5.6.1, §5.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from doc_service.domain.azerbaijani import lower
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.bodies import Body, BodyRules
from doc_service.domain.documents import Registration
from doc_service.domain.errors import DomainError, Fault, NotFoundError
from doc_service.domain.meetings import AgendaItem, Invited, Meeting
from doc_service.domain.notice import notice_days, notice_faults, required_notice
from doc_service.domain.people import Person
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.convened_data import ConvenedData, convened_dict
from doc_service.instruments.fields import Line, Number, Strict
from doc_service.instruments.icalendar_text import CalendarEvent, event_text, meeting_uid
from doc_service.instruments.kq_protokol import wrong_body
from doc_service.instruments.people_data import BodyData, NameData, PersonData, body_dict, person_dict
from doc_service.instruments.samples.convened import notice_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import MEETING_KINDS, STATUTE, clock, counted, day_text, heading, secretary_label


class AddresseeKind(StrEnum):
    MEMBER = "member"
    INVITED = "invited"


class AddresseeData(Strict):
    """Who is told: a member, or an invited person (001 §5.6.1)."""

    kind: AddresseeKind = Field(title="Kim kimi", description="member – üzv, invited – dəvət olunan: 001 §5.6.1, §5.11")
    person: PersonData = Field(title="Ünvanlanan şəxs")


class NoticeItemData(Strict):
    number: Number = Field(title="Məsələnin nömrəsi")
    title: Line = Field(title="Məsələ")
    reporter: NameData = Field(title="Məruzəçi", description="001 §5.9.3")


class NoticeData(Strict):
    """One notice to one addressee."""

    body: BodyData = Field(title="Kollegial orqan")
    secretary: PersonData = Field(title="Katib")
    addressee: AddresseeData = Field(title="Ünvanlanan")
    meeting: ConvenedData = Field(title="İclas")
    duration_minutes: int | None = Field(
        default=None, ge=5, le=1440, title="Planlaşdırılan müddət (dəqiqə)", description="Təqvim faylı üçün"
    )
    agenda: tuple[NoticeItemData, ...] = Field(min_length=1, max_length=200, title="Gündəlik")
    materials: tuple[Line, ...] = Field(default=(), max_length=200, title="Əlavə olunan materiallar")


@dataclass(frozen=True, kw_only=True)
class KqBildiris(Instrument[NoticeData]):
    rules: Mapping[str, BodyRules]

    def from_meeting(
        self,
        body: Body,
        meeting: Meeting,
        addressee_id: str,
        contact: str = "",
        duration_minutes: int | None = None,
    ) -> dict[str, Any]:
        """The notice to one member or invited person of a convened meeting.

        Raises ``NotFoundError`` "notice.unknown_addressee", ``DomainError`` "agenda.reporter_not_member"."""
        members = {m.person.id: m.person for m in body.members_on(meeting.opens_at.date())}
        materials = dict.fromkeys(m for a in meeting.agenda for m in a.materials)
        return {
            "body": body_dict(body, contact),
            "secretary": person_dict(body.secretary),
            "addressee": _addressee(members, meeting.invited, addressee_id),
            "meeting": convened_dict(meeting),
            "duration_minutes": duration_minutes,
            "agenda": [_point(index, item, members) for index, item in enumerate(meeting.agenda)],
            "materials": list(materials),
        }

    def check(self, data: NoticeData) -> tuple[Fault, ...]:
        """The notice period (001 §5.8) towards members, unless a reason is given; items numbered 1, 2, 3 …"""
        return wrong_body(data.body) or tuple(self._faults(data))

    def _faults(self, data: NoticeData) -> Iterator[Fault]:
        for fault in notice_faults(self.rules[data.body.kind], data.meeting.to_meeting(data.body.id)):
            if data.addressee.kind is AddresseeKind.MEMBER or fault.code == "notice.after_meeting":
                yield replace(fault, field=f"meeting.{fault.field}")
        for index, item in enumerate(data.agenda):
            if item.number != index + 1:
                params = {"number": item.number, "expected": index + 1}
                yield Fault("agenda.number", f"agenda[{index}].number", params)

    def signatories(self, data: NoticeData) -> tuple[Signatory, ...]:
        """The secretary (001 §5.6.1)."""
        return (Signatory(field_name(1), 1, data.secretary.id, secretary_label(data.body)),)

    def context(
        self, data: NoticeData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        person = data.addressee.person
        people = {data.secretary.id: data.secretary.to_domain()}
        return {
            **heading(data.body, registration),
            "addressee": {
                "organisation": person.organisation,
                "post": person.post,
                "name": person.name.to_domain().full,
                "greeting": f"{person.name.given} {person.name.patronymic}".strip(),
                "invited": data.addressee.kind is AddresseeKind.INVITED,
            },
            "opening": _opening(data),
            "meeting": {
                "number": data.meeting.number,
                "kind": MEETING_KINDS[data.meeting.kind],
                "place": data.meeting.place,
                "date": day_text(data.meeting.opens_at.date()),
                "opens": clock(data.meeting.opens_at),
            },
            "late": self._late(data),
            "agenda": [
                {"no": a.number, "title": a.title, "reporter": a.reporter.to_domain().full} for a in data.agenda
            ],
            "materials": [{"no": n, "title": m} for n, m in enumerate(data.materials, 1)],
            "signatory": signature_rows(self.signatories(data), people, stand_ins)[0],
        }

    def _late(self, data: NoticeData) -> str:
        """The mark of a notice inside the period of 001 §5.8, with its reason; empty when it is in time."""
        required = required_notice(self.rules[data.body.kind], data.meeting.kind)
        given = notice_days(data.meeting.documents_delivered_on, data.meeting.opens_at.date())
        if required is None or given >= required or data.addressee.kind is AddresseeKind.INVITED:
            return ""
        return (
            f"Sənədlər Əsasnamənin 5.8-ci bəndində müəyyən edilmiş {counted(required)} gün müddətindən gec təqdim "
            f"edilir. Səbəb: {data.meeting.late_reason}"
        )

    def calendar(self, data: NoticeData, stamped_at: datetime) -> str:
        """The iCalendar file that goes with the mailed notice (RFC 5545); ``stamped_at``: when it is made, aware."""
        meeting = data.meeting
        lines = [f"{a.number}. {a.title}" for a in data.agenda]
        event = CalendarEvent(
            uid=meeting_uid(meeting.id),
            stamped_at=stamped_at,
            starts_at=meeting.opens_at,
            duration_minutes=data.duration_minutes,
            summary=f"{data.body.short_name}: {MEETING_KINDS[meeting.kind]}, № {meeting.number}",
            location=meeting.place,
            description="\n".join(["Gündəlik:", *lines]),
        )
        return event_text(event)

    def sample(self) -> dict[str, Any]:
        return notice_sample()


def kq_bildiris(rules: Mapping[str, BodyRules]) -> KqBildiris:
    """The instrument of 001 §5.6.1, §5.8."""
    return KqBildiris(
        model=NoticeData,
        id="kq-bildiris",
        title_az="İclas barədə bildiriş",
        title_en="Notice of a meeting",
        template="kq-bildiris.v1",
        journal="KQ-B",
        journal_title="Koordinasiya Qrupunun iclasları barədə bildirişlərin qeydiyyatı jurnalı",
        case_index="KQ-04",
        sources=("001 §5.6.1", "001 §5.8", "001 §5.11"),
        rules=rules,
    )


def _opening(data: NoticeData) -> str:
    kind = lower(MEETING_KINDS[data.meeting.kind])
    return (
        f"{STATUTE}nin 5.6.1-ci yarımbəndinə əsasən bildiririk ki, {genitive(data.body.name)} {kind}ı aşağıda "
        "göstərilən yerdə və vaxtda keçiriləcəkdir."
    )


def _point(index: int, item: AgendaItem, members: Mapping[str, Person]) -> dict[str, Any]:
    reporter = members.get(item.reporter_id)
    if reporter is None:
        field = f"agenda[{index}].reporter_id"
        raise DomainError("agenda.reporter_not_member", field, reporter=item.reporter_id)
    return {"number": item.number, "title": item.title, "reporter": person_dict(reporter)["name"]}


def _addressee(members: Mapping[str, Person], invited: tuple[Invited, ...], person_id: str) -> dict[str, Any]:
    if person_id in members:
        return {"kind": str(AddresseeKind.MEMBER), "person": person_dict(members[person_id])}
    for guest in invited:
        if guest.id == person_id:
            person = Person(guest.id, guest.name, "", guest.organisation, guest.post)
            return {"kind": str(AddresseeKind.INVITED), "person": person_dict(person)}
    raise NotFoundError("notice.unknown_addressee", "addressee", person=person_id)
