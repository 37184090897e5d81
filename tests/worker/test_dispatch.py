"""The contract of whatever runs the outbox: the same on a thread and on Celery, whichever broker and database."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from doc_service.domain.jobs import JobKind, JobState
from doc_service.jobs.watcher import QueueWatcher
from doc_service.system import SystemClock
from tests.worker.fleet import Fleet, until

SECOND = timedelta(seconds=1)


def test_every_job_of_every_kind_runs_once(fleet: Fleet) -> None:
    fleet.start()
    names = [f"{kind}{number}" for kind in JobKind for number in range(6)]
    for kind in JobKind:
        for number in range(6):
            fleet.enqueue(f"{kind}{number}", kind=kind)
    fleet.until_idle()
    assert fleet.done(names)
    assert fleet.effects() == Counter(names)


def test_jobs_from_before_the_workers_run(fleet: Fleet) -> None:
    names = [f"j{number}" for number in range(20)]
    fleet.enqueue(*names)
    fleet.start()
    fleet.until_idle()
    assert fleet.effects() == Counter(names)


def test_a_failure_that_passes_is_tried_again_and_one_that_stays_is_given_up(fleet: Fleet) -> None:
    fleet.start()
    fleet.enqueue("passes", fail="2")
    fleet.enqueue("stays", fail="99")
    fleet.enqueue("final", final="1")
    fleet.until_idle()
    assert [fleet.job(n).state for n in ("passes", "stays", "final")] == [JobState.DONE, JobState.DEAD, JobState.DEAD]
    assert fleet.effects() == {"passes": 3, "stays": 4, "final": 1}
    assert fleet.job("stays").last_error == "RetryableError: xidmət cavab vermir"


def test_what_was_given_up_gets_a_new_start(fleet: Fleet) -> None:
    fleet.start()
    fleet.enqueue("j1", final="1")
    fleet.until_idle()
    with fleet.units() as unit:
        assert unit.jobs.revive("j1", SystemClock().now())
        unit.commit()
    until(lambda: fleet.effects() == {"j1": 2})
    fleet.until_idle()
    assert fleet.job("j1").state is JobState.DEAD


def test_work_of_later_is_done_later(fleet: Fleet) -> None:
    fleet.start()
    fleet.enqueue("later", wait=2.0)
    fleet.enqueue("now")
    until(lambda: fleet.done(["now"]))
    assert fleet.effects() == {"now": 1}
    fleet.until_idle()
    assert fleet.effects() == {"now": 1, "later": 1}
    assert SystemClock().now() >= fleet.job("later").run_after


def test_a_process_that_only_watches_sees_the_end(fleet: Fleet) -> None:
    watcher = QueueWatcher(fleet.units, SystemClock())
    watcher.start()
    assert watcher.run_until_idle(SECOND)
    fleet.enqueue("j1", fail="1")
    assert not watcher.run_until_idle(SECOND / 5)
    fleet.start()
    assert watcher.run_until_idle(60 * SECOND)
    assert fleet.job("j1").state is JobState.DONE
    assert watcher.alive
    assert watcher.stop(SECOND)
