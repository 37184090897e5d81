"""Runners in processes of their own that are killed while they work: no job is lost, none counts twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import Engine

from doc_service.domain.jobs import JobState
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from tests.jobs.clocks import SystemClock
from tests.persistence.samples import job

ROOT = Path(__file__).parents[2]

WORKER = """
import random, sys, threading, time, uuid
from datetime import timedelta
from doc_service.domain.jobs import JobKind
from doc_service.jobs.runner import JobRunner
from doc_service.persistence.engine import make_engine
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from tests.jobs.clocks import SystemClock

class Ids:
    def new(self):
        return str(uuid.uuid4())

def work(job):
    print("start", job.id, flush=True)
    time.sleep(float(sys.argv[2]))

units = SqlUnitOfWorkFactory(make_engine(sys.argv[1]))
runner = JobRunner(units, dict.fromkeys(JobKind, work), SystemClock(), Ids(), jitter=random.random,
                   wake=threading.Event(), lease=timedelta(seconds=2), poll=timedelta(seconds=0.05))
sys.exit(0 if runner.run_until_idle(timedelta(seconds=60)) else 1)
"""


def start(url: str, pause: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, url, str(pause)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_jobs_of_a_killed_runner_are_taken_over(engine: Engine, database_url: str) -> None:
    units = SqlUnitOfWorkFactory(engine)
    names = [f"j{number}" for number in range(20)]
    with units() as unit:
        for name in names:
            unit.jobs.enqueue(job(name, run_after=SystemClock().now()))
        unit.commit()
    victim = start(database_url, 30)
    assert victim.stdout
    victims_job = victim.stdout.readline().split()[1]
    workers = [start(database_url, 0.01) for _ in range(2)]
    os.kill(victim.pid, signal.SIGKILL)
    victim.communicate(timeout=10)
    killed_at = time.monotonic()
    outputs = [worker.communicate(timeout=60)[0] for worker in workers]
    assert time.monotonic() - killed_at < 30
    assert [worker.returncode for worker in workers] == [0, 0]
    started = sorted(line.split()[1] for output in outputs for line in output.splitlines())
    assert started == sorted(names)
    with units() as unit:
        assert {unit.jobs.get(name).state for name in names} == {JobState.DONE}
        assert {name: unit.jobs.get(name).attempts for name in names if unit.jobs.get(name).attempts} == {
            victims_job: 1
        }
