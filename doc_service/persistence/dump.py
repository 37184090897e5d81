"""Consistent copies of the database and their way back: what every engine shares, and SQLite's online backup."""

from __future__ import annotations

import hashlib
import heapq
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, func, inspect, make_url, select

from doc_service.audit.snapshot import JournalState, Reference
from doc_service.audit.store import CheckpointRecord
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.persistence.engine import make_engine
from doc_service.persistence.tables import (
    audit_checkpoints,
    document_revisions,
    jobs,
    journal_counters,
    metadata,
)
from doc_service.persistence.tables_clusters import case_files

_PAGE = 1000
_CHUNK = 1 << 20
_SIDE_FILES = ("-wal", "-shm", "-journal")


_ROOM = 64 * 1024
"""Bytes; with less the disk is full for SQLite, which writes in pages."""


class SqlSnapshot:
    """``Snapshot`` over a connection that sees one state."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.engine = connection.dialect.name

    @property
    def schema(self) -> str:
        return MigrationContext.configure(self._connection).get_current_revision() or ""

    def references(self) -> Iterator[Reference]:
        others = sorted((*self._checkpoints(), *self._case_files()), key=_key)
        yield from heapq.merge(self._revisions(), others, key=_key)

    def counts(self) -> Mapping[str, int]:
        present = set(inspect(self._connection).get_table_names())
        return {
            table.name: int(self._connection.scalar(select(func.count()).select_from(table)) or 0)
            for table in metadata.sorted_tables
            if table.name in present
        }

    def journals(self) -> Sequence[JournalState]:
        rows = journal_counters.c
        query = select(rows.journal, rows.year, rows.last_seq).order_by(rows.journal, rows.year)
        return [JournalState(row.journal, row.year, row.last_seq) for row in self._connection.execute(query)]

    def last_checkpoint(self) -> CheckpointRecord | None:
        query = select(audit_checkpoints).order_by(audit_checkpoints.c.size.desc()).limit(1)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else CheckpointRecord(**row)

    def _revisions(self) -> Iterator[Reference]:
        """Pages by key: neither a server's cursor nor this process holds them all."""
        rows = document_revisions.c
        key = rows.key if self.engine == "sqlite" else rows.key.collate("C")
        last = ""
        while True:
            query = select(rows.key, rows.sha256, rows.size).where(key > last).order_by(key).limit(_PAGE)
            page = self._connection.execute(query).all()
            for row in page:
                yield Reference(row.key, row.sha256, row.size)
            if len(page) < _PAGE:
                return
            last = page[-1].key

    def _checkpoints(self) -> Iterator[Reference]:
        """The signed documents, their time stamps, and the links that make them a chain (``audit.checkpoints``)."""
        rows = audit_checkpoints.c
        previous = "first"
        sizes = (func.length(rows.document).label("size"), func.length(rows.timestamp).label("stamp"))
        query = select(rows.key, rows.sha256, rows.timestamp_key, *sizes)
        for row in self._connection.execute(query.order_by(rows.size)):
            yield Reference(row.key, row.sha256, row.size)
            link = f"{row.key.partition('/checkpoints/')[0]}/links/{previous}"
            yield Reference(link, hashlib.sha256(row.key.encode()).hexdigest(), len(row.key))
            if row.timestamp_key is not None:
                yield Reference(row.timestamp_key, row.timestamp_key.rsplit("/", 1)[-1], row.stamp)
            previous = row.sha256

    def _case_files(self) -> Iterator[Reference]:
        """Papers of others; a dump of an older schema has none."""
        if inspect(self._connection).has_table(case_files.name):
            for row in self._connection.execute(select(case_files.c.key, case_files.c.sha256, case_files.c.size)):
                yield Reference(row.key, row.sha256, row.size)


class SqliteDump:
    """``DatabaseDumper`` by SQLite's online backup: one read transaction, writers go on. A file copy of a database in
    WAL mode would lose what lies in the log."""

    file_name = "database.sqlite"

    def __init__(self, url: str) -> None:
        self._path = _sqlite_path(url)

    @contextmanager
    def dump(self, target: Path) -> Iterator[SqlSnapshot]:
        """Also "persistence.no_space"."""
        with _sqlite_errors("backup.dump_failed", target.parent):
            with (
                closing(sqlite3.connect(f"file:{_quoted(self._path)}?mode=ro", uri=True, timeout=30)) as source,
                closing(sqlite3.connect(target)) as copy,
            ):
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE").close()
            _require_sound(target)
        fsync_path(target)
        with _read_only(target) as connection:
            yield SqlSnapshot(connection)


class Loader:
    """What every engine's loader does alike once the dump is in its staging place."""

    engine: str
    staging_url: str

    def release_leases(self) -> int:
        held = jobs.c.lease_token.is_not(None) | jobs.c.queued_until.is_not(None)
        free = {"lease_token": None, "lease_until": None, "queued_until": None}
        with self._connection() as connection:
            released = connection.execute(jobs.update().where(held).values(free)).rowcount
            connection.commit()
        return released

    def counts(self) -> Mapping[str, int]:
        with self._connection() as connection:
            return SqlSnapshot(connection).counts()

    def last_checkpoint(self) -> CheckpointRecord | None:
        with self._connection() as connection:
            return SqlSnapshot(connection).last_checkpoint()

    def references(self) -> Iterator[Reference]:
        with self._connection() as connection:
            yield from SqlSnapshot(connection).references()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        engine = make_engine(self.staging_url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


class SqliteLoad(Loader):
    """``DatabaseLoader``: the dump becomes ``<file>.restoring`` beside the database, and takes its name at the end."""

    engine = "sqlite"

    def __init__(self, url: str) -> None:
        self._path = _sqlite_path(url)
        self._staging = self._path.with_name(f"{self._path.name}.restoring")
        self.staging_url = f"sqlite:///{self._staging}"

    def require_empty(self) -> None:
        """A log that lies beside an absent database counts as content: SQLite would play it into the restored one."""
        for suffix in _SIDE_FILES:
            side = Path(f"{self._path}{suffix}")
            if side.exists() and side.stat().st_size:
                raise ConflictError("backup.database_not_empty", "", found=side.name)
        if not self._path.exists() or not self._path.stat().st_size:
            return
        with _sqlite_errors("backup.load_failed"), closing(sqlite3.connect(self._path)) as connection:
            row = connection.execute("SELECT name FROM sqlite_master LIMIT 1").fetchone()
        if row is not None:
            raise ConflictError("backup.database_not_empty", "", found=str(row[0]))

    def load(self, dump: Path) -> None:
        for suffix in ("", *_SIDE_FILES):
            Path(f"{self._staging}{suffix}").unlink(missing_ok=True)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._staging.touch(mode=0o600)
        with dump.open("rb") as source, self._staging.open("wb") as target:
            shutil.copyfileobj(source, target, _CHUNK)
        with _sqlite_errors("backup.load_failed"):
            _require_sound(self._staging)

    def finish(self) -> None:
        with _sqlite_errors("backup.load_failed"), closing(sqlite3.connect(self._staging)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").close()
        fsync_path(self._staging)
        self._staging.replace(self._path)
        fsync_path(self._path.parent)


def _key(reference: Reference) -> str:
    return reference.key


def _sqlite_path(url: str) -> Path:
    return Path(make_url(url).database or "").resolve()


def _quoted(path: Path) -> str:
    """As the path of a ``file:`` URI (SQLite: URI filenames)."""
    return path.as_uri().removeprefix("file://")


@contextmanager
def _read_only(path: Path) -> Iterator[Connection]:
    """``immutable``: a file that nobody writes any more, read without locks and without side files."""
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(f"file:{_quoted(path)}?mode=ro&immutable=1", uri=True)
    )
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _sqlite_errors(code: str, place: Path | None = None) -> Iterator[None]:
    """``place``: what is being written. On a full disk SQLite does not always say so, but fails with an error of input
    and output: so the disk is asked."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        full = place is not None and shutil.disk_usage(place).free < _ROOM
        if name == "SQLITE_FULL" or (name.startswith("SQLITE_IOERR") and full):
            raise DomainError("persistence.no_space", "", reason=str(error)) from error
        raise DomainError(code, "", reason=str(error)) from error


def _require_sound(path: Path) -> None:
    with closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro&immutable=1", uri=True)) as connection:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise DomainError("persistence.damaged", "", reason=str(verdict))


def fsync_path(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
