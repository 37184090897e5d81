"""All faults of a meeting at once, so that its record is corrected in one go (004 §5.1.9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doc_service.domain.attendance_check import attendance_faults, invited_faults
from doc_service.domain.bodies import BodyRules, Membership
from doc_service.domain.errors import Fault
from doc_service.domain.items_check import Roll, item_faults
from doc_service.domain.meetings import Meeting, MeetingState
from doc_service.domain.notice import notice_faults
from doc_service.domain.presiding import presiding
from doc_service.domain.quorum import quorum_of


def check_meeting(rules: BodyRules, members: Sequence[Membership], meeting: Meeting) -> tuple[Fault, ...]:
    """Every broken rule, with field paths such as ``items[2].votes[0].voter_id``; empty when the record stands.

    ``members``: the body's members; only those whose term covers the day of the meeting count. A meeting that is
    merely convened, with no attendance and no items yet, is judged on its notice and agenda alone.
    """
    day = meeting.opens_at.date()
    seated = [m for m in members if m.holds_on(day)]
    faults = [*_frame_faults(meeting), *notice_faults(rules, meeting), *_agenda_faults(seated, meeting)]
    faults += invited_faults(seated, meeting.invited)
    if meeting.state is MeetingState.HELD or meeting.attendance or meeting.items:
        faults += _held_faults(rules, seated, meeting)
    return tuple(faults)


def _frame_faults(meeting: Meeting) -> Iterator[Fault]:
    """Start and end are moments, so both carry their UTC offset; only then can they be compared."""
    zoned = True
    for field, moment in (("opens_at", meeting.opens_at), ("closes_at", meeting.closes_at)):
        if moment is not None and moment.utcoffset() is None:
            zoned = False
            yield Fault("meeting.offset_missing", field)
    if zoned and meeting.closes_at is not None and meeting.closes_at <= meeting.opens_at:
        params = {"opens_at": meeting.opens_at.isoformat(), "closes_at": meeting.closes_at.isoformat()}
        yield Fault("meeting.closes_before_opens", "closes_at", params)


def _agenda_faults(members: Sequence[Membership], meeting: Meeting) -> Iterator[Fault]:
    """Items are numbered 1, 2, 3 …; the head, the deputy or a member reports on each (001 §5.9.3)."""
    if not meeting.agenda:
        yield Fault("agenda.empty", "agenda")
    ids = {m.person.id for m in members}
    for index, item in enumerate(meeting.agenda):
        if item.number != index + 1:
            yield Fault("agenda.number", f"agenda[{index}].number", {"number": item.number, "expected": index + 1})
        if item.reporter_id not in ids:
            yield Fault("agenda.reporter_not_member", f"agenda[{index}].reporter_id", {"reporter": item.reporter_id})


def _held_faults(rules: BodyRules, members: Sequence[Membership], meeting: Meeting) -> Iterator[Fault]:
    """What only a meeting that took place can break: attendance, quorum, presiding, acts and votes."""
    day = meeting.opens_at.date()
    if meeting.closes_at is None:
        yield Fault("meeting.closes_missing", "closes_at")
    yield from attendance_faults(members, meeting.attendance, meeting.invited, day)
    if presiding(members, meeting.attendance) is None:
        yield Fault("meeting.nobody_presides", "attendance")
    quorum = quorum_of(rules, members, meeting.attendance, day)
    if not quorum.met and any(item.act_kind is not None or item.votes for item in meeting.items):
        yield Fault(
            "quorum.not_met",
            "attendance",
            {
                "attending": quorum.attending,
                "needed": quorum.needed,
                "members": quorum.members,
                "clause": rules.clauses.get("quorum", ""),
            },
        )
    roll = Roll.of(members, meeting.attendance, meeting.invited, day)
    yield from item_faults(rules, meeting.agenda, meeting.items, roll, day)
