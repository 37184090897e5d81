"""Ways to break one rule of a sound meeting, each with the code and the field that the check must name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import assume

from doc_service.domain.bodies import Membership
from doc_service.domain.body_kinds import COORDINATION_GROUP, rules_for
from doc_service.domain.meetings import (
    Attendance,
    Choice,
    Delegate,
    Invited,
    Meeting,
    PowerOfAttorney,
    Presence,
    Vote,
)
from doc_service.domain.people import PersonName
from doc_service.domain.quorum import quorum_of
from tests.domain.domain_builders import (
    DAY,
    OPENS,
    attends_as,
    delegate_for,
    person,
    with_attendance,
    with_item,
)

KQ = rules_for(COORDINATION_GROUP)
Members = tuple[Membership, ...]
Sound = tuple[Members, Meeting]
Broken = tuple[Meeting, str, str]
Breaker = Callable[[Members, Meeting, Random], Broken]
GUEST = Invited("q9", PersonName("Rzayev", "Tural", "Akif oğlu"), "Sahibkarlar İttifaqı", "sədr")

BREAKERS: list[Breaker] = []


def breaker(function: Breaker) -> Breaker:
    """Registers a way to break a sound meeting; it gives the broken meeting, the code and the field expected.

    Where a meeting offers nothing to break (no act, nobody delegated), the example is passed over."""
    BREAKERS.append(function)
    return function


def pick(chance: Random, indexes: list[int]) -> int:
    assume(indexes)
    return chance.choice(indexes)


def an_item_with_act(meeting: Meeting, chance: Random) -> int:
    return pick(chance, [n for n, item in enumerate(meeting.items) if item.act_kind is not None])


def an_entry(meeting: Meeting, chance: Random, presence: Presence) -> int:
    return pick(chance, [n for n, entry in enumerate(meeting.attendance) if entry.presence is presence])


def vote_added(meeting: Meeting, chance: Random, voter_id: str, code: str) -> Broken:
    index = an_item_with_act(meeting, chance)
    votes = list(meeting.items[index].votes)
    place = chance.randint(0, len(votes))
    votes.insert(place, Vote(voter_id, chance.choice(list(Choice))))
    return with_item(meeting, index, votes=tuple(votes)), code, f"items[{index}].votes[{place}].voter_id"


@breaker
def an_invited_person_votes(members: Members, meeting: Meeting, chance: Random) -> Broken:
    """001 §5.11."""
    return vote_added(meeting, chance, meeting.invited[0].id, "vote.invited")


@breaker
def a_stranger_votes(members: Members, meeting: Meeting, chance: Random) -> Broken:
    return vote_added(meeting, chance, "nobody", "vote.unknown_voter")


@breaker
def an_absent_member_votes(members: Members, meeting: Meeting, chance: Random) -> Broken:
    absent = meeting.attendance[an_entry(meeting, chance, Presence.ABSENT)].member_id
    return vote_added(meeting, chance, absent, "vote.absent_member")


@breaker
def a_delegate_votes_under_their_own_id(members: Members, meeting: Meeting, chance: Random) -> Broken:
    entry = meeting.attendance[an_entry(meeting, chance, Presence.DELEGATED)]
    assert entry.delegate is not None
    return vote_added(meeting, chance, entry.delegate.person.id, "vote.delegate_id")


@breaker
def somebody_votes_twice(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = an_item_with_act(meeting, chance)
    votes = meeting.items[index].votes
    again = Vote(chance.choice(votes).voter_id, chance.choice(list(Choice)))
    broken = with_item(meeting, index, votes=(*votes, again))
    return broken, "vote.double", f"items[{index}].votes[{len(votes)}].voter_id"


@breaker
def more_votes_than_voters(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = an_item_with_act(meeting, chance)
    attending = quorum_of(KQ, members, meeting.attendance).attending
    votes = tuple(Vote(f"x{n}", Choice.FOR) for n in range(attending + 1))
    return with_item(meeting, index, votes=votes), "vote.exceeds_voters", f"items[{index}].votes"


@breaker
def an_act_without_votes(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = an_item_with_act(meeting, chance)
    return with_item(meeting, index, votes=()), "vote.none", f"items[{index}].votes"


@breaker
def an_act_without_text(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = an_item_with_act(meeting, chance)
    return with_item(meeting, index, act_text=" \n"), "act.text_missing", f"items[{index}].act_text"


@breaker
def votes_on_nothing(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = an_item_with_act(meeting, chance)
    return with_item(meeting, index, act_kind=None), "act.kind_missing", f"items[{index}].act_kind"


@breaker
def a_term_in_the_past(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = chance.randrange(len(meeting.items))
    broken = with_item(meeting, index, term=DAY - timedelta(days=1 + chance.randrange(99)))
    return broken, "act.term_before_meeting", f"items[{index}].term"


@breaker
def a_delegate_with_an_expired_power_votes(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = an_entry(meeting, chance, Presence.DELEGATED)
    item = an_item_with_act(meeting, chance)
    member_id = meeting.attendance[index].member_id
    expired = delegate_for(member_id, until=DAY - timedelta(days=1))
    broken = with_attendance(meeting, index, replace(meeting.attendance[index], delegate=expired))
    broken = with_item(broken, item, votes=(Vote(member_id, Choice.FOR),))
    return broken, "vote.without_power", f"items[{item}].votes[0].voter_id"


@breaker
def an_expired_power(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = an_entry(meeting, chance, Presence.DELEGATED)
    expired = delegate_for("x", until=DAY - timedelta(days=1 + chance.randrange(9)))
    broken = with_attendance(meeting, index, replace(meeting.attendance[index], delegate=expired))
    return broken, "attendance.power_expired", f"attendance[{index}].delegate.power.valid_until"


@breaker
def a_power_from_the_future(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = an_entry(meeting, chance, Presence.DELEGATED)
    later = Delegate(person("d"), PowerOfAttorney("E-1", DAY + timedelta(days=1)))
    broken = with_attendance(meeting, index, replace(meeting.attendance[index], delegate=later))
    return broken, "attendance.power_not_yet_valid", f"attendance[{index}].delegate.power.issued_on"


@breaker
def a_power_without_number(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = an_entry(meeting, chance, Presence.DELEGATED)
    blank = Delegate(person("d"), PowerOfAttorney(" ", DAY))
    broken = with_attendance(meeting, index, replace(meeting.attendance[index], delegate=blank))
    return broken, "attendance.power_missing", f"attendance[{index}].delegate.power.number"


@breaker
def nobody_came_for_the_delegating_member(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = an_entry(meeting, chance, Presence.DELEGATED)
    broken = with_attendance(meeting, index, replace(meeting.attendance[index], delegate=None))
    return broken, "attendance.delegate_missing", f"attendance[{index}].delegate"


@breaker
def a_delegate_beside_a_present_member(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = an_entry(meeting, chance, Presence.PRESENT)
    broken = with_attendance(meeting, index, replace(meeting.attendance[index], delegate=delegate_for("x")))
    return broken, "attendance.delegate_unexpected", f"attendance[{index}].delegate"


def delegate_who_is(meeting: Meeting, chance: Random, person_id: str) -> tuple[Meeting, str]:
    index = an_entry(meeting, chance, Presence.DELEGATED)
    delegate = replace(delegate_for("x"), person=person(person_id))
    broken = with_attendance(meeting, index, replace(meeting.attendance[index], delegate=delegate))
    return broken, f"attendance[{index}].delegate.person.id"


@breaker
def a_member_stands_in_for_a_member(members: Members, meeting: Meeting, chance: Random) -> Broken:
    broken, field = delegate_who_is(meeting, chance, chance.choice(members).person.id)
    return broken, "attendance.delegate_is_member", field


@breaker
def an_invited_person_stands_in_for_a_member(members: Members, meeting: Meeting, chance: Random) -> Broken:
    broken, field = delegate_who_is(meeting, chance, meeting.invited[0].id)
    return broken, "attendance.delegate_is_invited", field


@breaker
def one_delegate_for_two_members(members: Members, meeting: Meeting, chance: Random) -> Broken:
    delegated = [a.delegate for a in meeting.attendance if a.delegate is not None]
    assume(len(delegated) > 1)
    first, second = delegated[:2]
    index = next(n for n, a in enumerate(meeting.attendance) if a.delegate is second)
    same = replace(second, person=first.person)
    broken = with_attendance(meeting, index, replace(meeting.attendance[index], delegate=same))
    return broken, "attendance.delegate_repeated", f"attendance[{index}].delegate.person.id"


@breaker
def an_absence_without_reason(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = an_entry(meeting, chance, Presence.ABSENT)
    broken = with_attendance(meeting, index, replace(meeting.attendance[index], reason=" "))
    return broken, "attendance.reason_missing", f"attendance[{index}].reason"


@breaker
def a_member_is_not_recorded(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = chance.randrange(len(meeting.attendance))
    rest = meeting.attendance[:index] + meeting.attendance[index + 1 :]
    return replace(meeting, attendance=rest), "attendance.missing", "attendance"


@breaker
def a_member_is_recorded_twice(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = len(meeting.attendance)
    again = (*meeting.attendance, chance.choice(meeting.attendance))
    return replace(meeting, attendance=again), "attendance.duplicate", f"attendance[{index}].member_id"


@breaker
def a_stranger_is_recorded(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = len(meeting.attendance)
    crowd = (*meeting.attendance, Attendance("nobody", Presence.PRESENT))
    return replace(meeting, attendance=crowd), "attendance.unknown_member", f"attendance[{index}].member_id"


@breaker
def nobody_can_preside(members: Members, meeting: Meeting, chance: Random) -> Broken:
    """001 §5.4: the head and the deputy both sent delegates."""
    sent = tuple(attends_as(a.member_id, Presence.DELEGATED) for a in meeting.attendance[:2])
    broken = replace(meeting, attendance=sent + meeting.attendance[2:])
    return broken, "meeting.nobody_presides", "attendance"


@breaker
def an_act_without_quorum(members: Members, meeting: Meeting, chance: Random) -> Broken:
    """001 §5.9.1: exactly half is not enough."""
    assume(len(members) > 1 and any(item.act_kind for item in meeting.items))
    half = len(members) // 2
    attendance = tuple(
        attends_as(m.person.id, Presence.PRESENT if n < half else Presence.ABSENT) for n, m in enumerate(members)
    )
    return replace(meeting, attendance=attendance), "quorum.not_met", "attendance"


@breaker
def the_agenda_is_numbered_wrongly(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = chance.randrange(len(meeting.agenda))
    agenda = list(meeting.agenda)
    agenda[index] = replace(agenda[index], number=agenda[index].number + chance.choice([-1, 1, 7]))
    return replace(meeting, agenda=tuple(agenda)), "agenda.number", f"agenda[{index}].number"


@breaker
def somebody_else_reports(members: Members, meeting: Meeting, chance: Random) -> Broken:
    """001 §5.9.3."""
    index = chance.randrange(len(meeting.agenda))
    agenda = list(meeting.agenda)
    agenda[index] = replace(agenda[index], reporter_id=meeting.invited[0].id)
    return replace(meeting, agenda=tuple(agenda)), "agenda.reporter_not_member", f"agenda[{index}].reporter_id"


@breaker
def the_agenda_is_empty(members: Members, meeting: Meeting, chance: Random) -> Broken:
    return replace(meeting, agenda=(), items=()), "agenda.empty", "agenda"


@breaker
def an_item_has_no_record(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = chance.randrange(len(meeting.items))
    rest = meeting.items[:index] + meeting.items[index + 1 :]
    return replace(meeting, items=rest), "items.missing", "items"


@breaker
def an_item_is_recorded_twice(members: Members, meeting: Meeting, chance: Random) -> Broken:
    again = (*meeting.items, chance.choice(meeting.items))
    return replace(meeting, items=again), "items.duplicate", f"items[{len(meeting.items)}].number"


@breaker
def an_item_is_not_on_the_agenda(members: Members, meeting: Meeting, chance: Random) -> Broken:
    index = chance.randrange(len(meeting.items))
    return with_item(meeting, index, number=chance.choice([0, 99])), "items.not_on_agenda", f"items[{index}].number"


@breaker
def it_closes_before_it_opens(members: Members, meeting: Meeting, chance: Random) -> Broken:
    broken = replace(meeting, closes_at=OPENS - timedelta(minutes=chance.choice([0, 1, 90])))
    return broken, "meeting.closes_before_opens", "closes_at"


@breaker
def it_never_closes(members: Members, meeting: Meeting, chance: Random) -> Broken:
    return replace(meeting, closes_at=None), "meeting.closes_missing", "closes_at"


@breaker
def a_time_without_offset(members: Members, meeting: Meeting, chance: Random) -> Broken:
    field = chance.choice(["opens_at", "closes_at"])
    naive: dict[str, datetime] = {field: (meeting.closes_at or OPENS).replace(tzinfo=None)}
    return replace(meeting, **naive), "meeting.offset_missing", field  # type: ignore[arg-type]


@breaker
def the_documents_came_late(members: Members, meeting: Meeting, chance: Random) -> Broken:
    """001 §5.8."""
    broken = replace(meeting, documents_delivered_on=DAY - timedelta(days=chance.randrange(2)))
    return broken, "notice.too_late", "documents_delivered_on"


@breaker
def a_member_is_invited(members: Members, meeting: Meeting, chance: Random) -> Broken:
    guests = (*meeting.invited, replace(GUEST, id=chance.choice(members).person.id))
    return replace(meeting, invited=guests), "invited.is_member", "invited[1].id"


@breaker
def a_guest_is_invited_twice(members: Members, meeting: Meeting, chance: Random) -> Broken:
    return replace(meeting, invited=meeting.invited * 2), "invited.duplicate", "invited[1].id"
