"""How the service stands, as the database tells it: gauges that are read at a scrape."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry

from doc_service.domain.jobs import Backlog, JobKind
from doc_service.observability.bounded import BoundedCall
from doc_service.observability.health import HealthMonitor, Status
from doc_service.observability.metrics import PREFIX
from doc_service.ports import Clock


@dataclass(frozen=True, slots=True)
class Replication:
    """How far the reserve centre is behind: objects it does not have yet, since when the oldest of them waits, and when
    it last received one."""

    pending: int
    oldest: datetime | None = None
    last_success: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One look at the database. ``pending_extension``: documents that are signed and wait for their final level,
    ``oldest_extension`` when the last signature of the longest waiting was made."""

    backlog: Mapping[JobKind, Backlog]
    pending_extension: int
    oldest_extension: datetime | None
    last_checkpoint: datetime | None
    unstamped: int
    unsequenced: int
    open_outages: Mapping[str, int] = field(default_factory=dict)
    replication: Replication | None = None


class ReadStanding(Protocol):
    def __call__(self) -> Standing:
        """Reads it now. Raises ``DomainError`` "persistence.unavailable" and what the driver raises."""
        ...


class StandingCollector(Collector):
    """Reads at a scrape, at most every ``fresh`` seconds, and waits ``limit`` seconds at most. When it cannot be read
    there are no figures rather than old ones, and ``doc_service_standing_up`` is 0.

    Every process that shares a database tells the same: ask for ``max`` over instances.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        read: ReadStanding,
        clock: Clock,
        *,
        fresh: float = 5.0,
        limit: float = 3.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._call = BoundedCall("standing", read, limit)
        self._clock, self._fresh, self._monotonic = clock, fresh, monotonic
        self._lock = threading.Lock()
        self._known: tuple[float, Standing] | None = None
        registry.register(self)

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing is read when the collector is registered."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        standing = self._standing()
        yield _gauge("standing_up", "1 when the figures of the database could be read.", float(standing is not None))
        if standing is not None:
            now = self._clock.now()
            yield from _job_gauges(standing, now)
            yield from _document_gauges(standing, now)
            yield from replication_gauges(standing.replication, now)

    def _standing(self) -> Standing | None:
        with self._lock:
            now = self._monotonic()
            if self._known is None or now - self._known[0] >= self._fresh:
                try:
                    self._known = now, self._call()
                except Exception:
                    self._known = None
                    return None
            return self._known[1]


def _job_gauges(standing: Standing, now: datetime) -> Iterator[GaugeMetricFamily]:
    columns: Sequence[tuple[str, str, Callable[[Backlog], float]]] = (
        ("jobs_ready", "Jobs that are left, by kind.", lambda b: b.ready),
        ("jobs_due", "Jobs that could run now and do not.", lambda b: b.due),
        ("jobs_running", "Jobs that somebody runs.", lambda b: b.leased),
        ("jobs_dead", "Jobs that were given up.", lambda b: b.dead),
        (
            "queue_lag_seconds",
            "How long the longest waiting due job waits; 0: none.",
            lambda b: _age(b.oldest_due, now),
        ),
    )
    for name, text, value in columns:
        family = GaugeMetricFamily(f"{PREFIX}_{name}", text, labels=("kind",))
        for kind, backlog in standing.backlog.items():
            family.add_metric([str(kind)], value(backlog))
        yield family


def _document_gauges(s: Standing, now: datetime) -> Iterator[GaugeMetricFamily]:
    yield _gauge("pending_extensions", "Signed documents that wait for their final level.", s.pending_extension)
    yield _gauge(
        "pending_extension_oldest_seconds", "How long the longest of them waits; 0: none.",
        _age(s.oldest_extension, now),
    )  # fmt: skip
    if s.last_checkpoint is not None:
        yield _gauge(
            "checkpoint_age_seconds", "Age of the newest checkpoint of the audit log.", _age(s.last_checkpoint, now)
        )
    yield _gauge("checkpoints_unstamped", "Checkpoints that wait for their time stamp.", s.unstamped)
    yield _gauge("audit_unsequenced", "Audit events that have no place in the log yet.", s.unsequenced)
    outages = GaugeMetricFamily(f"{PREFIX}_outages_open", "Outages that are not over.", labels=("component",))
    for component, count in s.open_outages.items():
        outages.add_metric([component], count)
    yield outages


def replication_gauges(replication: Replication | None, now: datetime) -> Iterator[GaugeMetricFamily]:
    if replication is None:
        return
    yield _gauge("replication_pending", "Objects that the reserve centre does not have yet.", replication.pending)
    yield _gauge(
        "replication_lag_seconds", "How long the oldest of them waits; 0: none.", _age(replication.oldest, now)
    )
    if replication.last_success is not None:
        yield _gauge(
            "replication_last_success_timestamp_seconds", "When the reserve centre last received an object.",
            replication.last_success.timestamp(),
        )  # fmt: skip


def _age(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max((now - moment).total_seconds(), 0.0)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", text, value=value)


class FiguresCollector(Collector):
    """Gauges of the process itself: what each of ``figures`` gives at a scrape, without labels. For figures that are
    at hand without asking anybody: connections of the pool, settings, free space of the disk."""

    def __init__(self, registry: CollectorRegistry, figures: Callable[[], Mapping[str, tuple[str, float]]]) -> None:
        self._figures = figures
        registry.register(self)

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, (text, value) in self._figures().items():
            yield _gauge(name, text, value)


class CheckCollector(Collector):
    """The readiness checks: 1 for each that is well, else 0. A scrape looks by itself when nobody else did lately."""

    def __init__(self, registry: CollectorRegistry, monitor: HealthMonitor) -> None:
        self._monitor = monitor
        registry.register(self)

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily(f"{PREFIX}_check_up", "1 when the dependency is well.", labels=("check", "critical"))
        for check in self._monitor.health().checks:
            labels = [check.name, str(check.critical).lower()]
            family.add_metric(labels, float(check.status is Status.OK))
        yield family
