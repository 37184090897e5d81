"""One checkpoint a slot, whoever asks."""

from __future__ import annotations

from datetime import timedelta

from doc_service.domain.jobs import JobKind
from doc_service.jobs.ticker import CheckpointTicker
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.system import RandomIds
from tests.jobs.clocks import SettableClock


def test_one_job_a_slot_whoever_asks(engine) -> None:
    units, clock = SqlUnitOfWorkFactory(engine), SettableClock()
    tickers = [CheckpointTicker(units, clock, RandomIds(), timedelta(hours=1)) for _ in range(2)]
    assert [t.tick() for t in tickers] == [True, False]
    clock.move(timedelta(hours=1))
    assert [t.tick() for t in tickers] == [True, False]
    with units.reading() as unit:
        assert [j.kind for j in unit.jobs.pending()] == [JobKind.CHECKPOINT] * 2


def test_stopping_before_the_first_tick_is_quick_and_safe(engine) -> None:
    ticker = CheckpointTicker(SqlUnitOfWorkFactory(engine), SettableClock(), RandomIds(), timedelta(hours=1))
    ticker.stop()
    ticker.start()
    ticker.stop()
