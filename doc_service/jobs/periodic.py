"""A thread that does something again and again until it is stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from doc_service.domain.errors import DomainError
from doc_service.jobs.policy import describe

_log = logging.getLogger(__name__)
_AFTER_AN_ERROR = timedelta(seconds=5)


class Periodic:
    """Calls ``work`` in a thread of its own; ``work`` returns how long to wait until it is called again.

    Whatever goes wrong is logged and tried again: regular work must outlive every outage. A database out of reach is
    told in one line, anything else with its trace.
    """

    def __init__(
        self, name: str, work: Callable[[], timedelta], *, after_an_error: timedelta = _AFTER_AN_ERROR
    ) -> None:
        self._name, self._work, self._after_an_error = name, work, after_an_error
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Raises ``RuntimeError`` when it runs already."""
        if self._thread is not None:
            raise RuntimeError(f"{self._name} is started already")
        self._stopping.clear()
        self._thread = threading.Thread(target=self._loop, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Waits for the call that runs. Safe when it was never started."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _loop(self) -> None:
        pause = timedelta()
        while not self._stopping.wait(max(pause.total_seconds(), 0.0)):
            try:
                pause = self._work()
            except DomainError as error:
                _log.warning("%s: %s", self._name, describe(error))
                pause = self._after_an_error
            except Exception:
                _log.exception("%s failed and is tried again", self._name)
                pause = self._after_an_error
