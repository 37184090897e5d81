"""A rest for whoever does not answer, so that its time limit is not waited for at every call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """After a failure nobody asks for ``pause`` seconds; then one caller tries, and the others wait for what it finds.
    Safe for threads; each process has its own."""

    def __init__(self, pause: float = 15.0, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._pause = pause
        self._monotonic = monotonic
        self._rests_until: float | None = None
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Whether to ask now. After a rest only the first caller gets True, for another ``pause``."""
        with self._lock:
            now = self._monotonic()
            if self._rests_until is not None and now < self._rests_until:
                return False
            if self._rests_until is not None:
                self._rests_until = now + self._pause
            return True

    def failed(self) -> None:
        with self._lock:
            self._rests_until = self._monotonic() + self._pause

    def answered(self) -> None:
        with self._lock:
            self._rests_until = None

    @property
    def closed(self) -> bool:
        """Whether the last answer was none of failure."""
        return self._rests_until is None
