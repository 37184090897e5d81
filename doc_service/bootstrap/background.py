"""How background work is done: by a thread of this process, or by workers that a broker wakes."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from doc_service.bootstrap.clock import running_clock
from doc_service.bootstrap.database import open_database
from doc_service.bootstrap.parts import Parts
from doc_service.bootstrap.reserve import FOLLOWING
from doc_service.domain.jobs import Job, JobKind
from doc_service.jobs.contract import BackgroundJobs, Handler, JobUnits, WakesRunner
from doc_service.jobs.dispatch import BrokerDispatcher
from doc_service.jobs.policy import RetryPolicy
from doc_service.jobs.relay import QUEUED_FOR, Relay
from doc_service.jobs.runner import JobRunner
from doc_service.jobs.ticker import Regular, Ticker
from doc_service.jobs.watcher import QueueWatcher
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.ports import Clock, Ids
from doc_service.settings import JobsMode, Settings
from doc_service.system import RandomIds

if TYPE_CHECKING:
    from doc_service.jobs.celery_app import BrokerOptions
    from doc_service.jobs.celery_broker import CeleryBroker

BRIEF = RetryPolicy(cap=timedelta(seconds=10), max_attempts=25)
"""For LibreOffice: a crash is retried, a document that always crashes it is given up after some minutes."""
PATIENT = RetryPolicy(max_attempts=1_000_000)
"""For work that waits on somebody else's service: it is never given up, only spaced out."""
DELIVERING = RetryPolicy(base=timedelta(seconds=10), cap=timedelta(hours=4), spread=0.3, max_attempts=1_000_000)
"""Webhooks: after ten seconds, twenty, … every four hours; the delivery itself knows when it is given up."""
OFFICE_OPENS = timedelta(hours=5)
"""In UTC: letters arrive at nine in Baku."""
DAY_BEGINS = timedelta(hours=20)
"""In UTC: midnight in Baku, when substitutions begin and end."""
POLICIES = {
    JobKind.RENDER: BRIEF,
    JobKind.EXTEND: PATIENT,
    JobKind.CHECKPOINT: PATIENT,
    JobKind.REPLICATE: FOLLOWING,
    JobKind.REMIND: PATIENT,
    JobKind.ANNOUNCE: PATIENT,
    JobKind.NOTICE: PATIENT,
    JobKind.DISPATCH: PATIENT,
    JobKind.DUTY: PATIENT,
    JobKind.WEBHOOK: DELIVERING,
    JobKind.SUBSTITUTE: PATIENT,
}


@dataclass(frozen=True, slots=True)
class HandOver:
    """Where committed jobs go. ``broker`` is None when this process runs them itself."""

    tell: Callable[[Sequence[Job]], None]
    queued_for: timedelta | None = None
    broker: CeleryBroker | None = None
    wake: threading.Event = field(default_factory=threading.Event)


def hand_over(settings: Settings, stack: ExitStack) -> HandOver:
    """As ``settings.jobs`` says; what waits to be published is, for a moment, when ``stack`` is closed."""
    if settings.jobs is JobsMode.THREAD:
        wake = threading.Event()
        return HandOver(WakesRunner(wake), wake=wake)
    from doc_service.jobs.celery_broker import CeleryBroker

    broker = CeleryBroker(broker_options(settings))
    stack.callback(broker.close)
    dispatcher = BrokerDispatcher(broker)
    stack.callback(dispatcher.close)
    return HandOver(dispatcher, QUEUED_FOR, broker)


def broker_options(settings: Settings) -> BrokerOptions:
    from doc_service.jobs.celery_app import BrokerOptions

    return BrokerOptions(settings.broker_url.get_secret_value(), quorum=settings.broker_quorum)


def job_runner(settings: Settings, parts: Parts, handlers: dict[JobKind, Handler], wake: threading.Event) -> JobRunner:
    """Runs jobs in this process: all that are due, or one by its id."""
    return JobRunner(
        parts.units, handlers, parts.work.clock, parts.work.ids,
        jitter=random.random, wake=wake, lease=settings.job_lease, policies=POLICIES,
    )  # fmt: skip


def background(settings: Settings, runner: JobRunner, units: JobUnits, clock: Clock, way: HandOver) -> BackgroundJobs:
    """What the interface and commands see of background work."""
    if way.broker is None:
        return runner
    return QueueWatcher(units, clock, healthy=way.broker.reachable)


TEND_EVERY = timedelta(minutes=2)
"""Signing operations whose page has gone away."""


def regular_work(settings: Settings) -> tuple[Regular, ...]:
    """What is asked for by the clock."""
    return (
        Regular(JobKind.CHECKPOINT, settings.checkpoint_every),
        Regular(JobKind.SWEEP, settings.sweep_every),
        Regular(JobKind.REMIND, settings.remind_every, OFFICE_OPENS),
        Regular(JobKind.NOTICE, settings.notices_every),
        Regular(JobKind.DUTY, timedelta(days=1), OFFICE_OPENS),
        Regular(JobKind.TEND, TEND_EVERY),
        Regular(JobKind.SUBSTITUTE, timedelta(days=1), DAY_BEGINS),
    )


@dataclass(frozen=True, slots=True)
class Beat:
    """The clock of the service, and the relay that makes good what a broker lost. Any number may run."""

    ticker: Ticker
    relay: Relay | None

    def start(self) -> None:
        self.ticker.start()
        if self.relay is not None:
            self.relay.start()

    def stop(self) -> None:
        """Safe to call when it was never started."""
        self.ticker.stop()
        if self.relay is not None:
            self.relay.stop()

    @property
    def alive(self) -> bool:
        return self.ticker.alive and (self.relay is None or self.relay.alive)


def make_beat(settings: Settings, units: JobUnits, clock: Clock, ids: Ids, broker: CeleryBroker | None) -> Beat:
    """``broker`` None: the process that ticks runs the jobs, too."""
    relay = None if broker is None else Relay(units, broker, clock)
    return Beat(Ticker(units, clock, ids, regular_work(settings)), relay)


@contextmanager
def open_beat(settings: Settings) -> Iterator[Beat]:
    """Beat alone: it needs the database and the broker, neither LibreOffice nor keys."""
    ids = RandomIds()
    with ExitStack() as stack:
        way = hand_over(settings, stack)
        database = open_database(settings)
        stack.callback(database.dispose)
        migrate(database)
        clock = stack.enter_context(running_clock(database))
        units = SqlUnitOfWorkFactory(database, on_enqueue=way.tell, queued_for=way.queued_for)
        beat = make_beat(settings, units, clock, ids, way.broker)
        stack.callback(beat.stop)
        yield beat
