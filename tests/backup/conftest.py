"""A service at rest with documents in every stage; tests work on copies of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from doc_service.backup.drill import DrillReport
from doc_service.backup.layout import OBJECTS, read_manifest
from doc_service.backup.make import BackupReport
from doc_service.backup.restore import RestoreReport
from doc_service.bootstrap import Container, open_container
from doc_service.bootstrap.backup import open_backup, open_drill, open_restore, open_source
from doc_service.domain.signatures import RequestState
from doc_service.persistence.engine import make_engine
from doc_service.settings import Settings
from doc_service.system import SystemClock
from storage.api import ObjectInfo
from storage.filesystem import FilesystemStore
from tools.dataset.papers import Papers

ACTOR = "operator"
ARCHIVED, SIGNING, REGISTERED = 4, 1, 1
KEYS = ("audit-key.pem", "development-pki")
QUICK = timedelta(seconds=2)


def quiet(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def enter(service: Container, first: int, count: int) -> list[str]:
    papers = Papers(service)
    papers.begin()
    return [papers.enter(number) for number in range(first, first + count)]


def sign(service: Container, document_id: str) -> None:
    with service.work.uow.reading() as uow:
        waiting = [r for r in uow.signatures.of_document(document_id) if r.state is RequestState.OPEN]
    for request in waiting:
        service.use_cases.sign_with_key(request.id, service.development_key(request.signer), request.signer.id)


def finish(service: Container) -> None:
    assert service.runner.run_until_idle(timedelta(seconds=120))


@dataclass(frozen=True)
class Place:
    """A service's data directory and database (empty: SQLite in the directory); nobody runs it."""

    data: Path
    database_url: str = ""

    @property
    def settings(self) -> Settings:
        return Settings(data_dir=self.data, database_url=self.database_url, job_lease=QUICK)

    @property
    def store(self) -> FilesystemStore:
        return FilesystemStore(self.data / "archive", SystemClock())

    def backup(self, out: Path, **options: Any) -> BackupReport:
        with open_backup(self.settings) as make:
            return make(out, ACTOR, quiet, **options)

    def restore(self, backup: Path, objects_from: Path | str | None = None) -> RestoreReport:
        place = objects_from or (backup if (backup / OBJECTS).is_dir() else None)
        source = open_source(self.settings, str(place)) if place else None
        return open_restore(self.settings)(backup, source, ACTOR, quiet)

    def drill(self, backup: Path) -> DrillReport:
        from doc_service.backup.description import read_description

        with open_drill(self.settings) as drill:
            return drill(read_description(backup).journals, quiet)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        engine = make_engine(self.settings.database)
        try:
            with engine.connect() as database:
                return [tuple(row) for row in database.exec_driver_sql(query)]
        finally:
            engine.dispose()

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        names = [n for (n,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: self.rows(f"SELECT * FROM {name}") for name in names if not name.startswith("sqlite_")}

    def objects(self) -> dict[str, ObjectInfo]:
        return {info.key: info for info in self.store.list()}

    def copy(self, place: Path) -> Place:
        shutil.copytree(self.data, place)
        return Place(place)

    def empty(self, place: Path, database_url: str = "") -> Place:
        """A new place with the keys alone, which an operator keeps elsewhere."""
        place.mkdir()
        for name in KEYS:
            source = self.data / name
            shutil.copytree(source, place / name) if source.is_dir() else shutil.copy2(source, place / name)
        return Place(place, database_url)

    @property
    def untouched(self) -> bool:
        """No database, no object."""
        return not (self.data / "doc-service.db").exists() and not any(self.store.list())


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Documents archived, waiting for a signature, and registered with the rendering job still to be done; one object
    under legal hold."""
    place = Place(tmp_path_factory.mktemp("backup") / "data")
    with open_container(place.settings) as service:
        archived = enter(service, 0, ARCHIVED)
        finish(service)
        for document in archived:
            sign(service, document)
        finish(service)
        enter(service, ARCHIVED, SIGNING)
        finish(service)
        enter(service, ARCHIVED + SIGNING, REGISTERED)
        with service.work.uow.reading() as uow:
            head = uow.documents.get(archived[0]).head
        assert head is not None
        service.store.legal_hold(head.key, True)
    return place


@pytest.fixture
def place(prepared: Place, tmp_path: Path) -> Place:
    return prepared.copy(tmp_path / "service")


@pytest.fixture(scope="session")
def made(prepared: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the prepared service with objects; not to be changed."""
    out = tmp_path_factory.mktemp("made") / "backup"
    prepared.copy(out.parent / "service").backup(out, objects=True)
    assert read_manifest(out)
    return out


@pytest.fixture
def backup(made: Path, tmp_path: Path) -> Path:
    """A copy to tamper with."""
    shutil.copytree(made, tmp_path / "backup")
    return tmp_path / "backup"


@pytest.fixture
def target(prepared: Place, tmp_path: Path) -> Place:
    """An empty place with the service's keys."""
    return prepared.empty(tmp_path / "target")
