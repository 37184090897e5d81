"""One job a slot of each regular work, whoever asks."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from doc_service.domain.jobs import JobKind
from doc_service.jobs.periodic import Periodic
from doc_service.jobs.ticker import Regular, Ticker
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.system import RandomIds
from tests.jobs.clocks import SettableClock, SystemClock
from tests.jobs.test_runner import until

HOUR = timedelta(hours=1)
SCHEDULE = (Regular(JobKind.CHECKPOINT, HOUR), Regular(JobKind.SWEEP, 24 * HOUR), Regular(JobKind.REMIND, 24 * HOUR))


def keys(units: SqlUnitOfWorkFactory) -> list[str]:
    with units.reading() as unit:
        return sorted(j.key.partition(":")[0] for j in unit.jobs.pending())


def test_one_job_a_slot_whoever_asks(engine: Engine) -> None:
    units, clock = SqlUnitOfWorkFactory(engine), SettableClock()
    tickers = [Ticker(units, clock, RandomIds(), SCHEDULE) for _ in range(2)]
    assert [t.tick() for t in tickers] == [3, 0]
    clock.move(HOUR)
    assert [t.tick() for t in reversed(tickers)] == [1, 0]
    assert keys(units) == ["checkpoint", "checkpoint", "remind", "sweep"]
    clock.move(24 * HOUR)
    assert [t.tick() for t in tickers] == [3, 0]


def test_a_clock_set_back_asks_for_nothing_twice(engine: Engine) -> None:
    units, clock = SqlUnitOfWorkFactory(engine), SettableClock()
    ticker = Ticker(units, clock, RandomIds(), SCHEDULE)
    assert ticker.tick() == 3
    clock.move(HOUR)
    ticker.tick()
    clock.move(-HOUR)
    assert ticker.tick() == 0


moments = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
spans = st.timedeltas(timedelta(seconds=1), timedelta(days=40))


@given(now=moments, every=spans)
def test_slots_follow_each_other_without_gap(now: datetime, every: timedelta) -> None:
    regular = Regular(JobKind.SWEEP, every)
    after = regular.next(now)
    assert timedelta() < after - now <= every + timedelta(milliseconds=1)
    assert regular.slot(after + timedelta(milliseconds=50)) == regular.slot(now) + 1


def test_daily_work_is_due_at_four_in_baku() -> None:
    assert Regular(JobKind.SWEEP, 24 * HOUR).next(datetime(2026, 11, 21, 9, tzinfo=UTC)).hour == 0


def test_slots_are_a_second_at_least() -> None:
    with pytest.raises(ValueError, match="second"):
        Regular(JobKind.SWEEP, timedelta(milliseconds=999))


def test_a_started_ticker_asks_at_once_and_in_each_slot(engine: Engine) -> None:
    units = SqlUnitOfWorkFactory(engine)
    ticker = Ticker(units, SystemClock(), RandomIds(), [Regular(JobKind.CHECKPOINT, timedelta(seconds=1))])
    ticker.start()
    until(lambda: len(keys(units)) >= 3)
    assert ticker.alive
    ticker.stop()
    assert not ticker.alive


def test_stopping_before_the_first_tick_is_quick_and_safe(engine: Engine) -> None:
    ticker = Ticker(SqlUnitOfWorkFactory(engine), SettableClock(), RandomIds(), SCHEDULE)
    ticker.stop()
    ticker.start()
    with pytest.raises(RuntimeError):
        ticker.start()
    ticker.stop()


def test_regular_work_outlives_whatever_goes_wrong() -> None:
    calls: list[int] = []
    enough = threading.Event()

    def work() -> timedelta:
        calls.append(1)
        if len(calls) == 2:
            raise OSError("gone")
        if len(calls) == 3:
            enough.set()
        return timedelta()

    periodic = Periodic("test", work, after_an_error=timedelta(milliseconds=10))
    periodic.start()
    assert enough.wait(10)
    periodic.stop()
