"""Hands committed jobs to a broker without making anybody wait for it."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from doc_service.domain.jobs import Job
from doc_service.jobs.contract import Broker, BrokerUnavailable

_log = logging.getLogger(__name__)

_CAPACITY = 10_000
_PAUSE = timedelta(seconds=5)


@dataclass(slots=True)
class DispatchFigures:
    """``missed``: jobs that were committed and not handed over from here; the relay brings them."""

    published: int = 0
    missed: int = 0


class BrokerDispatcher:
    """``Dispatcher`` that publishes from a thread of its own: a broker that is slow, frozen or away costs a request
    nothing. Jobs that wait here when the process dies are lost as messages only.

    After a failure it does not try for ``pause``, and at most ``capacity`` jobs wait: what is not handed over is
    counted, told once in an outage, and left to the relay. The thread begins with the first job, so one that was made
    before ``fork`` may be used after it.
    """

    def __init__(
        self,
        broker: Broker,
        *,
        pause: timedelta = _PAUSE,
        capacity: int = _CAPACITY,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._broker, self._pause, self._monotonic = broker, pause.total_seconds(), monotonic
        self._waiting: queue.Queue[Sequence[Job] | None] = queue.Queue(capacity)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._again_at = 0.0
        self.reachable = True
        self.figures = DispatchFigures()

    def __call__(self, jobs: Sequence[Job]) -> None:
        with self._lock:
            if self._closed:
                self.figures.missed += len(jobs)
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="job-dispatcher", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait(jobs)
        except queue.Full:
            self.figures.missed += len(jobs)

    def close(self, timeout: timedelta = timedelta(seconds=3)) -> None:
        """Publishes what waits, for ``timeout`` at most: a short command must not leave its work to the relay."""
        with self._lock:
            self._closed, thread = True, self._thread
        if thread is None:
            return
        try:
            self._waiting.put(None, timeout=timeout.total_seconds())
        except queue.Full:
            return
        thread.join(timeout.total_seconds())

    def _loop(self) -> None:
        while (jobs := self._waiting.get()) is not None:
            self._publish(jobs)

    def _publish(self, jobs: Sequence[Job]) -> None:
        if self._monotonic() < self._again_at:
            self.figures.missed += len(jobs)
            return
        try:
            self._broker.publish(jobs)
        except BrokerUnavailable as error:
            self.figures.missed += len(jobs)
            self._again_at = self._monotonic() + self._pause
            if self.reachable:
                _log.warning("the broker cannot be reached, jobs wait for the relay: %s", error)
            self.reachable = False
        except Exception:
            self.figures.missed += len(jobs)
            _log.exception("jobs were not handed over and wait for the relay")
        else:
            self.figures.published += len(jobs)
            if not self.reachable:
                _log.warning("the broker answers again")
            self.reachable = True
