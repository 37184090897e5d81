"""The clock of the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Engine

from doc_service.jobs.periodic import Periodic
from doc_service.persistence.clock import SharedClock, server_time
from doc_service.persistence.dialect import POSTGRESQL
from doc_service.ports import Clock
from doc_service.system import SystemClock

EVERY = timedelta(seconds=10)
"""Two good oscillators drift apart by less than a millisecond meanwhile."""


@contextmanager
def running_clock(database: Engine) -> Iterator[Clock]:
    """The database server's time, by which all machines work; the machine's own over a database of this machine. Raises
    ``DomainError`` of the database, which must answer at the start."""
    machine = SystemClock()
    if database.dialect.name != POSTGRESQL:
        yield machine
        return
    clock = SharedClock(lambda: server_time(database), machine)
    clock.synchronise()

    def again() -> timedelta:
        clock.synchronise()
        return EVERY

    periodic = Periodic("clock", again)
    periodic.start()
    try:
        yield clock
    finally:
        periodic.stop()


def machine_clock(clock: Clock) -> Clock:
    """What the machine itself takes for the time: for checks of it."""
    return clock.machine if isinstance(clock, SharedClock) else clock
