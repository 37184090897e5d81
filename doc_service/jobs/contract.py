"""What the runner needs: handlers, a wake-up, and units of work that can lengthen leases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
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
