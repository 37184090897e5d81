"""How far the reserve centre is behind the archive."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from doc_service.ports import Clock


@dataclass(frozen=True, slots=True)
class ReplicationTimes:
    """``pending`` changes are not in the reserve yet, the oldest since ``oldest``; ``dead`` ones were given up.
    ``last_success``: when a change was last followed."""

    pending: int
    dead: int
    oldest: datetime | None
    last_success: datetime | None


class ReplicationJobs(Protocol):
    """What the outbox knows of replication."""

    def times(self) -> ReplicationTimes: ...
    def deletions(self) -> Collection[str]:
        """Keys whose deletion was announced and is not followed yet."""
        ...


@dataclass(frozen=True, slots=True)
class Lag:
    """``age`` of the oldest change that the reserve lacks; zero when it has all."""

    times: ReplicationTimes
    age: timedelta

    def as_json(self) -> dict[str, Any]:
        """Ages in seconds, moments in ISO 8601."""
        last = self.times.last_success
        return {
            "pending": self.times.pending,
            "dead": self.times.dead,
            "oldest_age_seconds": self.age.total_seconds(),
            "last_success": last.isoformat() if last else None,
        }


@dataclass(frozen=True, slots=True)
class ReplicationLag:
    """Counts from the moment a change was made: attempts in between do not make it younger."""

    jobs: ReplicationJobs
    clock: Clock

    def __call__(self) -> Lag:
        times = self.jobs.times()
        age = timedelta() if times.oldest is None else max(timedelta(), self.clock.now() - times.oldest)
        return Lag(times, age)
