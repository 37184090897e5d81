"""What readiness asks, by the settings."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from doc_service.bootstrap.clock import machine_clock
from doc_service.bootstrap.container import Container
from doc_service.bootstrap.renderer import office_runs
from doc_service.domain.errors import DomainError
from doc_service.observability.health import Check, HealthMonitor, Probe
from doc_service.observability.probes import agrees, answers, kept, listens, not_before
from doc_service.ports import Clock
from doc_service.settings import JobsMode, Settings
from storage.api import ObjectStore, StorageError

_PROBE_KEY = "health/probe"
_NEVER_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What readiness asks. ``alive`` and ``office`` are None where workers elsewhere run the jobs, ``broker`` where
    this process runs them; ``reserve`` is None without one, ``tsa_url`` "" when the service serves its own."""

    database: Engine
    store: ObjectStore
    clock: Clock
    alive: Callable[[], bool] | None = None
    office: Callable[[], bool] | None = None
    broker: Callable[[], bool] | None = None
    reserve: ObjectStore | None = None
    tsa_url: str = ""


def checks_of(d: Dependencies, settings: Settings) -> Sequence[Check]:
    """The checks. Jobs wait in the database, so a broker that is away delays work and stops nothing; the same goes for
    the time-stamping authority (signatures catch up) and the reserve centre."""
    checks = [
        Check("database", lambda: _ask(d.database), limit=3.0),
        Check("archive", _archive(settings, d.store), limit=4.0),
        Check("clock", _clock_probe(d), critical=False, limit=3.0),
    ]
    if d.alive is not None:
        checks.append(Check("jobs", answers(d.alive, "jobs.stopped"), limit=1.0))
    if d.office is not None:
        checks.append(Check("office", kept(answers(d.office, "office.does_not_start"), 60.0), limit=10.0))
    if d.broker is not None:
        checks.append(Check("broker", answers(d.broker, "broker.unreachable"), critical=False, limit=4.0))
    if d.reserve is not None:
        checks.append(Check("reserve", stored(d.reserve), critical=False, limit=4.0))
    if d.tsa_url:
        checks.append(Check("tsa", listens(d.tsa_url), critical=False, limit=3.0))
    return checks


def stored(store: ObjectStore) -> Probe:
    """Asks the store for an object that nobody put there: a server that answers "not found" has authenticated us and
    read its index."""

    def probe() -> None:
        try:
            store.stat(_PROBE_KEY)
        except StorageError as error:
            if error.code != "storage.not_found":
                raise

    return probe


def _archive(settings: Settings, store: ObjectStore) -> Probe:
    """In files, the directory must take a new one: a missing one has no objects either, which is no answer."""
    ask = stored(store)
    if settings.archive_url:
        return ask

    def probe() -> None:
        with tempfile.TemporaryFile(dir=settings.archive_dir):
            ask()

    return probe


def _ask(database: Engine) -> None:
    with database.connect() as connection:
        connection.execute(text("SELECT 1"))


def _clock_probe(d: Dependencies) -> Probe:
    if d.database.dialect.name != "postgresql":
        return not_before(d.clock.now, _NEVER_BEFORE)

    def there() -> datetime:
        try:
            with d.database.connect() as connection:
                told: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        except (SQLAlchemyError, DomainError) as error:
            raise ConnectionError("the database does not tell its time") from error
        return told

    return agrees(d.clock.now, there)


def default_health(service: Container) -> HealthMonitor:
    """The readiness of a container, by what its settings name."""
    settings, clock, stores = service.settings, service.work.clock, service.parts.stores
    here = settings.jobs is JobsMode.THREAD
    given = Dependencies(
        service.database, stores.primary, machine_clock(clock), reserve=stores.reserve,
        alive=(lambda: service.jobs.alive) if here else None,
        office=office_runs if here else None,
        broker=None if here else lambda: service.jobs.alive,
        tsa_url="" if service.trust.development else service.trust.tsa_url,
    )  # fmt: skip
    return HealthMonitor(checks_of(given, settings), clock.now)
