"""Notice and interval of meetings (001 §5.8, §5.9.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.body_kinds import COORDINATION_GROUP, FOUNDERS_MEETING, rules_for
from doc_service.domain.meetings import AgendaItem, Matter, Meeting, MeetingKind
from doc_service.domain.notice import add_months, next_meeting_due, notice_days, notice_faults
from tests.domain.domain_builders import DAY, OPENS

KQ = rules_for(COORDINATION_GROUP)
DATES = st.dates(date(1990, 1, 1), date(2200, 1, 1))


def convened(kind: MeetingKind, days_before: int, reason: str = "") -> Meeting:
    agenda = (AgendaItem(1, "Məsələ", Matter.OTHER, "m0"),)
    delivered = DAY - timedelta(days=days_before)
    return Meeting("i", "kq", kind, 1, "Bakı", OPENS, None, delivered, agenda, late_reason=reason)


@pytest.mark.parametrize(("kind", "required"), [(MeetingKind.ORDINARY, 5), (MeetingKind.EXTRAORDINARY, 2)])
@given(days=st.integers(0, 60))
def test_the_period_is_kept_or_a_fault_names_both_figures(kind: MeetingKind, required: int, days: int) -> None:
    """001 §5.8: 5 days before an ordinary, 2 before an extraordinary meeting."""
    faults = notice_faults(KQ, convened(kind, days))
    if days >= required:
        assert faults == ()
    else:
        assert [(f.code, f.field) for f in faults] == [("notice.too_late", "documents_delivered_on")]
        assert faults[0].params == {"given": days, "required": required, "clause": "001 §5.8"}


@given(st.sampled_from(MeetingKind), st.integers(0, 10))
def test_a_recorded_reason_excuses_a_short_notice_but_blanks_are_no_reason(kind: MeetingKind, days: int) -> None:
    assert notice_faults(KQ, convened(kind, days, "təbii fəlakət")) == ()
    assert bool(notice_faults(KQ, convened(kind, days, "  \n"))) is bool(notice_faults(KQ, convened(kind, days)))


@given(st.integers(-60, -1), st.sampled_from(["", "səbəb"]))
def test_documents_after_the_meeting_are_never_excused(days: int, reason: str) -> None:
    faults = notice_faults(KQ, convened(MeetingKind.ORDINARY, days, reason))
    assert [f.code for f in faults] == ["notice.after_meeting"]


def test_a_body_without_a_notice_rule_asks_for_none() -> None:
    assert notice_faults(rules_for(FOUNDERS_MEETING), convened(MeetingKind.ORDINARY, 0)) == ()


def test_the_day_of_the_meeting_is_the_civil_day_where_it_is_held() -> None:
    """00:30 in Baku is still the day before in UTC."""
    early = datetime(2026, 11, 20, 0, 30, tzinfo=timezone(timedelta(hours=4)))
    meeting = replace(convened(MeetingKind.ORDINARY, 5), opens_at=early)
    assert notice_faults(KQ, meeting) == ()
    assert notice_days(date(2026, 11, 15), meeting.opens_at.date()) == 5


@given(DATES)
def test_the_next_meeting_is_due_within_six_months(last: date) -> None:
    """001 §5.9.2."""
    due = next_meeting_due(KQ, last)
    assert due is not None
    assert (due.year * 12 + due.month) - (last.year * 12 + last.month) == 6
    assert due.day == last.day or (due.day < last.day and (due + timedelta(days=1)).day == 1)


def test_due_dates_at_month_ends_and_without_a_rule() -> None:
    assert next_meeting_due(KQ, date(2026, 8, 31)) == date(2027, 2, 28)
    assert next_meeting_due(KQ, date(2027, 8, 31)) == date(2028, 2, 29)
    assert next_meeting_due(KQ, date(2026, 12, 15)) == date(2027, 6, 15)
    assert next_meeting_due(rules_for(FOUNDERS_MEETING), DAY) is None


@given(DATES, st.integers(0, 600), st.integers(1, 600))
def test_more_months_are_always_later(day: date, months: int, more: int) -> None:
    assert add_months(day, 0) == day
    assert add_months(day, months + more) > add_months(day, months)
