"""What is told of a meeting: its notice and agenda, then its record (001 §5.6–5.9)."""

from __future__ import annotations

from datetime import date

from pydantic import ConfigDict, Field

from doc_service.api.v1.schemas.common import Input, Moment
from doc_service.api.v1.schemas.people import NameInput, PersonInput
from doc_service.domain.bodies import ActKind
from doc_service.domain.meetings import (
    Attendance,
    Choice,
    Delegate,
    Invited,
    ItemRecord,
    Meeting,
    MeetingKind,
    PowerOfAttorney,
    Presence,
    Vote,
)
from doc_service.instruments.fields import Identifier, Line, Number, OptionalLine, OptionalProse
from doc_service.instruments.meeting_data import AgendaData, agenda_item
from doc_service.services.record_meeting import MeetingRecord


class AgendaInput(AgendaData):
    """One item of the agenda; ``restricted``: what is said on it is for the members alone (001 §5.6.3)."""

    model_config = ConfigDict(strict=False, frozen=True, extra="forbid")


class MeetingInput(Input):
    """The notice of a meeting. ``late_reason`` is needed when the notice period could not be kept (001 §5.8)."""

    id: Identifier | None = Field(default=None, description="Yours, so that a repeated request is recognised")
    body_id: Identifier
    kind: MeetingKind
    number: Number
    place: Line
    opens_at: Moment
    documents_delivered_on: date
    agenda: tuple[AgendaInput, ...] = Field(min_length=1, max_length=200)
    late_reason: OptionalLine = ""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "body_id": "koordinasiya-qrupu",
                    "kind": "ordinary",
                    "number": 4,
                    "place": "Bakı şəhəri, KOBİA-nın inzibati binası",
                    "opens_at": "2026-11-20T10:00:00+04:00",
                    "documents_delivered_on": "2026-11-12",
                    "agenda": [
                        {
                            "number": 1,
                            "title": "2027-ci il üçün fəaliyyət proqramının layihəsi haqqında",
                            "matter": "organisational",
                            "reporter_id": "quliyev-anar",
                            "materials": ["Fəaliyyət proqramının layihəsi"],
                            "restricted": False,
                        }
                    ],
                }
            ]
        }
    )

    def to_domain(self, meeting_id: str) -> Meeting:
        return Meeting(
            id=meeting_id,
            body_id=self.body_id,
            kind=self.kind,
            number=self.number,
            place=self.place,
            opens_at=self.opens_at,
            closes_at=None,
            documents_delivered_on=self.documents_delivered_on,
            agenda=tuple(agenda_item(item) for item in self.agenda),
            late_reason=self.late_reason,
        )


class PowerInput(Input):
    """The power of attorney of a delegate."""

    number: Line
    issued_on: date
    valid_until: date | None = None


class DelegateInput(Input):
    person: PersonInput
    power: PowerInput

    def to_domain(self) -> Delegate:
        power = PowerOfAttorney(self.power.number, self.power.issued_on, self.power.valid_until)
        return Delegate(self.person.to_domain(), power)


class AttendanceInput(Input):
    """How one member attended; ``delegate`` goes with "delegated", ``reason`` with "absent" and "delegated"."""

    member_id: Identifier
    presence: Presence
    delegate: DelegateInput | None = None
    reason: OptionalLine = ""

    def to_domain(self) -> Attendance:
        return Attendance(
            self.member_id, self.presence, self.delegate.to_domain() if self.delegate else None, self.reason
        )


class InvitedInput(Input):
    id: Identifier
    name: NameInput
    organisation: Line
    post: Line

    def to_domain(self) -> Invited:
        return Invited(self.id, self.name.to_domain(), self.organisation, self.post)


class VoteInput(Input):
    """The member's id, also when the delegate cast it."""

    voter_id: Identifier
    choice: Choice


class ItemInput(Input):
    """What was said and decided on one item; ``act_kind`` null: heard only."""

    number: Number
    discussion: OptionalProse = ""
    speakers: tuple[Identifier, ...] = Field(default=(), max_length=500)
    act_kind: ActKind | None = None
    act_text: OptionalProse = ""
    votes: tuple[VoteInput, ...] = Field(default=(), max_length=500)
    responsible: OptionalLine = ""
    term: date | None = None
    addressee: OptionalLine = ""

    def to_domain(self) -> ItemRecord:
        return ItemRecord(
            number=self.number,
            discussion=self.discussion,
            speakers=self.speakers,
            act_kind=self.act_kind,
            act_text=self.act_text,
            votes=tuple(Vote(v.voter_id, v.choice) for v in self.votes),
            responsible=self.responsible,
            term=self.term,
            addressee=self.addressee,
        )


class RecordInput(Input):
    """The record of a meeting that was held: attendance, discussion, votes by name (001 §5.9)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "closes_at": "2026-11-20T12:30:00+04:00",
                    "attendance": [{"member_id": "quliyev-anar", "presence": "present"}],
                    "items": [
                        {
                            "number": 1,
                            "discussion": "Layihə barədə məlumat verildi.",
                            "speakers": ["quliyev-anar"],
                            "act_kind": "decision",
                            "act_text": "Fəaliyyət proqramı təsdiq edilsin.",
                            "votes": [{"voter_id": "quliyev-anar", "choice": "for"}],
                        }
                    ],
                }
            ]
        }
    )

    closes_at: Moment
    attendance: tuple[AttendanceInput, ...] = Field(min_length=1, max_length=500)
    invited: tuple[InvitedInput, ...] = Field(default=(), max_length=500)
    items: tuple[ItemInput, ...] = Field(min_length=1, max_length=200)
    annexes: tuple[Line, ...] = Field(default=(), max_length=200)

    def to_domain(self) -> MeetingRecord:
        return MeetingRecord(
            self.closes_at,
            tuple(a.to_domain() for a in self.attendance),
            tuple(i.to_domain() for i in self.invited),
            tuple(i.to_domain() for i in self.items),
            self.annexes,
        )
