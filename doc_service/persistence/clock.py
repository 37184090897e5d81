"""One time for all machines: the database server's.

Leases, due moments and the order of events are compared between machines, and a machine's clock may be set at any
moment, by hours when somebody errs. Whoever works with this clock does not notice.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, text

from doc_service.persistence.dialect import open_connection
from doc_service.ports import Clock

_LONGEST_QUESTION = 1.0
"""Seconds: an answer that took longer says too little about when it was true."""
_TOLERANCE = 0.005


class SharedClock:
    """``Clock`` that was told the time once in a while and counts on by the monotonic clock, which nobody can set.

    ``ask`` gives the shared time and may raise; until it has answered once, ``machine`` counts. Safe for threads, and
    ``now`` never waits. It is not carried over ``fork``.
    """

    def __init__(
        self, ask: Callable[[], datetime], machine: Clock, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.machine = machine
        self._ask, self._monotonic = ask, monotonic
        self._anchor: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        anchor = self._anchor
        return self.machine.now() if anchor is None else self._counted(anchor, self._monotonic())

    def synchronise(self) -> None:
        """Asks for the time. What differs by less than the question took is left as it is, so that the clock does not
        tremble. Raises what ``ask`` does; the clock then counts on."""
        before = self._monotonic()
        told = self._ask()
        after = self._monotonic()
        anchor, middle = self._anchor, (before + after) / 2
        if anchor is not None:
            difference = abs((told - self._counted(anchor, middle)).total_seconds())
            if after - before > _LONGEST_QUESTION or difference <= (after - before) / 2 + _TOLERANCE:
                return
        self._anchor = (told, middle)

    @staticmethod
    def _counted(anchor: tuple[datetime, float], moment: float) -> datetime:
        return anchor[0] + timedelta(seconds=moment - anchor[1])


def server_time(engine: Engine) -> datetime:
    """The clock of PostgreSQL's machine, UTC. Raises ``DomainError`` of the database."""
    with open_connection(engine, read_only=True) as connection:
        told: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return told
