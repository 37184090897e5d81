"""Calls that may hang, with a limit: probes of dependencies, and figures read at a scrape."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class NoAnswerError(Exception):
    """The call did not end in time; it is left to itself."""


class _Run(Generic[_T]):
    def __init__(self, call: Callable[[], _T]) -> None:
        self._call = call
        self.ended = threading.Event()
        self.value: _T
        self.error: Exception | None = None
        self.seconds = 0.0

    def run(self) -> None:
        began = time.monotonic()
        try:
            self.value = self._call()
        except Exception as error:
            self.error = error
        finally:
            self.seconds = time.monotonic() - began
            self.ended.set()


class BoundedCall(Generic[_T]):
    """``call`` in a thread of its own, one at a time: while an earlier one still hangs no further thread is started,
    so a dependency that is frozen for a day costs one thread. ``limit`` in seconds."""

    def __init__(self, name: str, call: Callable[[], _T], limit: float) -> None:
        self.name, self._call, self.limit = name, call, limit
        self._lock = threading.Lock()
        self._run: _Run[_T] | None = None

    def begin(self) -> Callable[[], tuple[_T, float]]:
        """Starts the call, or joins the one that runs; the function given back waits for it, counted from now, and
        gives its value and its seconds. That raises what the call raised, or ``NoAnswerError``."""
        deadline = time.monotonic() + self.limit
        with self._lock:
            if self._run is None or self._run.ended.is_set():
                self._run = _Run(self._call)
                threading.Thread(target=self._run.run, name=f"bounded-{self.name}", daemon=True).start()
            run = self._run

        def wait() -> tuple[_T, float]:
            if not run.ended.wait(max(deadline - time.monotonic(), 0.0)):
                raise NoAnswerError(f"no answer within {self.limit:g} s")
            if run.error is not None:
                raise run.error
            return run.value, run.seconds

        return wait

    def __call__(self) -> _T:
        return self.begin()()[0]
