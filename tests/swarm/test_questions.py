"""The judge of how often people were asked says no when it must."""

from __future__ import annotations

import pytest

from tools.swarm.questions import Operation, questions

ENDED = {"done": "", "failed": "lease.lost", "expired": "signing.remote_expired"}


def operation(name: str, state: str = "done", code: str | None = None, asked: int = 1, *requests: str) -> Operation:
    return Operation(name, "p1", state, ENDED[state] if code is None else code, asked, requests or ("r1",))


def journal(*operations: Operation) -> list[tuple[str, str]]:
    return [
        (o.id, f"operation.{name}") for o in operations for name in ("started", *["asked"] * o.asked, o.state)
    ]  # fmt: skip


def test_one_question_each() -> None:
    told = [operation("o1"), operation("o2", "done", "", 1, "r2", "r3"), operation("o3", "done", "", 0, "r4")]
    assert questions(told, journal(*told)).problems == []


@pytest.mark.parametrize("end", ["expired", "failed"])
def test_a_device_that_timed_out_is_asked_again_and_counted(end: str) -> None:
    told = [operation("o1", end), operation("o2")]
    found = questions(told, journal(*told))
    assert (found.problems, dict(found.again)) == ([], {ENDED[end]: 1})


@pytest.mark.parametrize(
    "told",
    [
        [operation("o1"), operation("o2")],
        [operation("o1", "failed", "signing.remote_bad_answer"), operation("o2")],
        [operation("o1", "expired"), operation("o2"), operation("o3")],
        [operation("o1", asked=2)],
    ],
)
def test_a_question_without_need_is_told(told: list[Operation]) -> None:
    (problem,) = questions(told, journal(*told)).problems
    assert "p1 was asked" in problem


def test_a_journal_with_a_gap_or_a_repetition_is_told() -> None:
    told = operation("o1")
    whole = journal(told)
    for place in range(3):
        assert questions([told], whole[:place] + whole[place + 1 :]).problems
        assert questions([told], [*whole, whole[place]]).problems


def test_an_operation_that_never_ended_is_told() -> None:
    left = Operation("o1", "p1", "waiting_device", "", 1, ("r1",))
    assert any("waiting_device" in p for p in questions([left], journal(left)).problems)
