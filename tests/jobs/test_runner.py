"""The runner: success, failure, retries, leases, wake-up and threads."""

from __future__ import annotations

import errno
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import Job, JobKind, JobState
from doc_service.jobs.contract import Handler, RetryableError, WakesRunner
from doc_service.jobs.policy import RetryPolicy
from doc_service.jobs.runner import JobRunner
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from storage.api import StorageError
from tests.jobs.clocks import CountingIds, SettableClock, SleepingMovesClock, SystemClock
from tests.persistence.samples import NOW, job

SECOND = timedelta(seconds=1)
POLICY = RetryPolicy(base=SECOND, cap=4 * SECOND, spread=0.0, max_attempts=4)


class Bench:
    """A runner on a clock that stands still, with the jobs that its handler saw."""

    def __init__(self, engine: Engine, work: Handler | None = None, **options: Any) -> None:
        self.units = SqlUnitOfWorkFactory(engine)
        self.clock = SettableClock()
        self.wake = SleepingMovesClock(self.clock)
        self.seen: list[Job] = []
        self.work = work
        options = {"policy": POLICY, "lease": 10 * SECOND, "poll": 60 * SECOND, **options}
        handlers: dict[JobKind, Handler] = {JobKind.RENDER: self.handle}
        self.runner = JobRunner(
            self.units, handlers, self.clock, CountingIds(), jitter=lambda: 0.0, wake=self.wake, **options
        )

    def handle(self, given: Job) -> None:
        self.seen.append(given)
        if self.work is not None:
            self.work(given)

    def enqueue(self, *jobs: Job) -> None:
        with self.units() as unit:
            for new in jobs:
                unit.jobs.enqueue(new)
            unit.commit()

    def stored(self, name: str = "j1") -> Job:
        with self.units() as unit:
            return unit.jobs.get(name)


def raising(error: Exception) -> Handler:
    def work(_: Job) -> None:
        raise error

    return work


def test_nothing_to_do(engine: Engine) -> None:
    bench = Bench(engine)
    assert bench.runner.run_once() is False
    bench.enqueue(job(run_after=NOW + SECOND))
    assert bench.runner.run_once() is False
    assert bench.seen == []


def test_a_job_runs_once_and_is_done(engine: Engine) -> None:
    bench = Bench(engine)
    bench.enqueue(job())
    assert bench.runner.run_once() is True
    assert bench.runner.run_once() is False
    assert bench.seen == [replace(job(), lease_token="t1", lease_until=NOW + 10 * SECOND)]
    assert bench.stored() == replace(job(), state=JobState.DONE)


def test_a_retryable_failure_waits_longer_each_time_and_then_dies(engine: Engine) -> None:
    bench = Bench(engine, raising(RetryableError("TSA cavab vermir")))
    bench.enqueue(job())
    assert bench.runner.run_until_idle(timedelta(hours=1)) is True
    assert bench.wake.slept == [SECOND, 2 * SECOND, 4 * SECOND]
    assert [given.attempts for given in bench.seen] == [0, 1, 2, 3]
    dead = bench.stored()
    assert (dead.state, dead.attempts) == (JobState.DEAD, 4)
    assert dead.last_error == "RetryableError: TSA cavab vermir"


def test_a_full_disk_of_the_machine_is_no_failure_of_the_job(engine: Engine) -> None:
    def work(given: Job) -> None:
        if len(bench.seen) < 30:
            raise RetryableError("render.failed") from OSError(errno.ENOSPC, "No space left on device")

    bench = Bench(engine, work)
    bench.enqueue(job())
    assert bench.runner.run_until_idle(timedelta(hours=1)) is True
    assert (bench.stored().state, bench.stored().attempts) == (JobState.DONE, 0)


def test_an_outage_may_last_however_long(engine: Engine) -> None:
    """What others are to blame for is waited for, ever more rarely, and counts as no failure of the job."""
    back_at = NOW + 40 * SECOND

    def work(given: Job) -> None:
        if bench.clock.now() < back_at:
            raise StorageError("storage.unavailable", reason="refused")

    bench = Bench(engine, work)
    bench.enqueue(job())
    assert bench.runner.run_until_idle(timedelta(hours=1)) is True
    done = bench.stored()
    assert (done.state, done.attempts) == (JobState.DONE, 0)
    assert len(bench.seen) > POLICY.max_attempts
    assert max(bench.wake.slept) == POLICY.cap


def test_a_failure_that_passes_is_caught_up(engine: Engine) -> None:
    def fails_twice(given: Job) -> None:
        if given.attempts < 2:
            raise ConnectionResetError("reset")

    bench = Bench(engine, fails_twice)
    bench.enqueue(job())
    assert bench.runner.run_until_idle(timedelta(hours=1)) is True
    done = bench.stored()
    assert (done.state, done.attempts, len(bench.seen)) == (JobState.DONE, 2, 3)
    assert done.last_error == "ConnectionResetError: reset"


def test_a_final_error_kills_the_job_at_once(engine: Engine) -> None:
    bench = Bench(engine, raising(DomainError("template.broken", "template", name="kq-protokol.v1")))
    bench.enqueue(job())
    assert bench.runner.run_until_idle(SECOND) is True
    dead = bench.stored()
    assert (dead.state, dead.attempts, len(bench.seen)) == (JobState.DEAD, 1, 1)
    assert dead.last_error == "template.broken template name=kq-protokol.v1"


def test_a_kind_without_handler_is_kept_with_its_error(engine: Engine) -> None:
    bench = Bench(engine)
    bench.enqueue(job(kind=JobKind.CHECKPOINT))
    assert bench.runner.run_once() is True
    assert bench.stored().last_error == "job.no_handler kind kind=checkpoint"
    assert bench.stored().state is JobState.DEAD


def test_a_kind_may_have_its_own_policy(engine: Engine) -> None:
    patient = RetryPolicy(base=SECOND, cap=SECOND, spread=0.0, max_attempts=9)
    bench = Bench(engine, raising(RetryableError("x")), policies={JobKind.RENDER: patient})
    bench.enqueue(job())
    assert bench.runner.run_until_idle(timedelta(hours=1)) is True
    assert len(bench.seen) == 9


def test_one_failing_job_does_not_hold_up_the_others(engine: Engine) -> None:
    def work(given: Job) -> None:
        if given.id == "bad":
            raise RetryableError("x")

    bench = Bench(engine, work)
    bench.enqueue(job("bad"), *(job(f"good{n}") for n in range(3)))
    for _ in range(4):
        assert bench.runner.run_once()
    assert [given.id for given in bench.seen] == ["bad", "good0", "good1", "good2"]


def test_idle_waits_for_work_that_work_enqueues(engine: Engine) -> None:
    bench = Bench(engine)

    def chain(given: Job) -> None:
        number = int(given.id)
        if number < 3:
            bench.enqueue(job(str(number + 1), run_after=bench.clock.now() + 30 * SECOND))

    bench.work = chain
    bench.enqueue(job("0"))
    assert bench.runner.run_until_idle(timedelta(hours=1)) is True
    assert [given.id for given in bench.seen] == ["0", "1", "2", "3"]


def test_idle_gives_up_at_its_time_out(engine: Engine) -> None:
    bench = Bench(engine, raising(RetryableError("x")))
    bench.enqueue(job())
    assert bench.runner.run_until_idle(2 * SECOND) is False
    assert bench.clock.now() == NOW + 2 * SECOND
    assert bench.stored().state is JobState.READY


# Crashes and lost leases


def test_a_crash_between_claim_and_finish_is_run_again_after_the_lease(engine: Engine) -> None:
    bench = Bench(engine)
    bench.enqueue(job())
    with bench.units() as unit:
        unit.jobs.claim(NOW, NOW + 10 * SECOND, "of a runner that was killed")
        unit.commit()
    assert bench.runner.run_once() is False
    bench.clock.move(10 * SECOND)
    assert bench.runner.run_once() is True
    assert (bench.stored().state, bench.stored().attempts) == (JobState.DONE, 1)


def test_a_job_that_kills_every_runner_ends_dead(engine: Engine) -> None:
    bench = Bench(engine)
    bench.enqueue(job())
    for number in range(POLICY.max_attempts):
        with bench.units() as unit:
            assert unit.jobs.claim(bench.clock.now(), bench.clock.now() + SECOND, f"killed{number}")
            unit.commit()
        bench.clock.move(SECOND)
    assert bench.runner.run_once() is True
    assert bench.seen == []
    assert bench.stored().state is JobState.DEAD
    assert bench.stored().last_error == "the runner died each time it ran this job"


@pytest.mark.parametrize("outcome", [None, RetryableError("x"), DomainError("template.broken")])
def test_a_runner_that_lost_its_lease_changes_nothing(engine: Engine, outcome: Exception | None) -> None:
    bench = Bench(engine)

    def overtaken(_: Job) -> None:
        bench.clock.move(10 * SECOND)
        with bench.units() as unit:
            assert unit.jobs.claim(bench.clock.now(), bench.clock.now() + 10 * SECOND, "another")
            unit.commit()
        if outcome is not None:
            raise outcome

    bench.work = overtaken
    bench.enqueue(job())
    assert bench.runner.run_once() is True
    kept = bench.stored()
    assert (kept.state, kept.lease_token, kept.last_error) == (JobState.READY, "another", "")


def test_results_that_cannot_be_recorded_are_raised_and_the_job_comes_again(engine: Engine) -> None:
    bench = Bench(engine)

    def hide_the_table(_: Job) -> None:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE jobs RENAME TO hidden"))

    bench.work = hide_the_table
    bench.enqueue(job())
    with pytest.raises(DomainError, match="persistence"):
        bench.runner.run_once()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE hidden RENAME TO jobs"))
    bench.work = None
    bench.clock.move(10 * SECOND)
    assert bench.runner.run_once() is True
    assert (len(bench.seen), bench.stored().state) == (2, JobState.DONE)


# Real time: heartbeat, threads, wake-up


def real_runner(units: SqlUnitOfWorkFactory, handler: Handler, wake: threading.Event, **options: Any) -> JobRunner:
    handlers = dict.fromkeys(JobKind, handler)
    ids = options.pop("ids", CountingIds())
    return JobRunner(units, handlers, SystemClock(), ids, jitter=lambda: 0.0, wake=wake, **options)


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.005)


def enqueue_now(units: SqlUnitOfWorkFactory, *names: str) -> None:
    with units() as unit:
        for name in names:
            unit.jobs.enqueue(job(name, run_after=SystemClock().now()))
        unit.commit()


def states(units: SqlUnitOfWorkFactory, names: list[str]) -> set[JobState]:
    with units.reading() as unit:
        return {unit.jobs.get(name).state for name in names}


def test_the_heartbeat_keeps_the_lease_of_a_long_job(engine: Engine) -> None:
    units = SqlUnitOfWorkFactory(engine)
    lease = timedelta(seconds=1.2)
    stolen: list[Job] = []

    def long_work(given: Job) -> None:
        end = time.monotonic() + 2.0
        while time.monotonic() < end:
            with units() as unit:
                now = SystemClock().now()
                stolen.extend(unit.jobs.claim(now, now + lease, "thief"))
                unit.commit()
            time.sleep(0.05)

    enqueue_now(units, "j1")
    assert real_runner(units, long_work, threading.Event(), lease=lease).run_once()
    assert stolen == []
    assert states(units, ["j1"]) == {JobState.DONE}


def test_a_started_runner_is_woken_by_the_commit(engine: Engine) -> None:
    wake = threading.Event()
    units = SqlUnitOfWorkFactory(engine, on_enqueue=WakesRunner(wake))
    ran = threading.Event()
    runner = real_runner(units, lambda _: ran.set(), wake, poll=timedelta(seconds=60))
    runner.start()
    with pytest.raises(RuntimeError):
        runner.start()
    time.sleep(0.2)
    started = time.monotonic()
    enqueue_now(units, "j1")
    assert ran.wait(10)
    assert time.monotonic() - started < 5
    until(lambda: states(units, ["j1"]) == {JobState.DONE})
    assert runner.alive
    assert runner.stop(timedelta(seconds=10)) is True
    assert not runner.alive
    assert runner.stop(timedelta(seconds=10)) is True
    runner.start()
    assert runner.stop(timedelta(seconds=10)) is True


def test_an_idle_runner_sleeps_after_it_was_woken(engine: Engine) -> None:
    class CountedIds(CountingIds):
        asked = 0

        def new(self) -> str:
            self.asked += 1
            return super().new()

    wake, ids = threading.Event(), CountedIds()
    runner = real_runner(SqlUnitOfWorkFactory(engine), lambda _: None, wake, ids=ids, poll=timedelta(seconds=60))
    runner.start()
    until(lambda: ids.asked == 1)
    wake.set()
    until(lambda: ids.asked >= 2)
    time.sleep(0.3)
    assert ids.asked <= 3
    assert runner.stop(timedelta(seconds=10))


def test_stop_lets_the_running_job_end(engine: Engine) -> None:
    units = SqlUnitOfWorkFactory(engine)
    running, go_on = threading.Event(), threading.Event()

    def work(_: Job) -> None:
        running.set()
        assert go_on.wait(10)

    runner = real_runner(units, work, threading.Event())
    enqueue_now(units, "j1", "j2")
    runner.start()
    assert running.wait(10)
    assert runner.stop(timedelta(seconds=0.05)) is False
    go_on.set()
    assert runner.stop(timedelta(seconds=10)) is True
    with units.reading() as unit:
        assert [unit.jobs.get(name).state for name in ("j1", "j2")] == [JobState.DONE, JobState.READY]


def test_the_thread_outlives_a_database_that_is_away_for_a_while(engine: Engine) -> None:
    units = SqlUnitOfWorkFactory(engine)
    runner = real_runner(units, lambda _: None, threading.Event(), poll=timedelta(seconds=0.02))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE jobs RENAME TO hidden"))
    runner.start()
    time.sleep(0.2)
    assert runner.alive
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE hidden RENAME TO jobs"))
    enqueue_now(units, "j1")
    until(lambda: states(units, ["j1"]) == {JobState.DONE})
    assert runner.stop(timedelta(seconds=10))


def test_a_thread_that_ends_by_itself_tells_why(engine: Engine) -> None:
    class BrokenIds:
        def new(self) -> str:
            raise OSError("no randomness left")

    runner = real_runner(SqlUnitOfWorkFactory(engine), lambda _: None, threading.Event(), ids=BrokenIds())
    runner.start()
    until(lambda: not runner.alive)
    with pytest.raises(RuntimeError) as caught:
        runner.stop(timedelta(seconds=10))
    assert isinstance(caught.value.__cause__, OSError)


def test_two_runners_at_once_share_the_work_without_doing_it_twice(engine: Engine) -> None:
    wake = threading.Event()
    units = SqlUnitOfWorkFactory(engine, on_enqueue=WakesRunner(wake))
    seen: list[str] = []
    runners = [real_runner(units, lambda given: seen.append(given.id), wake, ids=CountingIds(p)) for p in "ab"]
    names = [f"j{number}" for number in range(60)]
    for runner in runners:
        runner.start()
    for name in names:
        enqueue_now(units, name)
    until(lambda: states(units, names) == {JobState.DONE}, 30)
    for runner in runners:
        assert runner.stop(timedelta(seconds=10))
    assert Counter(seen) == Counter(names)
