"""Background work as seen by a process that leaves it to others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from doc_service.jobs.contract import JobUnits
from doc_service.ports import Clock


class QueueWatcher:
    """``BackgroundJobs`` of the interface and of commands when workers do the work: it runs nothing itself.

    ``start`` and ``stop`` are called for the sake of what runs here beside it, e.g. a dispatcher; ``alive`` asks
    ``healthy``.
    """

    def __init__(
        self,
        units: JobUnits,
        clock: Clock,
        *,
        healthy: Callable[[], bool] = lambda: True,
        poll: timedelta = timedelta(milliseconds=100),
    ) -> None:
        self._units, self._clock, self._healthy, self._poll = units, clock, healthy, poll
        self._stopping = threading.Event()

    def start(self) -> None:
        self._stopping.clear()

    def stop(self, timeout: timedelta) -> bool:
        """Ends waits of other threads; True: nothing runs here."""
        self._stopping.set()
        return True

    @property
    def alive(self) -> bool:
        """What ``healthy`` says, for health checks."""
        return self._healthy()

    def run_until_idle(self, timeout: timedelta) -> bool:
        """Waits until no job is ready any more, also none that is due later or leased; False when ``timeout`` passed
        first."""
        deadline = self._clock.now() + timeout
        while True:
            with self._units() as unit:
                if unit.jobs.next_due() is None:
                    return True
            if self._clock.now() >= deadline or self._stopping.wait(self._poll.total_seconds()):
                return False
