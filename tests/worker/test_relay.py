"""Which jobs the relay publishes, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from doc_service.domain.jobs import Job, JobKind
from doc_service.jobs.contract import BrokerUnavailable
from doc_service.jobs.queues import QUEUE_OF, Queue, kinds_of
from doc_service.jobs.relay import Relay
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from tests.jobs.clocks import SettableClock
from tests.jobs.test_runner import until
from tests.persistence.engines import ENGINES
from tests.worker.brokers import MemoryBroker

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(ENGINES[request.param](tmp_path))
    migrate(engine)
    yield engine
    engine.dispose()


class Bench:
    def __init__(self, engine: Engine) -> None:
        self.clock, self.broker = SettableClock(), MemoryBroker()
        self.units = SqlUnitOfWorkFactory(engine)
        self.published_by_commit = SqlUnitOfWorkFactory(engine, queued_for=15 * MINUTE)
        self.relay = self.another()

    def another(self) -> Relay:
        return Relay(self.units, self.broker, self.clock, queued_for=15 * MINUTE, grace=5 * SECOND, batch=4)

    def enqueue(self, *names: str, units: SqlUnitOfWorkFactory | None = None, kind: JobKind = JobKind.RENDER) -> None:
        with (units or self.units)() as unit:
            for name in names:
                unit.jobs.enqueue(Job(name, kind, name, self.clock.now()))
            unit.commit()


@pytest.fixture
def bench(engine: Engine) -> Bench:
    return Bench(engine)


def test_every_kind_has_a_queue() -> None:
    assert set(QUEUE_OF) == set(JobKind)
    assert sorted(kind for queue in Queue for kind in kinds_of(queue)) == sorted(JobKind)


def test_a_due_job_is_published_once_by_any_number_of_relays(bench: Bench) -> None:
    bench.enqueue("j1")
    bench.enqueue("j2", kind=JobKind.EXTEND)
    assert [bench.relay.run_pass(), bench.another().run_pass(), bench.relay.run_pass()] == [2, 0, 0]
    assert bench.broker.queues[Queue.CONVERT] == ["j1"]
    assert bench.broker.queues[Queue.EXTEND] == ["j2"]


def test_a_batch_at_a_time_oldest_first(bench: Bench) -> None:
    bench.enqueue(*[f"j{n}" for n in range(6)])
    assert [bench.relay.run_pass(), bench.relay.run_pass(), bench.relay.run_pass()] == [4, 2, 0]
    assert bench.broker.queues[Queue.CONVERT] == [f"j{n}" for n in range(6)]


def test_what_the_commit_published_is_not_published_again(bench: Bench) -> None:
    bench.enqueue("j1", units=bench.published_by_commit)
    assert bench.relay.run_pass() == 0
    bench.broker.queues[Queue.CONVERT].append("j1")
    bench.clock.move(14 * MINUTE)
    assert bench.relay.run_pass() == 0


def test_a_message_that_never_came_is_sent_after_the_grace(bench: Bench) -> None:
    bench.enqueue("j1", units=bench.published_by_commit)
    bench.clock.move(4 * SECOND)
    assert bench.relay.run_pass() == 0
    bench.clock.move(SECOND)
    assert bench.relay.run_pass() == 1
    assert bench.relay.run_pass() == 0


def test_messages_of_a_purged_queue_are_sent_again(bench: Bench) -> None:
    bench.enqueue("j1", "j2")
    assert bench.relay.run_pass() == 2
    bench.broker.queues.clear()
    assert bench.relay.run_pass() == 0
    bench.clock.move(5 * SECOND)
    assert bench.relay.run_pass() == 2
    assert bench.broker.messages == {"j1": 1, "j2": 1}


def test_a_queue_that_holds_enough_messages_gets_no_more(bench: Bench) -> None:
    bench.enqueue("j1", "j2")
    bench.relay.run_pass()
    bench.clock.move(timedelta(days=1))
    assert bench.relay.run_pass() == 0


def test_a_message_lost_from_a_queue_that_never_empties_is_sent_after_a_while(bench: Bench) -> None:
    bench.enqueue("j1", "j2")
    bench.relay.run_pass()
    bench.broker.queues[Queue.CONVERT].remove("j1")
    bench.clock.move(14 * MINUTE)
    assert bench.relay.run_pass() == 0
    bench.clock.move(MINUTE)
    assert bench.relay.run_pass() == 2
    assert set(bench.broker.messages) == {"j1", "j2"}


def test_neither_running_nor_done_nor_later_jobs_are_published(bench: Bench) -> None:
    bench.enqueue("running", "done", "failed")
    now = bench.clock.now()
    with bench.units() as unit:
        for name in ("running", "done", "failed"):
            unit.jobs.claim_job(name, now, now + MINUTE, "t")
        unit.jobs.finish("done", "t", now)
        unit.jobs.fail("failed", "t", error="x", run_after=now + 2 * MINUTE, at=now)
        unit.commit()
    assert bench.relay.run_pass() == 0
    bench.clock.move(MINUTE)
    assert bench.relay.run_pass() == 1
    bench.clock.move(MINUTE)
    assert bench.relay.run_pass() == 1
    assert bench.broker.messages == {"running": 1, "failed": 1}


def test_what_a_broken_broker_did_not_take_is_published_when_it_is_back(bench: Bench) -> None:
    bench.enqueue("j1", "j2", "j3")
    bench.broker.accepts = 2
    with pytest.raises(BrokerUnavailable):
        bench.relay.run_pass()
    bench.broker.accepts, bench.broker.down = None, True
    with pytest.raises(BrokerUnavailable):
        bench.relay.run_pass()
    bench.broker.down = False
    assert bench.relay.run_pass() == 3
    assert set(bench.broker.messages) == {"j1", "j2", "j3"}


def test_a_started_relay_outlives_outages_and_tells_each_once(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(engine)
    relay = Relay(
        bench.units, bench.broker, bench.clock, period=SECOND / 50, after_an_outage=SECOND / 50, grace=5 * SECOND
    )
    bench.broker.down = True
    bench.enqueue("j1")
    relay.start()
    until(lambda: not relay.reachable)
    bench.enqueue("j2")
    bench.broker.down = False
    until(lambda: bench.broker.messages == Counter(["j1", "j2"]))
    until(lambda: relay.reachable)
    assert relay.alive
    relay.stop()
    assert not relay.alive
    assert [r.message.partition(":")[0] for r in caplog.records if "broker" in r.message] == [
        "the broker cannot be reached, due jobs wait",
        "the broker answers again",
    ]
