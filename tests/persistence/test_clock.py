"""One time for all machines: whatever a machine's own clock does, and however slowly the database answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.errors import DomainError
from doc_service.persistence.clock import SharedClock

START = datetime(2026, 11, 20, 9, tzinfo=UTC)


class World:
    """A true time, a monotonic clock that counts with it, a machine that errs by ``error``, and a database that takes
    ``takes`` seconds to answer, asked in the middle of them."""

    def __init__(self) -> None:
        self.passed, self.error, self.takes, self.out = 0.0, timedelta(), 0.0, False
        self.clock = SharedClock(self.ask, self, monotonic=lambda: 1000 + self.passed)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed) + self.error

    @property
    def true(self) -> datetime:
        return START + timedelta(seconds=self.passed)

    def ask(self) -> datetime:
        if self.out:
            raise DomainError("persistence.unavailable", "")
        self.passed += self.takes / 2
        told = self.true
        self.passed += self.takes / 2
        return told


def test_until_the_first_answer_the_machine_counts() -> None:
    world = World()
    world.error = timedelta(hours=1)
    assert world.clock.now() == world.true + timedelta(hours=1)


@given(st.lists(st.tuples(st.timedeltas(timedelta(days=-900), timedelta(days=900)), st.floats(0, 3600)), max_size=20))
def test_jumps_of_the_machines_clock_change_nothing(jumps: list[tuple[timedelta, float]]) -> None:
    world = World()
    world.clock.synchronise()
    for error, seconds in jumps:
        world.error = error
        world.passed += seconds
        assert abs(world.clock.now() - world.true) < timedelta(milliseconds=1)


def test_it_follows_the_database() -> None:
    world = World()
    world.clock.synchronise()
    world.clock._ask = lambda: world.true + timedelta(minutes=5)
    world.clock.synchronise()
    assert world.clock.now() == world.true + timedelta(minutes=5)


def test_a_slow_answer_does_not_move_it_and_a_quick_one_does_not_shake_it() -> None:
    world = World()
    world.clock.synchronise()
    for takes in (0.0, 0.2, 0.9, 30.0):
        world.takes = takes
        world.clock.synchronise()
        assert abs(world.clock.now() - world.true) < timedelta(milliseconds=1)


def test_it_counts_on_while_the_database_is_away() -> None:
    world = World()
    world.clock.synchronise()
    world.out, world.error, world.passed = True, timedelta(days=-2), 600.0
    with pytest.raises(DomainError):
        world.clock.synchronise()
    assert abs(world.clock.now() - world.true) < timedelta(milliseconds=1)
