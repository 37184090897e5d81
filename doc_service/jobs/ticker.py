"""Asks for regular work: checkpoints of the audit log also when nothing is archived (DESIGN 11), sweeps, reminders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from doc_service.domain.jobs import Job, JobKind
from doc_service.jobs.contract import JobUnits
from doc_service.jobs.periodic import Periodic
from doc_service.ports import Clock, Ids

_LONGEST_SLEEP = timedelta(minutes=1)
"""So that a clock that was set is noticed."""
_BETWEEN_TICKS = timedelta(milliseconds=50)


@dataclass(frozen=True, slots=True)
class Regular:
    """One job of ``kind`` for each ``every``. Time is cut in slots of that length from 1970 in UTC, moved by
    ``after``: a daily job is due at 04:00 in Baku, when nobody works, and with ``after`` five hours at 09:00. A slot
    that passed while nothing ran is not made up for."""

    kind: JobKind
    every: timedelta
    after: timedelta = timedelta()

    def __post_init__(self) -> None:
        if self.every < timedelta(seconds=1):
            raise ValueError("regular jobs are at least a second apart")

    def slot(self, now: datetime) -> int:
        return int((now - self.after).timestamp() // self.every.total_seconds())

    def next(self, now: datetime) -> datetime:
        """When the slot after that of ``now`` begins."""
        return datetime.fromtimestamp((self.slot(now) + 1) * self.every.total_seconds(), UTC) + self.after


class Ticker:
    """Enqueues the job of the present slot of each regular work; the key names the slot, so that any number of
    processes that tick ask for it once. It keeps nothing, in no file either: the rows say what was asked for."""

    def __init__(self, units: JobUnits, clock: Clock, ids: Ids, schedule: Sequence[Regular]) -> None:
        self._units, self._clock, self._ids = units, clock, ids
        self._schedule = tuple(schedule)
        self._periodic = Periodic("ticker", self._tick_and_tell)

    def tick(self) -> int:
        """How many jobs were asked for now; 0 when somebody has already."""
        now = self._clock.now()
        with self._units() as unit:
            asked = [
                unit.jobs.enqueue(Job(self._ids.new(), r.kind, f"{r.kind}:at:{r.slot(now)}", now))
                for r in self._schedule
            ]
            unit.commit()
        return sum(asked)

    def start(self) -> None:
        """Ticks at once, then at the beginning of each slot."""
        self._periodic.start()

    def stop(self) -> None:
        """Safe to call when it was never started."""
        self._periodic.stop()

    @property
    def alive(self) -> bool:
        return self._periodic.alive

    def _tick_and_tell(self) -> timedelta:
        self.tick()
        now = self._clock.now()
        waits = [r.next(now) - now + _BETWEEN_TICKS for r in self._schedule]
        return min([*waits, _LONGEST_SLEEP])
