"""What became of a recommendation: heeded, not heeded, or still open (001 §3.1.1).

A recommendation that the state body did not follow is what the Group may bring before the Cabinet of Ministers. Each
answer is a record of its own and none is ever changed; where the recommendation stands is what the last one says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from doc_service.domain.errors import ConflictError, DomainError, Fault
from doc_service.domain.transitions import TransitionTable


class RecommendationState(StrEnum):
    """``open``: nothing is recorded yet, whether or not its term has passed."""

    OPEN = "open"
    HEEDED = "heeded"
    NOT_HEEDED = "not_heeded"


class RecommendationAction(StrEnum):
    HEED = "heed"
    DISREGARD = "disregard"
    REOPEN = "reopen"


_S, _A = RecommendationState, RecommendationAction

RECOMMENDATION_TRANSITIONS: TransitionTable[RecommendationState, RecommendationAction] = TransitionTable(
    "recommendation",
    {
        (_S.OPEN, _A.HEED): _S.HEEDED,
        (_S.OPEN, _A.DISREGARD): _S.NOT_HEEDED,
        (_S.NOT_HEEDED, _A.HEED): _S.HEEDED,
        (_S.HEEDED, _A.REOPEN): _S.OPEN,
        (_S.NOT_HEEDED, _A.REOPEN): _S.OPEN,
    },
)
"""A body may heed late; a mistaken record is put right by reopening, with its reason, and never by deleting."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The state body's letter: its number and date as they stand on it."""

    number: str
    dated: date


@dataclass(frozen=True, slots=True)
class RecommendationOutcome:
    """One record. ``on``: the day that it holds of (Baku); ``reason``: what the body answered or failed to do, in the
    secretariat's words; ``answer`` None: there was no letter; ``actor``: who recorded it, at ``at``."""

    id: str
    document_id: str
    action: RecommendationAction
    state: RecommendationState
    on: date
    reason: str
    answer: Answer | None
    actor: str
    at: datetime


def state_of(outcomes: Sequence[RecommendationOutcome]) -> RecommendationState:
    """Where the recommendation stands; ``outcomes`` in the order of recording."""
    return outcomes[-1].state if outcomes else RecommendationState.OPEN


def in_term(term: date | None, today: date) -> bool:
    """Whether the body still has time: the last day of the term is its own."""
    return term is not None and today <= term


def next_state(
    outcomes: Sequence[RecommendationOutcome],
    action: RecommendationAction,
    *,
    on: date,
    adopted_on: date,
    term: date | None,
    answered: bool,
) -> RecommendationState:
    """The state after ``action``. Silence is no disregard before the term is over ("recommendation.in_term"); nothing
    happens before the recommendation is registered or before the last record ("recommendation.too_early").

    Raises ``ConflictError`` "recommendation.already_open", "state.not_allowed" for a step that the table has not."""
    since = max([adopted_on, *(o.on for o in outcomes)])
    if on < since:
        raise DomainError("recommendation.too_early", "on", on=on.isoformat(), since=since.isoformat())
    if action is RecommendationAction.DISREGARD and not answered and in_term(term, on):
        assert term is not None
        raise DomainError("recommendation.in_term", "on", term=term.isoformat())
    if action is RecommendationAction.REOPEN and state_of(outcomes) is RecommendationState.OPEN:
        raise ConflictError("recommendation.already_open", "action")
    return RECOMMENDATION_TRANSITIONS.next(state_of(outcomes), action)


def appeal_fault(state: RecommendationState, term: date | None, today: date) -> Fault | None:
    """Why no appeal may be made now; None when it may (001 §3.1.1: "bu tövsiyələrə əməl etmədiyi təqdirdə").

    "appeal.heeded"; "appeal.in_term": open and the term runs; "appeal.not_recorded": open, the term is over or there is
    none, and it must first be recorded that it was not heeded."""
    if state is RecommendationState.NOT_HEEDED:
        return None
    if state is RecommendationState.HEEDED:
        return Fault("appeal.heeded", "recommendation")
    if in_term(term, today):
        assert term is not None
        return Fault("appeal.in_term", "recommendation", {"term": term.isoformat()})
    return Fault("appeal.not_recorded", "recommendation")


def require_appealable(state: RecommendationState, term: date | None, today: date) -> None:
    """Raises ``ConflictError`` with the code of ``appeal_fault``."""
    fault = appeal_fault(state, term, today)
    if fault is not None:
        raise ConflictError(fault.code, fault.field, **fault.params)
