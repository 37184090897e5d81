"""Small real clocks and ids for the job tests."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.persistence.samples import NOW


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class SettableClock:
    """Stands still until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def move(self, span: timedelta) -> None:
        self.at += span


@dataclass
class SleepingMovesClock:
    """A wake-up whose sleep moves the clock instead of taking time; keeps how long it was asked to sleep."""

    clock: SettableClock
    slept: list[timedelta] = field(default_factory=list)
    woken: bool = False

    def set(self) -> None:
        self.woken = True

    def clear(self) -> None:
        self.woken = False

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        if not self.woken:
            self.slept.append(timedelta(seconds=timeout))
            self.clock.move(timedelta(seconds=timeout))
        return self.woken


class CountingIds:
    """Ids "<prefix>1", "<prefix>2" …; safe to share between threads."""

    def __init__(self, prefix: str = "t") -> None:
        self._prefix = prefix
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def new(self) -> str:
        with self._lock:
            return f"{self._prefix}{next(self._numbers)}"
