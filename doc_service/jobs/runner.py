"""Runs outbox jobs: in this thread, until nothing is left, or in a thread of its own (DESIGN 3)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import Job, JobKind
from doc_service.jobs.contract import Handler, JobUnits, Wake
from doc_service.jobs.heartbeat import Heartbeat
from doc_service.jobs.policy import RetryPolicy, describe, is_retryable
from doc_service.ports import Clock, Ids

_log = logging.getLogger(__name__)

_BEATS_PER_LEASE = 3


class JobRunner:
    """Claims a due job under a lease, runs its handler, records the end; any number of runners may share a database.

    A runner that dies leaves a lease which runs out, and the job is claimed again; one that comes back late cannot
    finish what somebody else has taken over, since every record is conditional on its token.

    ``jitter`` gives numbers in [0, 1), e.g. ``random.random``. ``wake``: shared with whoever enqueues; a call of
    ``set`` ends the sleep. ``poll``: longest sleep. ``policies`` overrides ``policy`` for single kinds.
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
        self._units = uow_factory
        self._handlers = dict(handlers)
        self._clock = clock
        self._ids = ids
        self._jitter = jitter
        self._wake = wake
        self._policy = policy or RetryPolicy()
        self._policies = dict(policies or {})
        self._lease = lease
        self._poll = poll
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._failure: Exception | None = None

    def run_once(self) -> bool:
        """Runs one due job, if there is one; False when there is none. A failing job is recorded, not raised.

        Raises ``DomainError`` "persistence.unavailable" or "persistence.no_space" when claims or results cannot be
        recorded; the job is then claimed again once its lease has run out.
        """
        token = self._ids.new()
        job = self._claim(token)
        if job is None:
            return False
        if job.attempts >= self._policy_of(job).max_attempts:
            error = job.last_error or "the runner died each time it ran this job"
            self._record_failure(job, token, error=error, run_after=None)
        else:
            self._run(job, token)
        return True

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

    def _claim(self, token: str) -> Job | None:
        with self._units() as unit:
            now = self._clock.now()
            claimed = unit.jobs.claim(now, now + self._lease, token)
            unit.commit()
        return claimed[0] if claimed else None

    def _run(self, job: Job, token: str) -> None:
        try:
            with Heartbeat(lambda: self._renew(job, token), self._lease / _BEATS_PER_LEASE):
                self._handler_of(job)(job)
        except Exception as error:
            unforeseen = None if hasattr(error, "code") else error
            _log.warning("job %s (%s) failed: %s", job.key, job.kind, describe(error), exc_info=unforeseen)
            self._record_failure(job, token, error=describe(error), run_after=self._next_try(job, error))
        else:
            self._record_success(job, token)

    def _handler_of(self, job: Job) -> Handler:
        try:
            return self._handlers[job.kind]
        except KeyError:
            raise DomainError("job.no_handler", "kind", kind=str(job.kind)) from None

    def _next_try(self, job: Job, error: Exception) -> datetime | None:
        policy = self._policy_of(job)
        failures = job.attempts + 1
        if not is_retryable(error) or failures >= policy.max_attempts:
            return None
        return self._clock.now() + policy.delay(failures, self._jitter)

    def _policy_of(self, job: Job) -> RetryPolicy:
        return self._policies.get(job.kind, self._policy)

    def _renew(self, job: Job, token: str) -> bool:
        with self._units() as unit:
            kept = unit.job_leases.renew(job.id, token, self._clock.now() + self._lease)
            unit.commit()
        return kept

    def _record_success(self, job: Job, token: str) -> None:
        with self._units() as unit:
            kept = unit.jobs.finish(job.id, token)
            unit.commit()
        self._report_loss(job, kept)

    def _record_failure(self, job: Job, token: str, *, error: str, run_after: datetime | None) -> None:
        with self._units() as unit:
            kept = unit.jobs.fail(job.id, token, error=error, run_after=run_after)
            unit.commit()
        self._report_loss(job, kept)

    def _report_loss(self, job: Job, kept: bool) -> None:
        if not kept:
            _log.warning("job %s was taken over by another runner; its result here does not count", job.key)

    def _next_due(self) -> datetime | None:
        """When the next ready job may be claimed; None when there is none."""
        with self._units() as unit:
            pending = unit.jobs.pending()
        return min((_claimable_from(job) for job in pending), default=None)


def _claimable_from(job: Job) -> datetime:
    return job.run_after if job.lease_until is None else max(job.run_after, job.lease_until)
