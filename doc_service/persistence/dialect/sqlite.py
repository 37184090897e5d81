"""SQLite: one file, one writer at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Insert, Table, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import ExceptionContext

from doc_service.domain.errors import DomainError
from doc_service.persistence.dialect.contract import READ_ONLY, Patience

POOL_SIZE = 10
POOL_OVERFLOW = 40

_NO_SPACE = frozenset({"SQLITE_FULL"})
_UNAVAILABLE = frozenset(
    {
        "SQLITE_BUSY",
        "SQLITE_LOCKED",
        "SQLITE_CANTOPEN",
        "SQLITE_IOERR",
        "SQLITE_READONLY",
        "SQLITE_PROTOCOL",
        "SQLITE_PERM",
        "SQLITE_AUTH",
        "SQLITE_NOMEM",
        "SQLITE_NOLFS",
    }
)
_DAMAGED = frozenset({"SQLITE_NOTADB", "SQLITE_CORRUPT"})


class SqliteAdapter:
    """``doc_service.persistence.dialect.contract.Adapter``."""

    def url(self, given: URL) -> URL:
        if not given.database or given.database == ":memory:":
            raise ValueError("an in-memory database would be another one for every connection: name a file")
        return given

    def prepare(self, url: URL) -> None:
        """Makes the directory and an empty file that only the service's account can read: the database and its
        journals, which take over the file's mode, hold personal data. What is there already stays as it is."""
        file = Path(url.database or "").resolve()
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)

    def options(self, patience: Patience) -> Mapping[str, Any]:
        """``isolation_level`` None: we begin transactions, not the driver."""
        seconds = patience.connection.total_seconds()
        return {
            "connect_args": {"timeout": seconds, "isolation_level": None},
            "pool_size": POOL_SIZE,
            "max_overflow": POOL_OVERFLOW,
            "pool_timeout": seconds,
        }

    def configure(self, engine: Engine) -> None:
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        event.listen(engine, "reset", _on_reset)
        event.listen(engine, "handle_error", _on_error)

    def insert_new(self, table: Table) -> Insert:
        return sqlite.insert(table).on_conflict_do_nothing()

    def insert_or_replace(self, table: Table) -> Insert:
        statement = sqlite.insert(table)
        changes = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
        return statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changes)


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    try:
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA recursive_triggers = ON")
        cursor.execute("PRAGMA trusted_schema = OFF")
    finally:
        cursor.close()


def _on_begin(connection: Connection) -> None:
    """A writing unit takes the write lock at its first statement: two units that read and then write would
    otherwise meet in a deadlock that SQLite resolves by failing one at once, whatever the busy time-out."""
    if connection.get_execution_options().get(READ_ONLY):
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _on_reset(connection: sqlite3.Connection, _record: object, _state: object) -> None:
    connection.rollback()
    connection.execute("PRAGMA query_only = OFF").close()


def _on_error(context: ExceptionContext) -> None:
    original = context.original_exception
    if isinstance(original, sqlite3.Error):
        translated = _translate(original)
        if translated is not None:
            raise translated from original


def _translate(error: sqlite3.Error) -> DomainError | None:
    name = getattr(error, "sqlite_errorname", "") or ""
    primary = "_".join(name.split("_")[:2])
    reason = str(error)
    if primary in _NO_SPACE:
        return DomainError("persistence.no_space", "", reason=reason)
    if primary in _UNAVAILABLE:
        return DomainError("persistence.unavailable", "", reason=reason)
    if primary in _DAMAGED:
        return DomainError("persistence.damaged", "", reason=reason)
    if name == "SQLITE_CONSTRAINT_FOREIGNKEY":
        return DomainError("persistence.unknown_reference", "", reason=reason)
    if name == "SQLITE_CONSTRAINT_TRIGGER":
        return DomainError("persistence.append_only", "", reason=reason)
    if primary == "SQLITE_ERROR" and reason.startswith("no such table"):
        return DomainError("persistence.not_migrated", "", reason=reason)
    return None
