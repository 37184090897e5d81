"""What a body owes by when (001 §5.9.2, §5.3.1, §5.6.10)."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.body_kinds import CLUSTER_ORGAN, COORDINATION_GROUP, FOUNDERS_MEETING, rules_for
from doc_service.domain.duties import Deeds, Duty, DutyKind, DutyState, duties

RULES = rules_for(COORDINATION_GROUP)
LEAD = timedelta(days=45)
LONG_AGO = date(2024, 1, 13)
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))


def meeting_of(today: date, deeds: Deeds) -> dict[str, Duty]:
    return {d.period: d for d in duties(RULES, deeds, today, LEAD) if d.kind is DutyKind.MEETING}


def test_a_half_year_without_a_meeting_is_warned_of_before_it_ends() -> None:
    """001 §5.9.2: 6 (altı) ayda bir dəfədən az olmayaraq."""
    held = Deeds(LONG_AGO, held=[date(2026, 6, 30)])
    for today, state in (
        (date(2026, 7, 1), DutyState.AHEAD),
        (date(2026, 11, 15), DutyState.AHEAD),
        (date(2026, 11, 16), DutyState.DUE_SOON),
        (date(2026, 12, 31), DutyState.DUE_SOON),
    ):
        assert meeting_of(today, held)["2026-H2"].state is state
    overdue = meeting_of(date(2027, 1, 1), held)
    assert overdue["2026-H2"].state is DutyState.OVERDUE
    assert overdue["2027-H1"].state is DutyState.AHEAD
    assert overdue["2026-H2"].due_on == date(2026, 12, 31)
    assert overdue["2026-H2"].clause == "001 §5.9.2"


def test_a_meeting_held_or_convened_in_the_period_ends_the_warning() -> None:
    today = date(2026, 12, 20)
    assert meeting_of(today, Deeds(LONG_AGO, held=[date(2026, 7, 1)]))["2026-H2"].state is DutyState.DONE
    assert meeting_of(today, Deeds(LONG_AGO, convened=[date(2026, 12, 28)]))["2026-H2"].state is DutyState.PLANNED
    missed = Deeds(LONG_AGO, convened=[date(2026, 12, 10)])
    assert meeting_of(today, missed)["2026-H2"].state is DutyState.DUE_SOON
    next_year = Deeds(LONG_AGO, convened=[date(2027, 1, 10)])
    assert meeting_of(today, next_year)["2026-H2"].state is DutyState.DUE_SOON


def test_nothing_is_owed_for_a_period_that_began_before_the_body() -> None:
    assert meeting_of(date(2026, 12, 20), Deeds(date(2026, 9, 1))) == {}
    assert set(meeting_of(date(2027, 1, 2), Deeds(date(2026, 9, 1)))) == {"2027-H1"}


def test_the_programme_is_due_before_its_year_and_the_report_at_its_end() -> None:
    """001 §5.3.1, §5.6.10, §5.7."""
    found = {(d.kind, d.year): d for d in duties(RULES, Deeds(LONG_AGO, reports=[2025]), date(2026, 12, 1), LEAD)}
    assert found[DutyKind.PROGRAMME, 2027].state is DutyState.DUE_SOON
    assert found[DutyKind.PROGRAMME, 2026].state is DutyState.OVERDUE
    assert found[DutyKind.REPORT, 2026].state is DutyState.DUE_SOON
    assert (DutyKind.REPORT, 2025) not in found
    done = Deeds(LONG_AGO, programmes=[2026, 2027], reports=[2025, 2026])
    states = {d.state for d in duties(RULES, done, date(2026, 12, 1), LEAD) if d.kind is not DutyKind.MEETING}
    assert states == {DutyState.DONE}


def test_other_bodies_owe_what_their_own_rules_say() -> None:
    assert duties(rules_for(FOUNDERS_MEETING), Deeds(LONG_AGO), date(2026, 12, 1), LEAD) == ()
    (past, running) = duties(rules_for(CLUSTER_ORGAN), Deeds(LONG_AGO), date(2026, 12, 1), LEAD)
    assert (past.period, past.state) == ("2025", DutyState.OVERDUE)
    assert (running.period, running.state) == ("2026", DutyState.DUE_SOON)


@given(today=DAYS, held=st.lists(DAYS, max_size=6), lead=st.integers(0, 180))
def test_the_running_period_is_done_exactly_when_a_meeting_was_held_in_it(
    today: date, held: list[date], lead: int
) -> None:
    found = duties(RULES, Deeds(LONG_AGO, held=held), today, timedelta(days=lead))
    running = [d for d in found if d.kind is DutyKind.MEETING and d.opens_on and d.opens_on <= today <= d.due_on]
    assert len(running) == 1
    (duty,) = running
    assert duty.opens_on is not None
    done = any(duty.opens_on <= day <= duty.due_on for day in held)
    soon = today >= duty.due_on - timedelta(days=lead)
    assert duty.state is (DutyState.DONE if done else DutyState.DUE_SOON if soon else DutyState.AHEAD)
    assert [d.due_on for d in found] == sorted(d.due_on for d in found)
