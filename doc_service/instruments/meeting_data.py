"""The record of a meeting as data, and its way from and to the domain's own records.

Totals, quorum, casting vote and outcome are not among the data: they are computed from the votes by name, so a
document can never state a figure that its own record contradicts (001 §5.9).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import AwareDatetime, Field

from doc_service.domain.bodies import ActKind, Body, Matter, Membership
from doc_service.domain.meetings import (
    AgendaItem,
    Attendance,
    Choice,
    Delegate,
    Invited,
    ItemRecord,
    Meeting,
    MeetingKind,
    MeetingState,
    PowerOfAttorney,
    Presence,
    Vote,
)
from doc_service.instruments.fields import Identifier, Line, Number, OptionalLine, OptionalProse, Strict
from doc_service.instruments.people_data import BodyData, MemberData, NameData, PersonData, body_dict, person_dict


class PowerData(Strict):
    """The power of attorney a delegate acts on (003 §4.2)."""

    number: Line = Field(title="Etibarnamənin nömrəsi")
    issued_on: date = Field(title="Etibarnamənin tarixi")
    valid_until: date | None = Field(default=None, title="Etibarnamənin qüvvədə olduğu son gün")


class DelegateData(Strict):
    person: PersonData = Field(title="Nümayəndə")
    power: PowerData = Field(title="Etibarnamə")


class AttendanceData(Strict):
    """How one member attended (001 §5.9.1)."""

    member_id: Identifier = Field(title="Üzvün identifikatoru")
    presence: Presence = Field(title="İştirak", description="present, delegated və ya absent: 001 §5.9.1")
    delegate: DelegateData | None = Field(default=None, title="Nümayəndə", description="delegated üçün məcburidir")
    reason: OptionalLine = Field(default="", title="İştirak etməməsinin səbəbi")


class InvitedData(Strict):
    """May propose and give an opinion, never votes (001 §5.11)."""

    id: Identifier = Field(title="Dəvət olunan şəxsin identifikatoru")
    name: NameData = Field(title="Soyadı, adı, atasının adı")
    organisation: Line = Field(title="Təmsil etdiyi təşkilat")
    post: Line = Field(title="Vəzifəsi")


class AgendaData(Strict):
    number: Number = Field(title="Məsələnin nömrəsi")
    title: Line = Field(title="Məsələ")
    matter: Matter = Field(title="Məsələnin xarakteri", description="organisational və ya other: 001 §5.10")
    reporter_id: Identifier = Field(title="Məruzəçi", description="rəhbər, müavini və ya üzv: 001 §5.9.3")
    materials: tuple[Line, ...] = Field(default=(), max_length=100, title="Materiallar")
    restricted: bool = Field(default=False, title="Məhdudlaşdırılan məlumat", description="001 §5.6.3")


class VoteData(Strict):
    """One vote by name: the member's id, also when the delegate cast it."""

    voter_id: Identifier = Field(title="Səs verən üzv")
    choice: Choice = Field(title="Səs", description="for – lehinə, against – əleyhinə, abstain – bitərəf: 001 §5.9.4")


class ItemData(Strict):
    """What was said and decided on one item of the agenda."""

    number: Number = Field(title="Məsələnin nömrəsi")
    discussion: OptionalProse = Field(default="", title="Müzakirənin xülasəsi")
    speakers: tuple[Identifier, ...] = Field(default=(), max_length=500, title="Çıxış edənlər")
    act_kind: ActKind | None = Field(default=None, title="Aktın növü", description="qərar, təklif, tövsiyə: 001 §5.10")
    act_text: OptionalProse = Field(default="", title="Aktın mətni")
    votes: tuple[VoteData, ...] = Field(default=(), max_length=500, title="Adbaad səslər")
    responsible: OptionalLine = Field(default="", title="Məsul icraçı")
    term: date | None = Field(default=None, title="İcra müddəti")
    addressee: OptionalLine = Field(default="", title="Ünvanlandığı orqan (qurum)")


class SessionData(Strict):
    """Number, kind, place and time of the meeting (001 §5.6.1, §5.9.2)."""

    id: Identifier = Field(title="İclasın identifikatoru")
    number: Number = Field(title="İclasın nömrəsi")
    kind: MeetingKind = Field(title="İclasın növü", description="ordinary və ya extraordinary: 001 §5.8, §5.9.2")
    place: Line = Field(title="İclasın keçirildiyi yer")
    opens_at: AwareDatetime = Field(title="Başlanma vaxtı")
    closes_at: AwareDatetime = Field(title="Bitmə vaxtı")
    documents_delivered_on: date = Field(title="Sənədlərin üzvlərə təqdim edildiyi gün", description="001 §5.8")
    late_reason: OptionalLine = Field(default="", title="Müddətə əməl edilməməsinin səbəbi")


class RecordData(Strict):
    """The meeting record that a protocol certifies (001 §5.6.7, §5.9)."""

    body: BodyData = Field(title="Kollegial orqan")
    members: tuple[MemberData, ...] = Field(min_length=1, max_length=500, title="Tərkib")
    secretary: PersonData = Field(title="İclasın katibi")
    meeting: SessionData = Field(title="İclas")
    attendance: tuple[AttendanceData, ...] = Field(min_length=1, max_length=500, title="İştirak")
    invited: tuple[InvitedData, ...] = Field(default=(), max_length=500, title="Dəvət olunanlar")
    agenda: tuple[AgendaData, ...] = Field(min_length=1, max_length=200, title="Gündəlik")
    items: tuple[ItemData, ...] = Field(min_length=1, max_length=200, title="Məsələlərin müzakirəsi")
    annexes: tuple[Line, ...] = Field(default=(), max_length=200, title="Əlavələr")

    def memberships(self) -> tuple[Membership, ...]:
        return tuple(m.to_domain() for m in self.members)

    def to_meeting(self) -> Meeting:
        """The domain's record, held, so that the domain's rules can judge it."""
        session = self.meeting
        return Meeting(
            id=session.id,
            body_id=self.body.id,
            kind=session.kind,
            number=session.number,
            place=session.place,
            opens_at=session.opens_at,
            closes_at=session.closes_at,
            documents_delivered_on=session.documents_delivered_on,
            agenda=tuple(agenda_item(a) for a in self.agenda),
            attendance=tuple(_attendance(a) for a in self.attendance),
            invited=tuple(Invited(i.id, i.name.to_domain(), i.organisation, i.post) for i in self.invited),
            items=tuple(_item(i) for i in self.items),
            annexes=self.annexes,
            late_reason=session.late_reason,
            state=MeetingState.HELD,
        )


def agenda_item(data: AgendaData) -> AgendaItem:
    """One agenda point as the domain holds it."""
    return AgendaItem(data.number, data.title, data.matter, data.reporter_id, data.materials, data.restricted)


def _attendance(data: AttendanceData) -> Attendance:
    delegate = None
    if data.delegate is not None:
        power = data.delegate.power
        delegate = Delegate(
            data.delegate.person.to_domain(), PowerOfAttorney(power.number, power.issued_on, power.valid_until)
        )
    return Attendance(data.member_id, data.presence, delegate, data.reason)


def _item(data: ItemData) -> ItemRecord:
    return ItemRecord(
        number=data.number,
        discussion=data.discussion,
        speakers=data.speakers,
        act_kind=data.act_kind,
        act_text=data.act_text,
        votes=tuple(Vote(v.voter_id, v.choice) for v in data.votes),
        responsible=data.responsible,
        term=data.term,
        addressee=data.addressee,
    )


def record_dict(body: Body, meeting: Meeting, contact: str = "") -> dict[str, Any]:
    """The data of a meeting's record, from the aggregates; members are those whose term covers the day."""
    return {
        "body": body_dict(body, contact),
        "members": [
            {"person": person_dict(m.person), "role": str(m.role)} for m in body.members_on(meeting.opens_at.date())
        ],
        "secretary": person_dict(body.secretary),
        "meeting": session_dict(meeting),
        "attendance": [_attendance_dict(a) for a in meeting.attendance],
        "invited": [_invited_dict(i) for i in meeting.invited],
        "agenda": [agenda_dict(a) for a in meeting.agenda],
        "items": [_item_dict(i) for i in meeting.items],
        "annexes": list(meeting.annexes),
    }


def session_dict(meeting: Meeting) -> dict[str, Any]:
    """Number, kind, place and times of a meeting; ``closes_at`` is None while it has not been held."""
    return {
        "id": meeting.id,
        "number": meeting.number,
        "kind": str(meeting.kind),
        "place": meeting.place,
        "opens_at": meeting.opens_at.isoformat(),
        "closes_at": meeting.closes_at.isoformat() if meeting.closes_at else None,
        "documents_delivered_on": meeting.documents_delivered_on.isoformat(),
        "late_reason": meeting.late_reason,
    }


def agenda_dict(item: AgendaItem) -> dict[str, Any]:
    return {
        "number": item.number,
        "title": item.title,
        "matter": str(item.matter),
        "reporter_id": item.reporter_id,
        "materials": list(item.materials),
        "restricted": item.restricted,
    }


def _attendance_dict(entry: Attendance) -> dict[str, Any]:
    delegate = None
    if entry.delegate is not None:
        power = entry.delegate.power
        delegate = {
            "person": person_dict(entry.delegate.person),
            "power": {
                "number": power.number,
                "issued_on": power.issued_on.isoformat(),
                "valid_until": power.valid_until.isoformat() if power.valid_until else None,
            },
        }
    return {
        "member_id": entry.member_id,
        "presence": str(entry.presence),
        "delegate": delegate,
        "reason": entry.reason,
    }


def _invited_dict(person: Invited) -> dict[str, Any]:
    name = person.name
    return {
        "id": person.id,
        "name": {"surname": name.surname, "given": name.given, "patronymic": name.patronymic},
        "organisation": person.organisation,
        "post": person.post,
    }


def _item_dict(item: ItemRecord) -> dict[str, Any]:
    return {
        "number": item.number,
        "discussion": item.discussion,
        "speakers": list(item.speakers),
        "act_kind": str(item.act_kind) if item.act_kind else None,
        "act_text": item.act_text,
        "votes": [{"voter_id": v.voter_id, "choice": str(v.choice)} for v in item.votes],
        "responsible": item.responsible,
        "term": item.term.isoformat() if item.term else None,
        "addressee": item.addressee,
    }
