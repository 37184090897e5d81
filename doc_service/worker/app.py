"""The one Celery task, ``run(job_id)``, in processes that each hold a service of their own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from typing import Any, Protocol

from celery import Celery, bootsteps
from celery.exceptions import Reject
from celery.signals import worker_process_init, worker_process_shutdown

from doc_service.domain.errors import DomainError
from doc_service.jobs.celery_app import TASK, BrokerOptions, make_celery
from doc_service.jobs.policy import describe

_log = logging.getLogger(__name__)

_PAUSE = timedelta(seconds=1)
_ALIVE_EVERY = timedelta(seconds=5)


class RunsJobs(Protocol):
    """``JobExecutor``, ``JobRunner``."""

    def run_job(self, job_id: str) -> bool: ...


OpenRunner = Callable[[], AbstractContextManager[RunsJobs]]


class Child:
    """What one worker process has open. Nothing of it may cross ``fork`` (database connections, LibreOffice's pipes,
    threads), so each process opens its own when it begins, and closes it in order when it ends.

    When it cannot be opened, e.g. while the database is down, the process lives on and tries again with each message;
    the message goes back to the queue.
    """

    def __init__(self, open_runner: OpenRunner, *, pause: timedelta = _PAUSE) -> None:
        self._open_runner, self._pause = open_runner, pause.total_seconds()
        self._stack = ExitStack()
        self._runner: RunsJobs | None = None
        self._lock = threading.Lock()

    def open(self) -> RunsJobs:
        """Once a process; threads share it."""
        with self._lock:
            if self._runner is None:
                self._runner = self._stack.enter_context(self._open_runner())
            return self._runner

    def begin(self, **_: Any) -> None:
        """At the start of the process; a failure is no reason to end it."""
        try:
            self.open()
        except Exception:
            _log.exception("the service could not be opened and is tried again with the next message")

    def end(self, **_: Any) -> None:
        with self._lock:
            self._runner = None
            self._stack.close()

    def run(self, job_id: str) -> None:
        """Runs the job if it is to be run. What the database cannot record now goes back to the queue after a pause,
        so that an outage does not empty the queue."""
        try:
            self.open().run_job(job_id)
        except DomainError as error:
            _log.warning("job %s goes back to the queue: %s", job_id, describe(error))
            time.sleep(self._pause)
            raise Reject(error.code, requeue=True) from error


def make_worker_app(
    options: BrokerOptions, open_runner: OpenRunner, *, on_alive: Callable[[], None] | None = None
) -> Celery:
    """The application whose worker runs jobs with what ``open_runner`` gives each of its processes. ``on_alive`` is
    called every five seconds by the worker's own event loop, for probes: it stops when the loop hangs."""
    app = make_celery(options)
    child = Child(open_runner)

    def run(job_id: str) -> None:
        child.run(job_id)

    app.task(run, name=TASK)
    worker_process_init.connect(child.begin, weak=False)
    worker_process_shutdown.connect(child.end, weak=False)
    if on_alive is not None:
        app.steps["worker"].add(_alive_step(on_alive))
    return app


def _alive_step(on_alive: Callable[[], None]) -> type:
    class Alive(bootsteps.StartStopStep):  # type: ignore[misc]
        requires = ("celery.worker.components:Timer",)

        def __init__(self, parent: Any, **options: Any) -> None:
            super().__init__(parent, **options)
            self.entry: Any = None

        def start(self, parent: Any) -> None:
            self.entry = parent.timer.call_repeatedly(_ALIVE_EVERY.total_seconds(), on_alive, priority=10)

        def stop(self, parent: Any) -> None:
            if self.entry is not None:
                self.entry.cancel()

    return Alive
