"""What the runner needs: handlers, a wake-up, and units of work that can lengthen leases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self

from doc_service.domain.jobs import Job
from doc_service.ports import Jobs

Handler = Callable[[Job], None]
"""Does the work of one job. It re-reads state by the ids in the payload and is safe to run twice: a runner may be
killed between the work and its record."""


class RetryableError(Exception):
    """Nothing was wrong with the job; the same work may succeed later."""

    retryable = True


class JobLeases(Protocol):
    def renew(self, job_id: str, token: str, until: datetime) -> bool:
        """Lengthens the lease that ``token`` holds; False when it was lost meanwhile."""
        ...


class JobUnit(Protocol):
    """The part of a unit of work that the runner uses."""

    @property
    def jobs(self) -> Jobs: ...

    @property
    def job_leases(self) -> JobLeases: ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def commit(self) -> None: ...


class JobUnits(Protocol):
    def __call__(self) -> JobUnit: ...


class Wake(Protocol):
    """Tells sleeping runners that there may be work; ``threading.Event`` is one. Missing a call costs one poll."""

    def set(self) -> None: ...
    def clear(self) -> None: ...
    def wait(self, timeout: float | None = None) -> bool: ...


class Dispatcher(Protocol):
    """Is told of committed jobs that are due at once, so that somebody runs them soon. It never raises and never waits
    for anything: the rows are committed, and what is not handed on now is found by a poll or by the relay."""

    def __call__(self, jobs: Sequence[Job]) -> None: ...


class WakesRunner:
    """``Dispatcher`` of a process that runs its jobs itself."""

    def __init__(self, wake: Wake) -> None:
        self._wake = wake

    def __call__(self, jobs: Sequence[Job]) -> None:
        self._wake.set()


class BackgroundJobs(Protocol):
    """How a process looks after background work: it runs the jobs itself (``JobRunner``), or others do and it watches
    (``QueueWatcher``)."""

    def start(self) -> None: ...
    def stop(self, timeout: timedelta) -> bool:
        """False when something still runs after ``timeout``."""
        ...

    @property
    def alive(self) -> bool: ...
    def run_until_idle(self, timeout: timedelta) -> bool:
        """Returns when no job is ready any more, also none that is due later; False when ``timeout`` passed first."""
        ...


class Broker(Protocol):
    """A message broker, as the relay uses it. Everything raises ``BrokerUnavailable`` within a few seconds when the
    broker does not answer."""

    def publish(self, jobs: Sequence[Job]) -> None:
        """Each message is accepted by the broker when this returns. Jobs before the one that failed may be published:
        a second message for a job does no harm."""
        ...

    def depth(self, queue: str) -> int:
        """How many messages wait in the queue, those that a worker holds not counted."""
        ...


class BrokerUnavailable(Exception):  # noqa: N818 - an outage, not a fault of the program
    """The broker cannot be reached, or does not confirm in time."""
