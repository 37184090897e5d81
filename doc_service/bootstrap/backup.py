"""Backup, restore and drill by the settings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import make_url

from doc_service.audit.keys import load_signer
from doc_service.audit.offline.verify_audit import write_public_key
from doc_service.backup.contract import ObjectSource
from doc_service.backup.description import About
from doc_service.backup.drill import Drill
from doc_service.backup.layout import MANIFEST, OBJECTS
from doc_service.backup.make import MakeBackup
from doc_service.backup.objects import ObjectTree, StoreSource
from doc_service.backup.restore import RestoreBackup, Staged
from doc_service.bootstrap.archive import open_store, open_stores
from doc_service.bootstrap.container import open_container
from doc_service.bootstrap.judge import ProcessJudge
from doc_service.bootstrap.trust import development_directory
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.persistence.dump import SqliteDump, SqliteLoad
from doc_service.persistence.dump_postgres import PostgresDump, PostgresLoad
from doc_service.ports import Clock
from doc_service.rendering.embedded import embedded_files
from doc_service.settings import JobsMode, PkiMode, Settings
from doc_service.system import SystemClock
from storage.api import ObjectStore, StorageError
from storage.filesystem import FilesystemStore

_OF_THIS_MACHINE = frozenset({"data_dir", "database_url", "host", "port"})
"""Settings that say where, not how: they differ in any restored place."""


_ALONE: Mapping[str, object] = {"reserve_url": "", "jobs": JobsMode.THREAD}
"""While it is restored a service tells nobody of its objects and jobs."""


@contextmanager
def open_backup(settings: Settings) -> Iterator[MakeBackup]:
    """Over the running service's database and archive; others go on writing."""
    with open_container(settings) as service:
        about = _about(settings, service.parts.anchors_pem)
        archive = _archive(settings, service.work.clock)
        yield MakeBackup(service.work, service.audit, archive, _dumper(settings), about)


def open_restore(settings: Settings) -> RestoreBackup:
    """Into the database and archive of the settings. Raises ``DomainError`` "backup.audit_key_missing" and
    "backup.pki_missing": keys are in no backup and must be in their places before."""
    clock = SystemClock()
    loader = _loader(settings)
    about = _about(settings, b"")
    if settings.pki is PkiMode.DEVELOPMENT and not development_directory(settings).is_dir():
        raise NotFoundError("backup.pki_missing", "", path=str(development_directory(settings)))
    store = _archive(settings, clock)

    @contextmanager
    def staged() -> Iterator[Staged]:
        place = settings.model_copy(update={"database_url": loader.staging_url, **_ALONE})
        with open_container(place, services=False) as service:
            yield Staged(service.work, service.audit)

    return RestoreBackup(loader, store, about, staged, lambda key: _number(store, key), clock.now)


@contextmanager
def open_drill(settings: Settings) -> Iterator[Drill]:
    """Over a restored service."""
    with open_container(settings, services=False) as service:
        judge = ProcessJudge(settings, _archive)
        yield Drill(service.work, service.audit, service.use_cases.verify_archive, judge)


def open_source(settings: Settings, place: str) -> ObjectSource:
    """Where objects come from: a backup that has them, or another archive (directory or URL).

    Raises ``NotFoundError`` "backup.no_objects" when there is none."""
    path = Path(place.removeprefix("file://"))
    if (path / MANIFEST).is_file() and (path / OBJECTS).is_dir():
        return ObjectTree(path / OBJECTS)
    if place == settings.reserve_url:
        return StoreSource(open_store(settings, "reserve", SystemClock()))
    if place.startswith("s3+"):
        return StoreSource(open_store(settings.model_copy(update={"archive_url": place}), "archive", SystemClock()))
    if not (path / OBJECTS).is_dir():
        raise NotFoundError("backup.no_objects", "", path=place)
    return StoreSource(FilesystemStore(path, SystemClock()))


def scratch_settings(settings: Settings, directory: Path, database_url: str) -> Settings:
    """The same service in an empty place of its own, for a drill: files in ``directory`` instead of the archive,
    ``database_url`` (empty: SQLite) instead of the database; keys and trust anchors are the service's."""
    return settings.model_copy(
        update={
            "data_dir": directory,
            "database_url": database_url,
            "archive_url": "",
            "audit_key_file": settings.audit_key,
            **_ALONE,
        }
    )


def public_settings(settings: Settings) -> dict[str, str]:
    """Every setting but secrets, as text; passwords in URLs are left out."""
    found = {}
    for name in sorted(type(settings).model_fields):
        value = getattr(settings, name)
        if isinstance(value, SecretStr) or name in _OF_THIS_MACHINE:
            continue
        found[name] = str(value)
    found["database"] = make_url(settings.database).get_backend_name()
    return found


def _about(settings: Settings, anchors: bytes) -> About:
    try:
        key = write_public_key(load_signer(settings.audit_key).public_key)
    except DomainError as error:
        if error.code != "audit.key_missing":
            raise
        raise NotFoundError("backup.audit_key_missing") from None
    return About(version("doc-service"), public_settings(settings), key, anchors)


def _archive(settings: Settings, clock: Clock) -> ObjectStore:
    """The archive itself, without the reserve centre: what is listed or restored must really be in it."""
    return open_stores(settings, clock, tidy=False).primary


def _sqlite(settings: Settings) -> bool:
    return make_url(settings.database).get_backend_name() == "sqlite"


def _dumper(settings: Settings) -> SqliteDump | PostgresDump:
    return SqliteDump(settings.database) if _sqlite(settings) else PostgresDump(settings.database)


def _loader(settings: Settings) -> SqliteLoad | PostgresLoad:
    return SqliteLoad(settings.database) if _sqlite(settings) else PostgresLoad(settings.database)


def _number(store: ObjectStore, key: str) -> str:
    """The registration number that the file itself tells; "" when it tells none."""
    with suppress(StorageError, DomainError, ValueError):
        provenance = json.loads(embedded_files(store.read(key)).get("provenance.json", b"{}"))
        return str(provenance.get("number", ""))
    return ""
