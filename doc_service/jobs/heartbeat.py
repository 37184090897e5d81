"""Keeps a lease alive while what it is for goes on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Self

from doc_service.domain.errors import DomainError

_log = logging.getLogger(__name__)


class Heartbeat:
    """Calls ``renew`` every ``interval`` (real time) from a thread of its own while the block runs.

    ``renew`` says False when the lease was lost; the beating stops then and ``lost`` is set. A database out of reach
    is no loss yet: the next beat tries again. ``of``: whose lease it is, for people.
    """

    def __init__(self, renew: Callable[[], bool], interval: timedelta, *, of: str = "a job") -> None:
        self._renew = renew
        self._interval = interval.total_seconds()
        self._done = threading.Event()
        self._of = of
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self.lost = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self.lost and not self._done.wait(self._interval):
            try:
                self.lost = not self._renew()
            except DomainError as error:
                _log.warning("the lease of %s could not be renewed: %s", self._of, error.code)
