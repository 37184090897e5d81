"""The life of a signing operation, walked at random."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.errors import ConflictError
from doc_service.domain.signing_operations import (
    LIVE,
    OPERATION_TRANSITIONS,
    ItemState,
    OperationAction,
    OperationItem,
    OperationState,
    SigningOperation,
)
from doc_service.messages.catalog import LANGUAGES, Catalog

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
S, A = OperationState, OperationAction
ENDS = {S.DONE, S.FAILED, S.EXPIRED, S.CANCELLED}


def operation(count: int = 2, **fields: object) -> SigningOperation:
    items = tuple(OperationItem(f"r{n}", f"d{n}") for n in range(count))
    values = {"created_at": NOW, "expires_at": NOW + timedelta(minutes=5), **fields}
    return SigningOperation("o1", "p1", "csc", "milli", items, **values)  # type: ignore[arg-type]


def test_every_state_is_reached_and_the_ends_are_the_ends() -> None:
    reached = {S.STARTED}
    while (
        grown := {OPERATION_TRANSITIONS.next(s, a) for s in reached for a in A if OPERATION_TRANSITIONS.allows(s, a)}
        - reached
    ):
        reached |= grown
    assert reached == set(S)
    assert {s for s in S if not any(OPERATION_TRANSITIONS.allows(s, a) for a in A)} == ENDS == set(S) - set(LIVE)


@given(st.lists(st.sampled_from(list(A)), max_size=30))
def test_a_walk(actions: list[OperationAction]) -> None:
    """Nothing leaves an end or is done undelivered; what is in hand is neither expired nor cancelled."""
    now = operation()
    delivered = False
    for action in actions:
        if not OPERATION_TRANSITIONS.allows(now.state, action):
            with pytest.raises(ConflictError, match="not_allowed"):
                now.moved(action)
            continue
        before, now = now.state, now.moved(action)
        delivered |= action is A.DELIVER
        assert before not in ENDS
        assert now.state is not S.DONE or delivered
        assert before is not S.COMPLETING or action not in (A.EXPIRE, A.CANCEL)
        assert now.live is (now.state not in ENDS)


@pytest.mark.parametrize("state", list(S))
def test_only_what_waits_times_out(state: OperationState) -> None:
    late = operation(state=state)
    assert not late.overdue(NOW + timedelta(minutes=4, seconds=59))
    assert late.overdue(NOW + timedelta(minutes=5)) is (state in (S.STARTED, S.WAITING_DEVICE, S.AUTHORISED))


def test_items() -> None:
    changed = operation(3).with_item("r1", state=ItemState.DONE).with_item("r2", state=ItemState.FAILED, code="x")
    assert [i.request_id for i in changed.open_items] == ["r0"]
    assert changed.item("r2").code == "x"
    assert operation().way == "csc/milli"
    assert operation(1).open_items[0].state is ItemState.WAITING


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_action_has_a_label(language: str) -> None:
    wanted = {f"label.state.{s}" for s in S} | {f"label.action.{a}" for a in A} | {"label.aggregate.signing_operation"}
    assert not wanted - Catalog(language).codes
