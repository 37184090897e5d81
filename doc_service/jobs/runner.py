"""Runs outbox jobs in this process: in this thread, until nothing is left, or in a thread of its own (DESIGN 3)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import JobKind
from doc_service.jobs.contract import Handler, JobUnits, Wake
from doc_service.jobs.executor import JobExecutor
from doc_service.jobs.policy import RetryPolicy, describe
from doc_service.ports import Clock, Ids

_log = logging.getLogger(__name__)


class JobRunner:
    """Runs due jobs one after the other; any number of runners may share a database.

    ``wake``: shared with whoever enqueues; a call of ``set`` ends the sleep. ``poll``: longest sleep. The rest is
    ``JobExecutor``'s.
    """

    def __init__(
        self,
        uow_factory: JobUnits,
        handlers: Mapping[JobKind, Handler],
        clock: Clock,
        ids: Ids,
        *,
        jitter: Callable[[], float],
        wake: Wake,
        policy: RetryPolicy | None = None,
        policies: Mapping[JobKind, RetryPolicy] | None = None,
        lease: timedelta = timedelta(minutes=1),
        poll: timedelta = timedelta(seconds=1),
    ) -> None:
        self._executor = JobExecutor(
            uow_factory, handlers, clock, ids, jitter=jitter, policy=policy, policies=policies, lease=lease
        )
        self._units = uow_factory
        self._clock = clock
        self._wake = wake
        self._poll = poll
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._failure: Exception | None = None

    def run_once(self) -> bool:
        """``JobExecutor.run_next``."""
        return self._executor.run_next()

    def run_job(self, job_id: str) -> bool:
        """``JobExecutor.run_job``."""
        return self._executor.run_job(job_id)

    def run_until_idle(self, timeout: timedelta) -> bool:
        """Runs jobs, waiting for those that are due later or leased by others, until none is ready any more; False
        when ``timeout`` has passed first. A job that is running then is not interrupted."""
        deadline = self._clock.now() + timeout
        while True:
            while self.run_once():
                if self._clock.now() >= deadline:
                    return self._next_due() is None
            due = self._next_due()
            if due is None:
                return True
            now = self._clock.now()
            if now >= deadline:
                return False
            self._sleep(min(due - now, deadline - now, self._poll))

    def start(self) -> None:
        """Starts the thread. Raises ``RuntimeError`` when it runs already."""
        if self._thread is not None:
            raise RuntimeError("the runner is started already")
        self._stopping.clear()
        self._failure = None
        self._thread = threading.Thread(target=self._loop, name="job-runner", daemon=True)
        self._thread.start()

    def stop(self, timeout: timedelta) -> bool:
        """Lets the running job end and stops the thread; False when it still runs after ``timeout``. Raises
        ``RuntimeError`` when the thread had ended by itself, with the cause."""
        thread = self._thread
        if thread is None:
            return True
        self._stopping.set()
        self._wake.set()
        thread.join(timeout.total_seconds())
        if thread.is_alive():
            return False
        self._thread = None
        if self._failure is not None:
            raise RuntimeError("the job runner had ended by itself") from self._failure
        return True

    @property
    def alive(self) -> bool:
        """Whether the thread runs; for health checks."""
        return self._thread is not None and self._thread.is_alive()

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = self.run_once()
            except DomainError as error:
                _log.warning("jobs wait, the database cannot be used: %s", describe(error))
                busy = False
            except Exception as error:
                _log.exception("the job runner ends")
                self._failure = error
                return
            if not busy:
                self._sleep(self._poll)

    def _sleep(self, longest: timedelta) -> None:
        self._wake.wait(max(longest.total_seconds(), 0.0))
        self._wake.clear()

    def _next_due(self) -> datetime | None:
        with self._units() as unit:
            return unit.jobs.next_due()
