"""Observability by the settings: what is watched, where it is kept, and who may read it."""

from __future__ import annotations

import logging
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector
from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool

from doc_service.bootstrap.container import Container
from doc_service.bootstrap.database import open_database
from doc_service.bootstrap.observed import Observability
from doc_service.bootstrap.readiness import default_health
from doc_service.observability.health import HealthMonitor
from doc_service.observability.outage_files import LifeSign, PendingEntries
from doc_service.observability.outage_monitor import OutageMonitor
from doc_service.observability.outages import Recorded
from doc_service.observability.serving import MetricsServer
from doc_service.observability.shared import pool_slot, share_metrics
from doc_service.observability.standing import (
    CheckCollector,
    FiguresCollector,
    Replication,
    Standing,
    StandingCollector,
)
from doc_service.observability.statements import count_statements
from doc_service.persistence.outages import SqlOutages
from doc_service.persistence.standing import SqlFigures
from doc_service.ports import Clock, Ids
from doc_service.settings import Settings
from doc_service.system import RandomIds

_log = logging.getLogger(__name__)


def watch_standing(
    registry: CollectorRegistry,
    settings: Settings,
    database: Engine,
    clock: Clock,
    *,
    replication: Callable[[], Replication | None] = lambda: None,
    health: HealthMonitor | None = None,
) -> None:
    """Adds the gauges of the database, the process, its pool of connections, its disk and the readiness checks."""
    figures = SqlFigures(database)

    def read() -> Standing:
        found = figures.read(clock.now())
        return Standing(**{name: getattr(found, name) for name in found.__slots__}, replication=replication())

    StandingCollector(registry, read, clock)
    FiguresCollector(registry, lambda: _figures(settings, database))
    if health is not None:
        CheckCollector(registry, health)
    ProcessCollector(registry=registry)


def _figures(settings: Settings, database: Engine) -> Mapping[str, tuple[str, float]]:
    disk = shutil.disk_usage(settings.data_dir)
    told = {
        "disk_free_bytes": ("Free space where the data directory is.", float(disk.free)),
        "disk_size_bytes": ("Size of that file system.", float(disk.total)),
        "checkpoint_interval_seconds": ("Wanted time between checkpoints.", settings.checkpoint_every.total_seconds()),
    }
    if isinstance(database.pool, QueuePool):
        told["database_connections_used"] = ("Connections in use.", float(database.pool.checkedout()))
        told["database_connections_idle"] = ("Connections kept open.", float(database.pool.checkedin()))
    return told


def outage_monitor(
    settings: Settings, health: HealthMonitor, database: Engine, clock: Clock, ids: Ids, name: str
) -> OutageMonitor:
    """``name``: of the process on this machine, e.g. "api"; two machines differ by their host names."""
    directory = settings.data_dir / "outages"
    return OutageMonitor(
        health.health, SqlOutages(database, ids), PendingEntries(directory / f"{name}.pending"),
        LifeSign(directory / f"{name}.alive"), clock, host=f"{socket.gethostname()}/{name}",
    )  # fmt: skip


@contextmanager
def watch_service(service: Container, observed: Observability) -> Iterator[HealthMonitor]:
    """Everything about a process that serves: readiness, gauges, the port for Prometheus when the settings name one,
    and the journal of outages."""
    settings, clock = service.settings, service.work.clock
    health = default_health(service)
    watch_standing(
        observed.registry, settings, service.database, clock, replication=lambda: _replication(service), health=health
    )
    if observed.watch.tracing.on:
        count_statements(service.database)
    monitor = outage_monitor(settings, health, service.database, clock, service.work.ids, "api")
    with ExitStack() as stack:
        if settings.metrics_port:
            stack.enter_context(MetricsServer(observed.registry, settings.metrics_port, settings.metrics_host))
        monitor.start()
        stack.callback(monitor.stop)
        yield health


@contextmanager
def worker_metrics(settings: Settings) -> Iterator[None]:
    """Around a worker, before it forks and before ``open_observability``: its processes are counted together and
    scraped at one port of the parent. Without a port nothing is shared."""
    if not settings.metrics_port:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="doc-service-metrics-") as directory:
        sums = share_metrics(Path(directory), pool_slot)
        with MetricsServer(sums, settings.metrics_port, settings.metrics_host):
            yield


def _replication(service: Container) -> Replication | None:
    if service.parts.reserve is None:
        return None
    times = service.parts.reserve.lag().times
    return Replication(times.pending, times.oldest, times.last_success)


def read_outages(settings: Settings, since: datetime) -> Sequence[Recorded]:
    """The journal alone: nothing else of the service is opened, since that may be what is out."""
    database = open_database(settings)
    try:
        return SqlOutages(database, RandomIds()).list(since)
    finally:
        database.dispose()
