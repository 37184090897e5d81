"""Meetings as they are shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import AwareDatetime

from doc_service.api.v1.schemas.common import Named, View, named
from doc_service.api.v1.schemas.people import NameView, PersonView, name_view, person_view
from doc_service.domain.bodies import ActKind, Matter
from doc_service.domain.meetings import Attendance, Choice, ItemRecord, Meeting, MeetingKind, Presence


class AgendaView(View):
    number: int
    title: str
    matter: Matter
    reporter_id: str
    materials: list[str]
    restricted: bool


class DelegateView(View):
    person: PersonView
    power_number: str
    power_issued_on: date
    power_valid_until: date | None


class AttendanceView(View):
    member_id: str
    presence: Presence
    delegate: DelegateView | None
    reason: str


class InvitedView(View):
    id: str
    name: NameView
    organisation: str
    post: str


class VoteView(View):
    voter_id: str
    choice: Choice


class ItemView(View):
    number: int
    discussion: str
    speakers: list[str]
    act_kind: ActKind | None
    act_text: str
    votes: list[VoteView]
    responsible: str
    term: date | None
    addressee: str


class MeetingSummary(View):
    id: str
    body_id: str
    kind: MeetingKind
    number: int
    place: str
    opens_at: AwareDatetime
    closes_at: AwareDatetime | None
    state: Named


class MeetingView(MeetingSummary):
    documents_delivered_on: date
    late_reason: str
    agenda: list[AgendaView]
    attendance: list[AttendanceView]
    invited: list[InvitedView]
    items: list[ItemView]
    annexes: list[str]
    version: int


def meeting_summary(meeting: Meeting) -> MeetingSummary:
    return MeetingSummary(**_common(meeting))


def meeting_view(meeting: Meeting, *, personal: bool) -> MeetingView:
    return MeetingView(
        **_common(meeting),
        documents_delivered_on=meeting.documents_delivered_on,
        late_reason=meeting.late_reason,
        agenda=[
            AgendaView(
                number=a.number,
                title=a.title,
                matter=a.matter,
                reporter_id=a.reporter_id,
                materials=list(a.materials),
                restricted=a.restricted,
            )
            for a in meeting.agenda
        ],
        attendance=[_attendance(a, personal=personal) for a in meeting.attendance],
        invited=[
            InvitedView(id=i.id, name=name_view(i.name), organisation=i.organisation, post=i.post)
            for i in meeting.invited
        ],
        items=[_item(item) for item in meeting.items],
        annexes=list(meeting.annexes),
        version=meeting.version,
    )


def _common(meeting: Meeting) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "body_id": meeting.body_id,
        "kind": meeting.kind,
        "number": meeting.number,
        "place": meeting.place,
        "opens_at": meeting.opens_at,
        "closes_at": meeting.closes_at,
        "state": named("state", str(meeting.state)),
    }


def _attendance(entry: Attendance, *, personal: bool) -> AttendanceView:
    delegate = None
    if entry.delegate is not None:
        power = entry.delegate.power
        delegate = DelegateView(
            person=person_view(entry.delegate.person, personal=personal),
            power_number=power.number,
            power_issued_on=power.issued_on,
            power_valid_until=power.valid_until,
        )
    return AttendanceView(member_id=entry.member_id, presence=entry.presence, delegate=delegate, reason=entry.reason)


def _item(item: ItemRecord) -> ItemView:
    return ItemView(
        number=item.number,
        discussion=item.discussion,
        speakers=list(item.speakers),
        act_kind=item.act_kind,
        act_text=item.act_text,
        votes=[VoteView(voter_id=v.voter_id, choice=v.choice) for v in item.votes],
        responsible=item.responsible,
        term=item.term,
        addressee=item.addressee,
    )
