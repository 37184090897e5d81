"""An invented but plausible meeting, made from the sample of the protocol and moved to the present.

The persons are not real; their FİN are derived from their ids, in the valid form, their addresses are
under a domain that nobody can have (RFC 2606 §2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from doc_service.domain.bodies import Body, Membership
from doc_service.domain.body_kinds import rules_for
from doc_service.domain.meetings import Attendance, Meeting, MeetingState
from doc_service.domain.people import Person
from doc_service.domain.registration import Journal
from doc_service.instruments.base import Instrument
from doc_service.instruments.meeting_data import RecordData
from doc_service.services.record_meeting import MeetingRecord

DOCUMENT_ID = "demo-protokol"
SECRETARIAT = "demo-katiblik"
LEGAL_UNIT = "demo-huquq"
_SINCE = date(2024, 2, 1)
_MAIL_DOMAIN = "klaster.example"
_FIN_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Scenario:
    """What the secretariat enters: the body, the meeting as convened, and its record."""

    body: Body
    convened: Meeting
    record: MeetingRecord
    journal: Journal


def build_scenario(protocol: Instrument[RecordData], today: date) -> Scenario:
    """The sample's meeting, held on the last working day before ``today``."""
    data = protocol.validate(protocol.sample())
    held = data.to_meeting()
    days = (_last_working_day(today) - held.opens_at.date()).days
    moved = _move(held, timedelta(days=days))
    body = Body(
        id=data.body.id,
        name=data.body.name,
        short_name=data.body.short_name,
        parent_organisation=data.body.parent_organisation,
        unit=data.body.unit,
        place=data.body.place,
        rules=rules_for(data.body.kind),
        members=tuple(Membership(_with_register_data(m.person), m.role, _SINCE) for m in data.memberships()),
        secretary=_with_register_data(data.secretary.to_domain()),
    )
    convened = replace(
        moved, attendance=(), invited=(), items=(), annexes=(), closes_at=None, state=MeetingState.CONVENED
    )
    assert moved.closes_at is not None
    record = MeetingRecord(moved.closes_at, moved.attendance, moved.invited, moved.items, moved.annexes)
    return Scenario(body, convened, record, Journal(protocol.journal, protocol.journal_title, body.unit))


def _move(meeting: Meeting, by: timedelta) -> Meeting:
    """The same meeting ``by`` later; delivery of documents, terms and powers of attorney move along."""
    shift: Callable[[date | None], date | None] = lambda day: day + by if day else None  # noqa: E731
    return replace(
        meeting,
        opens_at=meeting.opens_at + by,
        closes_at=meeting.closes_at + by if meeting.closes_at else None,
        documents_delivered_on=meeting.documents_delivered_on + by,
        attendance=tuple(_moved_attendance(a, by) for a in meeting.attendance),
        items=tuple(replace(i, term=shift(i.term)) for i in meeting.items),
    )


def _moved_attendance(attendance: Attendance, by: timedelta) -> Attendance:
    delegate = attendance.delegate
    if delegate is None:
        return attendance
    power = delegate.power
    until = power.valid_until + by if power.valid_until else None
    moved = replace(power, issued_on=power.issued_on + by, valid_until=until)
    return replace(attendance, delegate=replace(delegate, person=_with_register_data(delegate.person), power=moved))


def _last_working_day(today: date) -> date:
    day = today - timedelta(days=1)
    while day.isoweekday() > 5:
        day -= timedelta(days=1)
    return day


def _with_register_data(person: Person) -> Person:
    digest = hashlib.sha256(person.id.encode()).digest()
    fin = "".join(_FIN_ALPHABET[b % len(_FIN_ALPHABET)] for b in digest[:7])
    return replace(person, fin=fin, email=f"{person.id}@{_MAIL_DOMAIN}")
