"""Heeded, not heeded, open, and when an appeal may be made (001 §3.1.1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.recommendations import (
    Answer,
    RecommendationAction,
    RecommendationOutcome,
    RecommendationState,
    appeal_fault,
    in_term,
    next_state,
    require_appealable,
    state_of,
)

ADOPTED = date(2026, 11, 24)
TERM = date(2027, 2, 1)
NOW = datetime(2027, 3, 1, tzinfo=UTC)
S, A = RecommendationState, RecommendationAction
DAYS = st.dates(date(2026, 10, 1), date(2027, 6, 1))


def outcome(action: A, state: S, on: date) -> RecommendationOutcome:
    return RecommendationOutcome("r1", "d1", action, state, on, "Səbəb", None, "katib", NOW)


@given(day=DAYS, term=st.none() | DAYS, state=st.sampled_from(list(S)))
def test_an_appeal_is_possible_exactly_when_it_is_recorded_that_the_body_did_not_heed(
    day: date, term: date | None, state: S
) -> None:
    """001 §3.1.1: "həmin dövlət orqanının (qurumunun) bu tövsiyələrə əməl etmədiyi təqdirdə"."""
    fault = appeal_fault(state, term, day)
    assert (fault is None) is (state is S.NOT_HEEDED)
    if state is S.OPEN:
        assert fault is not None
        assert (fault.code == "appeal.in_term") is (term is not None and day <= term)


def test_each_refusal_of_an_appeal_says_why() -> None:
    for state, day, code in (
        (S.HEEDED, TERM, "appeal.heeded"),
        (S.OPEN, TERM, "appeal.in_term"),
        (S.OPEN, TERM + timedelta(days=1), "appeal.not_recorded"),
    ):
        with pytest.raises(ConflictError) as refused:
            require_appealable(state, TERM, day)
        assert refused.value.code == code
    require_appealable(S.NOT_HEEDED, TERM, ADOPTED)


def test_the_last_day_of_the_term_is_the_bodys_own() -> None:
    assert in_term(TERM, TERM)
    assert not in_term(TERM, TERM + timedelta(days=1))
    assert not in_term(None, ADOPTED)


@given(day=DAYS, answered=st.booleans())
def test_silence_is_no_disregard_before_the_term_is_over(day: date, answered: bool) -> None:
    expected = (
        "recommendation.too_early"
        if day < ADOPTED
        else "recommendation.in_term"
        if day <= TERM and not answered
        else ""
    )
    found = ""
    try:
        state = next_state([], A.DISREGARD, on=day, adopted_on=ADOPTED, term=TERM, answered=answered)
        assert state is S.NOT_HEEDED
    except DomainError as refused:
        found = refused.code
    assert found == expected


def test_no_record_is_of_a_day_before_the_last_one() -> None:
    past = [outcome(A.DISREGARD, S.NOT_HEEDED, TERM)]
    with pytest.raises(DomainError) as refused:
        next_state(past, A.HEED, on=TERM - timedelta(days=1), adopted_on=ADOPTED, term=TERM, answered=True)
    assert refused.value.faults[0].params == {"on": "2027-01-31", "since": "2027-02-01"}


class Recommendation(RuleBasedStateMachine):
    """Any steps on any days: where it stands is what the last record says, and nothing is recorded of nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.past: list[RecommendationOutcome] = []
        self.day = ADOPTED

    @rule(days=st.integers(0, 40), action=st.sampled_from(list(A)), answered=st.booleans())
    def record(self, days: int, action: A, answered: bool) -> None:
        before = state_of(self.past)
        day = self.day + timedelta(days=days)
        try:
            state = next_state(self.past, action, on=day, adopted_on=ADOPTED, term=TERM, answered=answered)
        except DomainError:
            assert state_of(self.past) is before
            return
        self.day = day
        answer = Answer("1", day) if answered else None
        self.past.append(RecommendationOutcome(str(len(self.past)), "d1", action, state, day, "x", answer, "k", NOW))

    @invariant()
    def silence_in_the_term_never_counts_as_disregard(self) -> None:
        for record in self.past:
            if record.action is A.DISREGARD and record.answer is None:
                assert record.on > TERM

    @precondition(lambda self: self.past)
    @rule()
    def a_heeded_one_is_reopened_before_anything_else(self) -> None:
        for before, after in zip(self.past, self.past[1:], strict=False):
            if before.state is S.HEEDED:
                assert after.action is A.REOPEN
            if before.state is S.OPEN:
                assert after.action is not A.REOPEN


TestRecommendation = Recommendation.TestCase
