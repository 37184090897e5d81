"""The one place that knows how database engines differ; PostgreSQL joins here."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, event, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.engine import ExceptionContext

from doc_service.domain.errors import DomainError

READ_ONLY = "doc_service_read_only"

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


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Inserts unless a unique constraint stands against it; False when one does.

    ``ON CONFLICT DO NOTHING`` instead of catching the error: a failed statement would spoil a PostgreSQL transaction.
    """
    return connection.execute(_insert_new(table), dict(values)).rowcount == 1


@functools.cache
def _insert_new(table: Table) -> Insert:
    """One statement object a table, its values given on execution: it is compiled once and found again by identity,
    which makes an insertion twice as fast."""
    return sqlite.insert(table).on_conflict_do_nothing()


def configure(engine: Engine) -> None:
    """Real transactions, durability and foreign keys on every connection; driver errors become domain errors."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    event.listen(engine, "reset", _on_reset)
    event.listen(engine, "handle_error", _on_error)


def check_url(url: str) -> None:
    """Raises ``ValueError`` for an engine that is not supported or a database that lives in one connection only."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise ValueError(f"database engine {parsed.get_backend_name()!r} is not supported")
    if not parsed.database or parsed.database == ":memory:":
        raise ValueError("an in-memory database would be another one for every connection: name a file")


def connect_args(busy_timeout: float) -> dict[str, Any]:
    """Driver arguments: wait for a lock up to ``busy_timeout`` seconds; we begin transactions, not the driver."""
    return {"timeout": busy_timeout, "isolation_level": None}


def prepare_place(url: str) -> None:
    """Makes the directory and an empty file that only the service's account can read: the database and its journals,
    which take over the file's mode, hold personal data. What is there already stays as it is. Raises ``OSError``."""
    file = Path(make_url(url).database or "").resolve()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)


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
