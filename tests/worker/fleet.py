"""A service small enough to test: a database, whoever dispatches, whoever works."""

from __future__ import annotations

import json
import random
import secrets
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from doc_service.domain.jobs import Job, JobKind, JobState
from doc_service.jobs.celery_app import BrokerOptions
from doc_service.jobs.celery_broker import CeleryBroker
from doc_service.jobs.contract import WakesRunner
from doc_service.jobs.dispatch import BrokerDispatcher
from doc_service.jobs.relay import Relay
from doc_service.jobs.runner import JobRunner
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.system import RandomIds, SystemClock
from tests.worker.handlers import handlers, make_table
from tests.worker.worker_process import POLICY
from tools.servers.process import Process

ROOT = Path(__file__).parents[2]
LEASE = timedelta(seconds=2)
QUEUED_FOR = timedelta(seconds=60)


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


class Fleet:
    """What every fleet has: the database with its jobs, and what the handlers wrote."""

    def __init__(self, database: str, on_enqueue: Callable[[Sequence[Job]], None], queued: timedelta | None) -> None:
        self.database = database
        self.engine = make_engine(database)
        migrate(self.engine)
        make_table(self.engine)
        self.units = SqlUnitOfWorkFactory(self.engine, on_enqueue=on_enqueue, queued_for=queued)
        self._stack = ExitStack()
        self._stack.callback(self.engine.dispose)

    def close(self) -> None:
        self._stack.close()

    def start(self) -> None:
        """Whoever works begins."""
        raise NotImplementedError

    def enqueue(self, *names: str, kind: JobKind = JobKind.RENDER, wait: float = 0.0, **payload: str) -> None:
        now = SystemClock().now()
        with self.units() as unit:
            for name in names:
                due = now + timedelta(seconds=wait)
                unit.jobs.enqueue(Job(name, kind, f"key:{name}", due, payload, created_at=now))
            unit.commit()

    def job(self, name: str) -> Job:
        with self.units.reading() as unit:
            return unit.jobs.get(name)

    def effects(self) -> Counter[str]:
        with self.engine.connect() as connection:
            return Counter(connection.scalars(text("SELECT job_id FROM effects")))

    def pids(self, name: str) -> list[int]:
        with self.engine.connect() as connection:
            query = text("SELECT pid FROM effects WHERE job_id = :name")
            return list(connection.scalars(query, {"name": name}))

    def until_idle(self, seconds: float = 60.0) -> None:
        def idle() -> bool:
            with self.units.reading() as unit:
                return unit.jobs.next_due() is None

        until(idle, seconds)

    def done(self, names: Sequence[str]) -> bool:
        with self.units.reading() as unit:
            return all(unit.jobs.get(name).state is JobState.DONE for name in names)


class ThreadFleet(Fleet):
    def __init__(self, database: str) -> None:
        wake = threading.Event()
        super().__init__(database, WakesRunner(wake), None)
        self.runner = JobRunner(
            self.units, handlers(self.engine), SystemClock(), RandomIds(), jitter=random.random,
            wake=wake, policy=POLICY, lease=LEASE, poll=timedelta(seconds=0.1),
        )  # fmt: skip

    def start(self) -> None:
        self.runner.start()
        self._stack.callback(self.runner.stop, timedelta(seconds=30))


class CeleryFleet(Fleet):
    """Workers are processes; dispatcher and relay are here."""

    def __init__(self, database: str, options: BrokerOptions, directory: Path, **worker: Any) -> None:
        self.options, self.directory, self._worker = options, directory, worker
        self.broker = CeleryBroker(options)
        self.dispatcher = BrokerDispatcher(self.broker, pause=timedelta(seconds=0.5))
        super().__init__(database, self.dispatcher, QUEUED_FOR)
        self.workers: list[Process] = []
        self.relay = Relay(
            self.units, CeleryBroker(options), SystemClock(),
            queued_for=QUEUED_FOR, grace=timedelta(seconds=1), period=timedelta(seconds=0.3),
        )  # fmt: skip
        self._stack.callback(self.broker.close)
        self._stack.callback(self.dispatcher.close)

    def start(self) -> None:
        self.start_relay()
        self.start_worker()

    def start_relay(self) -> None:
        self.relay.start()
        self._stack.callback(self.relay.stop)

    def start_worker(self, **changes: Any) -> Process:
        """Ready when it answers its first sign of life."""
        name = f"w{len(self.workers)}-{secrets.token_hex(4)}"
        alive = self.directory / f"{name}.alive"
        given = {
            "broker": self.options.url, "namespace": self.options.namespace, "quorum": self.options.quorum,
            "database": self.database, "lease": LEASE.total_seconds(), "name": f"{name}@{socket.gethostname()}",
            "alive": str(alive), **self._worker, **changes,
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.worker.worker_process", json.dumps(given)]
        log = self.directory / f"{name}.log"
        worker = Process(
            name, command, lambda: not given.get("wait", True) or self._said_ready(given["name"]), log=log,
            environment={"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        self.workers.append(worker)
        self._stack.callback(worker.kill)
        return worker.start()

    def _said_ready(self, name: str) -> bool:
        return bool(self.ping(name))

    def ping(self, name: str) -> Any:
        """What ``celery inspect ping`` of this worker answers."""
        from doc_service.jobs.celery_app import make_celery

        return make_celery(self.options).control.inspect([name], timeout=1.0).ping()
