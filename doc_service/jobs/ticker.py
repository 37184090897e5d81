"""Asks for a checkpoint of the audit log at regular times, also when nothing is archived (DESIGN 11)."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import Job, JobKind
from doc_service.jobs.contract import JobUnits
from doc_service.ports import Clock, Ids

_log = logging.getLogger(__name__)


class CheckpointTicker:
    """A thread that enqueues one job for each ``every``; any number of processes ask for the same slot only once."""

    def __init__(self, units: JobUnits, clock: Clock, ids: Ids, every: timedelta) -> None:
        if every < timedelta(seconds=1):
            raise ValueError("checkpoints are at least a second apart")
        self._units, self._clock, self._ids, self._every = units, clock, ids, every
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def tick(self) -> bool:
        """Asks for this slot's checkpoint; False when somebody has already."""
        now = self._clock.now()
        slot = int(now.timestamp() // self._every.total_seconds())
        with self._units() as unit:
            asked = unit.jobs.enqueue(Job(self._ids.new(), JobKind.CHECKPOINT, f"checkpoint:at:{slot}", now))
            unit.commit()
        return asked

    def start(self) -> None:
        self._thread = threading.Thread(target=self._loop, name="checkpoint-ticker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Safe to call when it was never started."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _loop(self) -> None:
        while not self._stopping.wait(self._every.total_seconds()):
            try:
                self.tick()
            except DomainError as error:
                _log.warning("no checkpoint was asked for: %s", error.code)
