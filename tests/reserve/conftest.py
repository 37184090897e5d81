"""An archive and a reserve centre: pairs of stores, a database, and faults that can be switched on."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from doc_service.bootstrap.reserve import ReserveCentre, join_reserve
from doc_service.domain.documents import Revision, RevisionKind
from doc_service.domain.jobs import Job, JobKind
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.base import Workspace
from doc_service.services.reconcile_archive import Finding, Reconciliation
from storage.api import ObjectInfo, ObjectStore, StorageError
from storage.copying import lasting
from storage.filesystem import FilesystemStore
from storage.keys import revision_key
from tests.persistence.samples import fill

START = datetime(2026, 11, 21, 9, 0, 0, 123456, tzinfo=UTC)


@dataclass
class MovableClock:
    moment: datetime = START
    ticks: float = 0.0

    def now(self) -> datetime:
        return self.moment

    def forward(self, **parts: float) -> None:
        self.moment += timedelta(**parts)
        self.ticks += timedelta(**parts).total_seconds()

    def monotonic(self) -> float:
        return self.ticks


@dataclass
class Ids:
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def new(self) -> str:
        return f"id-{next(self.numbers)}"


class Switch:
    """The real store behind something that can be cut: every call then fails as a dead server does. ``calls`` counts
    those that got as far."""

    def __init__(self, store: ObjectStore) -> None:
        self.store = store
        self.down = ""
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        self.calls += 1
        if self.down:
            raise StorageError(self.down, reason="cut")
        return getattr(self.store, name)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def key_of(data: bytes, document: str = "d1", number: int = 0) -> str:
    return revision_key(document, number, sha(data))


@dataclass
class Centre:
    """Both stores with everything that follows, compares and reads them; ``first`` and ``second`` are the stores as
    they are. ``primary`` and ``reserve`` can be cut."""

    clock: MovableClock
    first: ObjectStore
    second: ObjectStore
    primary: Switch
    reserve: Switch
    work: Workspace
    parts: ReserveCentre
    fallbacks: list[tuple[str, str]]

    @property
    def store(self) -> ObjectStore:
        return self.parts.store

    def put(self, data: bytes, number: int = 0, document: str = "d1", **options: Any) -> str:
        key = key_of(data, document, number)
        self.store.put_new(key, data, sha256=sha(data), **options)
        return key

    def refer(self, key: str, document: str = "d1") -> None:
        number, digest = int(key.split("/")[3]), key.rsplit("/", 1)[1]
        revision = Revision(document, number, RevisionKind.SIGNATURE, key, digest, 1, self.clock.now(), "B-T", "i")
        with self.work.uow() as uow:
            uow.documents.add_revision(revision)
            uow.commit()

    def jobs(self) -> list[Job]:
        with self.work.uow.reading() as uow:
            return [job for job in uow.jobs.pending() if job.kind is JobKind.REPLICATE]

    def follow(self) -> list[StorageError]:
        """Runs every job once, in order; those that fail stay."""
        return [error for job in self.jobs() if (error := self.run(job)) is not None]

    def run(self, job: Job) -> StorageError | None:
        try:
            self.parts.handler(job)
        except StorageError as error:
            return error
        self.finish(job)
        return None

    def finish(self, job: Job) -> None:
        now = self.clock.now()
        with self.work.uow() as uow:
            if uow.jobs.claim_job(job.id, now, now + timedelta(seconds=9), "t"):
                uow.jobs.finish(job.id, "t", now)
            uow.commit()

    def reconcile(self, **options: Any) -> Reconciliation:
        return self.parts.reconcile("operator", progress=lambda *_: None, tell=_silent, **options)

    def holdings(self) -> tuple[dict[str, object], dict[str, object]]:
        """What each side promises of every key."""
        return held(self.first, self.clock.now()), held(self.second, self.clock.now())


def _silent(finding: Finding) -> None:
    pass


def held(store: ObjectStore, now: datetime) -> dict[str, object]:
    def promise(info: ObjectInfo) -> object:
        assert store.verify(info.key, info.version)
        return info.sha256, info.size, lasting(info, now), info.legal_hold

    return {info.key: promise(info) for info in store.list()}


def make_centre(engine: Engine, clock: Any, first: ObjectStore, second: ObjectStore, *, filled: bool = False) -> Centre:
    units = SqlUnitOfWorkFactory(engine) if filled else fill(engine)
    work = Workspace(units, clock, Ids())
    primary, reserve = Switch(first), Switch(second)
    fallbacks: list[tuple[str, str]] = []
    parts = join_reserve(
        work, engine, primary, reserve,  # type: ignore[arg-type]
        on_fallback=lambda key, reason: fallbacks.append((key, reason)), monotonic=clock.monotonic,
    )  # fmt: skip
    return Centre(clock, first, second, primary, reserve, work, parts, fallbacks)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'main.db'}", busy_timeout=0.2)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def centre(tmp_path: Path, engine: Engine, clock: MovableClock) -> Centre:
    """Two directories."""
    return make_centre(
        engine, clock, FilesystemStore(tmp_path / "archive", clock), FilesystemStore(tmp_path / "reserve", clock)
    )


def damage(root: Path, key: str, data: bytes | None = b"rotten") -> None:
    """What a medium does to the bytes of the newest version; None: they are gone."""
    place = sorted((root / "objects").joinpath(f"{key},v").iterdir())[-1] / "data"
    place.chmod(0o644)
    if data is None:
        place.unlink()
    else:
        place.write_bytes(data)
