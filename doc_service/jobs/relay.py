"""Brings every due job to the broker sooner or later, whatever was lost on the way."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from doc_service.domain.jobs import Backlog, JobKind
from doc_service.jobs.contract import Broker, BrokerUnavailable, JobUnits
from doc_service.jobs.periodic import Periodic
from doc_service.jobs.queues import Queue, kinds_of
from doc_service.ports import Clock

_log = logging.getLogger(__name__)

QUEUED_FOR = timedelta(minutes=15)
"""How long a job counts as handed to the broker. Longer than a queue is usually deep: publishing again before that
only adds messages that do nothing."""
_GRACE = timedelta(seconds=5)
_PERIOD = timedelta(seconds=2)
_AFTER_AN_OUTAGE = timedelta(seconds=5)
_BATCH = 500


class Relay:
    """Publishes due jobs that no message stands for. Any number may run: the mark is set by conditional update, and a
    message too many does nothing.

    A job is taken when it was never handed over (a retry whose time has come, a lease that ran out), and also when it
    was and the queue is empty after ``grace``: then its message is lost, whether the process died between commit and
    publishing, the broker was down, or its queue was purged. Under a queue that never gets empty, ``queued_for`` is the
    limit, unless the queue holds a message for each waiting job anyway.
    """

    def __init__(
        self,
        units: JobUnits,
        broker: Broker,
        clock: Clock,
        *,
        queued_for: timedelta = QUEUED_FOR,
        grace: timedelta = _GRACE,
        period: timedelta = _PERIOD,
        after_an_outage: timedelta = _AFTER_AN_OUTAGE,
        batch: int = _BATCH,
    ) -> None:
        self._units, self._broker, self._clock = units, broker, clock
        self._queued_for, self._grace, self._period, self._batch = queued_for, grace, period, batch
        self._after_an_outage = after_an_outage
        self._periodic = Periodic("job-relay", self._pass_and_tell)
        self.reachable = True

    def run_pass(self) -> int:
        """Publishes what is due once; how many. Raises ``BrokerUnavailable``, with the marks taken back, and
        ``DomainError`` "persistence.unavailable"."""
        with self._units() as unit:
            backlog = unit.jobs.backlog(self._clock.now())
        return sum(self._relay(queue, backlog) for queue in Queue)

    def start(self) -> None:
        self._periodic.start()

    def stop(self) -> None:
        """Safe to call when it was never started."""
        self._periodic.stop()

    @property
    def alive(self) -> bool:
        return self._periodic.alive

    def _relay(self, queue: Queue, backlog: Mapping[JobKind, Backlog]) -> int:
        waiting = sum(backlog[kind].due for kind in kinds_of(queue))
        if waiting == 0:
            return 0
        depth = self._broker.depth(queue)
        now = self._clock.now()
        until = now + self._queued_for
        lost = until - self._grace if depth == 0 else now if depth < waiting else None
        with self._units() as unit:
            jobs = unit.jobs.hand_over(kinds_of(queue), now, until, lost=lost, limit=self._batch)
            unit.commit()
        try:
            self._broker.publish(jobs)
        except BrokerUnavailable:
            with self._units() as unit:
                unit.jobs.take_back([job.id for job in jobs], until)
                unit.commit()
            raise
        return len(jobs)

    def _pass_and_tell(self) -> timedelta:
        try:
            published = self.run_pass()
        except BrokerUnavailable as error:
            if self.reachable:
                _log.warning("the broker cannot be reached, due jobs wait: %s", error)
            self.reachable = False
            return self._after_an_outage
        if not self.reachable:
            _log.warning("the broker answers again")
        self.reachable = True
        return timedelta() if published >= self._batch else self._period
