"""Runs one outbox job: claim under a lease, handler, record of the end (DESIGN 3)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import Job, JobKind
from doc_service.jobs.contract import Handler, JobUnits
from doc_service.jobs.heartbeat import Heartbeat
from doc_service.jobs.policy import RetryPolicy, describe, is_outage, is_retryable
from doc_service.ports import Clock, Ids

_log = logging.getLogger(__name__)

_BEATS_PER_LEASE = 3


class JobExecutor:
    """Whatever makes it run a job, the row decides: it claims the row or does nothing. So a job that is asked for
    twice, late, or by a message that a broker delivered again, runs once.

    A process that dies leaves a lease which runs out, and the job is claimed again; one that comes back late cannot
    finish what somebody else has taken over, since every record is conditional on its token. Keeps no state: any
    number of threads may share one.

    ``jitter`` gives numbers in [0, 1), e.g. ``random.random``. ``policies`` overrides ``policy`` for single kinds.
    """

    def __init__(
        self,
        uow_factory: JobUnits,
        handlers: Mapping[JobKind, Handler],
        clock: Clock,
        ids: Ids,
        *,
        jitter: Callable[[], float],
        policy: RetryPolicy | None = None,
        policies: Mapping[JobKind, RetryPolicy] | None = None,
        lease: timedelta = timedelta(minutes=1),
    ) -> None:
        self._units = uow_factory
        self._handlers = dict(handlers)
        self._clock = clock
        self._ids = ids
        self._jitter = jitter
        self._policy = policy or RetryPolicy()
        self._policies = dict(policies or {})
        self._lease = lease

    def run_next(self) -> bool:
        """Runs the oldest due job, if there is one; False when there is none. A failing job is recorded, not raised.

        Raises ``DomainError`` "persistence.unavailable" or "persistence.no_space" when claims or results cannot be
        recorded; the job is then claimed again once its lease has run out.
        """
        token = self._ids.new()
        with self._units() as unit:
            now = self._clock.now()
            claimed = unit.jobs.claim(now, now + self._lease, token)
            unit.commit()
        return self._run(claimed[0] if claimed else None, token)

    def run_job(self, job_id: str) -> bool:
        """Runs this job; False when there is nothing to do: it is unknown, done, given up, not due, or leased by
        somebody. Raises as ``run_next``."""
        token = self._ids.new()
        with self._units() as unit:
            now = self._clock.now()
            claimed = unit.jobs.claim_job(job_id, now, now + self._lease, token)
            unit.commit()
        return self._run(claimed, token)

    def _run(self, job: Job | None, token: str) -> bool:
        if job is None:
            return False
        if job.attempts >= self._policy_of(job).max_attempts:
            error = job.last_error or "the runner died each time it ran this job"
            self._record_failure(job, token, error=error, run_after=None)
        else:
            self._handle(job, token)
        return True

    def _handle(self, job: Job, token: str) -> None:
        try:
            with Heartbeat(lambda: self._renew(job, token), self._lease / _BEATS_PER_LEASE):
                self._handler_of(job)(job)
        except Exception as error:
            unforeseen = None if hasattr(error, "code") or hasattr(error, "retryable") else error
            _log.warning("job %s (%s) failed: %s", job.key, job.kind, describe(error), exc_info=unforeseen)
            again = self._next_try(job, error)
            self._record_failure(job, token, error=describe(error), run_after=again, counts=not is_outage(error))
        else:
            self._record_success(job, token)

    def _handler_of(self, job: Job) -> Handler:
        try:
            return self._handlers[job.kind]
        except KeyError:
            raise DomainError("job.no_handler", "kind", kind=str(job.kind)) from None

    def _next_try(self, job: Job, error: Exception) -> datetime | None:
        policy, now = self._policy_of(job), self._clock.now()
        if is_outage(error):
            return now + policy.delay_in_outage(now - (job.created_at or job.run_after), self._jitter)
        failures = job.attempts + 1
        if not is_retryable(error) or failures >= policy.max_attempts:
            return None
        return now + policy.delay(failures, self._jitter)

    def _policy_of(self, job: Job) -> RetryPolicy:
        return self._policies.get(job.kind, self._policy)

    def _renew(self, job: Job, token: str) -> bool:
        with self._units() as unit:
            kept = unit.job_leases.renew(job.id, token, self._clock.now() + self._lease)
            unit.commit()
        return kept

    def _record_success(self, job: Job, token: str) -> None:
        with self._units() as unit:
            kept = unit.jobs.finish(job.id, token, self._clock.now())
            unit.commit()
        self._report_loss(job, kept)

    def _record_failure(
        self, job: Job, token: str, *, error: str, run_after: datetime | None, counts: bool = True
    ) -> None:
        with self._units() as unit:
            now = self._clock.now()
            kept = unit.jobs.fail(job.id, token, error=error, run_after=run_after, at=now, counts=counts)
            unit.commit()
        self._report_loss(job, kept)

    def _report_loss(self, job: Job, kept: bool) -> None:
        if not kept:
            _log.warning("job %s was taken over by another runner; its result here does not count", job.key)
