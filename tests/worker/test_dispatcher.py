"""Whoever commits does not wait for the broker."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from doc_service.domain.jobs import Job, JobKind
from doc_service.jobs.dispatch import BrokerDispatcher
from doc_service.jobs.queues import Queue
from tests.jobs.test_runner import until
from tests.worker.brokers import MemoryBroker

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def job(name: str) -> Job:
    return Job(name, JobKind.RENDER, name, NOW)


def test_jobs_are_published_in_their_order() -> None:
    broker = MemoryBroker()
    dispatch = BrokerDispatcher(broker)
    for number in range(100):
        dispatch([job(f"j{number}"), job(f"k{number}")])
    dispatch.close()
    assert broker.queues[Queue.CONVERT] == [f"{letter}{n}" for n in range(100) for letter in "jk"]
    assert dispatch.figures.published == 200


def test_an_outage_is_told_once_and_not_tried_again_at_once(caplog: pytest.LogCaptureFixture) -> None:
    broker, now = MemoryBroker(), 0.0
    dispatch = BrokerDispatcher(broker, pause=timedelta(seconds=5), monotonic=lambda: now)
    broker.down = True
    for number in range(3):
        dispatch([job(f"j{number}")])
    until(lambda: dispatch.figures.missed == 3)
    assert (broker.calls, dispatch.reachable) == (1, False)
    now = 5.0
    dispatch([job("j3")])
    until(lambda: dispatch.figures.missed == 4)
    broker.down, now = False, 10.0
    dispatch([job("j4")])
    until(lambda: dispatch.figures.published == 1)
    assert dispatch.reachable
    assert [r.levelname for r in caplog.records] == ["WARNING", "WARNING"]


def test_a_hanging_broker_holds_up_nobody_and_no_endless_memory() -> None:
    broker = MemoryBroker()
    broker.hold = threading.Event()
    dispatch = BrokerDispatcher(broker, capacity=3)
    for number in range(10):
        dispatch([job(f"j{number}")])
    assert dispatch.figures.missed in (6, 7)
    dispatch.close(timedelta(seconds=0.05))
    broker.hold.set()
    until(lambda: dispatch.figures.published + dispatch.figures.missed == 10)
    dispatch([job("late")])
    assert dispatch.figures.missed + dispatch.figures.published == 11


def test_a_fault_of_the_program_costs_one_batch(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(MemoryBroker):
        def publish(self, jobs: object) -> None:
            raise KeyError("x")

    dispatch = BrokerDispatcher(Broken())
    dispatch([job("j1")])
    dispatch([job("j2")])
    dispatch.close()
    assert dispatch.figures.missed == 2
    assert dispatch.reachable


def test_closing_what_never_began() -> None:
    BrokerDispatcher(MemoryBroker()).close()
