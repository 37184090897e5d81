"""The figures of a year add up, whatever the records (001 §5.6.10, §5.7, §5.9.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doc_service.domain.bodies import ActKind, Body
from doc_service.domain.body_kinds import COORDINATION_GROUP, FOUNDERS_MEETING, MEMBERS_MEETING, rules_for
from doc_service.domain.errors import DomainError
from doc_service.domain.meetings import Attendance, Choice, Meeting, MeetingState, Presence, Vote
from doc_service.domain.year_parts import YearPart, calendar_months, part_of, parts_of, term_name
from doc_service.domain.yearly_figures import period_figures, yearly_figures
from doc_service.instruments.group.kq_illik_hesabat import kq_illik_hesabat
from tests.domain.domain_builders import attends_as, body_of, person, sound_meetings

BAKU = timezone(timedelta(hours=4))
RULES = rules_for(COORDINATION_GROUP)
YEAR = 2026


def body(size: int) -> Body:
    return Body("kq", "Qrup", "Qrup", "Agentlik", "1", "Bakı", RULES, body_of(size), person("katib", 3))


def _standing_power(entry: Attendance) -> Attendance:
    """The delegate's power of attorney holds on any day of the test."""
    if entry.delegate is None:
        return entry
    power = replace(entry.delegate.power, issued_on=date(2025, 1, 1))
    return replace(entry, delegate=replace(entry.delegate, power=power))


@st.composite
def years(draw: st.DrawFn) -> tuple[Body, list[Meeting]]:
    """Up to three sound meetings of one body on any days of 2025–2027, some of them convened only."""
    made = [draw(sound_meetings(RULES)) for _ in range(draw(st.integers(0, 3)))]
    size = max((len(members) for members, _ in made), default=3)
    found = []
    for number, (_, meeting) in enumerate(made, 1):
        day = draw(st.dates(date(2025, 6, 1), date(2027, 6, 1)))
        state = draw(st.sampled_from([MeetingState.HELD, MeetingState.HELD, MeetingState.CONVENED]))
        opens = datetime(day.year, day.month, day.day, 10, tzinfo=BAKU)
        meeting = replace(meeting, attendance=tuple(_standing_power(a) for a in meeting.attendance))
        found.append(replace(meeting, id=f"m{number}", number=number, opens_at=opens, state=state))
    return body(size), found


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(years())
def test_totals_add_up(made: tuple[Body, list[Meeting]]) -> None:
    of_body, meetings = made
    figures = yearly_figures(of_body, YEAR, meetings, issued={})
    counted = [m for m in meetings if m.state is MeetingState.HELD and m.opens_at.year == YEAR]
    assert [m.number for m in figures.meetings] == [m.number for m in sorted(counted, key=lambda m: (m.opens_at, m.id))]
    for row in figures.members:
        assert row.in_person + row.delegated + row.absent == row.meetings <= len(counted)
    assert sum(r.in_person + r.delegated for r in figures.members) == sum(m.attending for m in figures.meetings)
    assert sum(r.meetings for r in figures.members) == sum(m.members for m in figures.meetings)
    for act in figures.acts:
        assert act.adopted + act.not_adopted == act.put_to_vote
    items = sum(m.items for m in figures.meetings)
    assert sum(a.put_to_vote for a in figures.acts) + figures.heard_only == items
    assert sum(p.meetings for p in figures.periods) == len(counted)


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(years())
def test_the_report_made_of_them_breaks_no_rule(made: tuple[Body, list[Meeting]]) -> None:
    """What is counted always passes the instrument's own cross-checks."""
    of_body, meetings = made
    of_body = replace(of_body, rules=RULES)
    instrument = kq_illik_hesabat({COORDINATION_GROUP: RULES})
    figures = yearly_figures(of_body, YEAR, meetings, issued={ActKind.DECISION: 1})
    data = instrument.from_figures(of_body, figures, date(YEAR, 12, 30), overview="İl")
    assert instrument.check(instrument.validate(data)) == ()


def test_a_member_counts_only_for_meetings_of_the_own_term() -> None:
    members = body_of(3)
    late = replace(members[2], since=date(2026, 6, 1))
    of_body = replace(body(3), members=(*members[:2], late))
    attendance = tuple(attends_as(m.person.id, Presence.PRESENT) for m in members)
    meeting = Meeting(
        "m1", "kq", "ordinary", 1, "Bakı", datetime(2026, 3, 1, tzinfo=BAKU), None, date(2026, 2, 1), (), attendance,
        state=MeetingState.HELD,
    )  # type: ignore[arg-type]  # fmt: skip
    figures = yearly_figures(of_body, YEAR, [meeting], issued={})
    assert [(m.person.id, m.meetings) for m in figures.members] == [("m0", 1), ("m1", 1)]
    assert figures.meetings[0].members == 2


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(sound_meetings(RULES))
def test_votes_that_cannot_be_counted_are_an_error_and_no_figure(made: tuple[object, Meeting]) -> None:
    _, meeting = made
    twice = (Vote("m0", Choice.FOR), Vote("m0", Choice.FOR))
    broken = replace(meeting, items=(replace(meeting.items[0], act_kind=ActKind.DECISION, votes=twice),))
    with pytest.raises(DomainError, match=r"report\.votes_uncountable"):
        yearly_figures(body(len(meeting.attendance)), YEAR, [broken], issued={})


def test_a_half_year_without_a_meeting_is_told() -> None:
    """001 §5.9.2."""
    found = period_figures(RULES, YEAR, [date(2026, 7, 1), date(2026, 12, 31)])
    assert [(p.part.number, p.meetings, p.kept) for p in found] == [(1, 0, False), (2, 2, True)]
    assert len(period_figures(rules_for(MEMBERS_MEETING), YEAR, [])) == 1
    assert period_figures(rules_for(FOUNDERS_MEETING), YEAR, []) == ()


@given(day=st.dates(date(2001, 1, 1), date(2900, 1, 1)), months=st.sampled_from([1, 2, 3, 4, 6, 12]))
def test_parts_fill_the_year_without_gap_or_overlap(day: date, months: int) -> None:
    part = part_of(day, months)
    assert part.holds(day)
    assert sum(p.holds(day) for p in parts_of(day.year, months)) == 1
    assert part.following.first == part.last + timedelta(days=1)


def test_terms_are_named_by_what_they_fill() -> None:
    assert term_name(date(2027, 1, 1), date(2027, 12, 31)) == "il ərzində"
    assert term_name(date(2027, 7, 1), date(2027, 12, 31)) == "II yarımil"
    assert term_name(date(2027, 4, 1), date(2027, 6, 30)) == "II rüb"
    assert term_name(date(2027, 4, 2), date(2027, 6, 30)) == ""
    assert YearPart(2028, 1, 2).last == date(2028, 2, 29)
    assert [calendar_months(n) for n in (1, 5, 6, 7, 12, 18)] == [1, 4, 6, 6, 12, 12]
    with pytest.raises(ValueError, match="divide"):
        parts_of(2027, 5)
