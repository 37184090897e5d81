"""PostgreSQL by psycopg 3: any number of machines (ADR 0012)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Connection, Engine, Insert, Table, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import ExceptionContext

from doc_service.domain.errors import DomainError
from doc_service.persistence.dialect.contract import READ_ONLY, Patience

DRIVER = "postgresql+psycopg"
POOL_SIZE = 10
POOL_OVERFLOW = 10
STATEMENT_TIMEOUT = timedelta(seconds=60)
IDLE_IN_TRANSACTION = timedelta(seconds=60)
"""Whoever stops in the middle of a transaction holds its locks no longer than this."""
CONNECT_TIMEOUT = timedelta(seconds=5)

APPEND_ONLY = "DS001"
"""SQLSTATE that the guards raise; class DS is used by nobody else."""

BY_STATE: Mapping[str, str] = {
    APPEND_ONLY: "persistence.append_only",
    "53100": "persistence.no_space",
    "23503": "persistence.unknown_reference",
    "42P01": "persistence.not_migrated",
    "3F000": "persistence.not_migrated",
    "55P03": "persistence.busy",
    "40P01": "persistence.busy",
    "40001": "persistence.busy",
    "57014": "persistence.statement_timeout",
    "25P02": "persistence.unit_failed",
    "25P03": "persistence.unavailable",
    "25006": "persistence.unavailable",
    "22021": "persistence.not_storable",
    "22P05": "persistence.not_storable",
    "22001": "persistence.not_storable",
    "22003": "persistence.not_storable",
    "42501": "persistence.forbidden",
    "58P01": "persistence.damaged",
}
BY_CLASS: Mapping[str, str] = {
    "08": "persistence.unavailable",
    "28": "persistence.unavailable",
    "3D": "persistence.unavailable",
    "53": "persistence.unavailable",
    "57": "persistence.unavailable",
    "58": "persistence.unavailable",
    "XX": "persistence.damaged",
}
"""The service's codes by SQLSTATE, else by its first two letters (PostgreSQL, Appendix A). Any other state is left to
the repository, or is a fault of ours."""


class PostgresqlAdapter:
    """``doc_service.persistence.dialect.contract.Adapter``."""

    def url(self, given: URL) -> URL:
        """``postgresql://`` and ``postgres://`` mean psycopg 3 here; another driver is refused."""
        if given.drivername not in ("postgres", "postgresql", DRIVER):
            raise ValueError(f"database driver {given.drivername!r} is not supported: use {DRIVER}")
        if not given.database:
            raise ValueError("the database URL names no database")
        return given.set(drivername=DRIVER)

    def prepare(self, url: URL) -> None:
        """The server makes its own place."""

    def options(self, patience: Patience) -> Mapping[str, Any]:
        """``pool_pre_ping``: connections that a restart of the server has broken are replaced before they are used.
        Keep-alives and ``tcp_user_timeout`` notice a server that vanished without a word within half a minute."""
        connect = {
            "connect_timeout": int(CONNECT_TIMEOUT.total_seconds()),
            "application_name": "doc-service",
            "options": _session(patience),
            "keepalives": 1,
            "keepalives_idle": 15,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
        }
        return {
            "connect_args": connect,
            "pool_size": POOL_SIZE,
            "max_overflow": POOL_OVERFLOW,
            "pool_timeout": patience.connection.total_seconds(),
            "pool_pre_ping": True,
            "pool_use_lifo": True,
        }

    def configure(self, engine: Engine) -> None:
        event.listen(engine, "begin", _on_begin)
        event.listen(engine, "commit", _on_commit)
        event.listen(engine, "handle_error", _on_error)

    def insert_new(self, table: Table) -> Insert:
        """``inline``: nobody asks which row number was given."""
        return postgresql.insert(table).inline().on_conflict_do_nothing()

    def insert_or_replace(self, table: Table) -> Insert:
        statement = postgresql.insert(table).inline()
        changes = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
        return statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changes)


def _session(patience: Patience) -> str:
    """Settings of every session, stronger than those of role and database. ``synchronous_commit`` on: what was
    reported as stored is on the disk, and on the synchronous standby when the server has one."""
    settings = {
        "synchronous_commit": "on",
        "timezone": "UTC",
        "lock_timeout": _milliseconds(patience.lock),
        "statement_timeout": _milliseconds(max(STATEMENT_TIMEOUT, patience.lock * 2)),
        "idle_in_transaction_session_timeout": _milliseconds(IDLE_IN_TRANSACTION),
        "jit": "off",
    }
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _milliseconds(span: timedelta) -> str:
    return str(max(1, int(span.total_seconds() * 1000)))


def _on_begin(connection: Connection) -> None:
    """Reading units see one snapshot; writing ones see what is committed, and lock what they decide on."""
    raw = _raw(connection)
    reads = bool(connection.get_execution_options().get(READ_ONLY))
    level = psycopg.IsolationLevel.REPEATABLE_READ if reads else psycopg.IsolationLevel.READ_COMMITTED
    if raw.read_only is not reads or raw.isolation_level is not level:
        raw.read_only = reads
        raw.isolation_level = level


def _on_commit(connection: Connection) -> None:
    """The server answers COMMIT of a failed transaction with a silent ROLLBACK: nobody must take that for success.
    SQLAlchemy takes the transaction for ended here, so it is ended before the error goes up."""
    raw = _raw(connection)
    if raw.info.transaction_status == TransactionStatus.INERROR:
        raw.rollback()
        raise DomainError("persistence.unit_failed", "", reason="a statement of this transaction has failed")


def _raw(connection: Connection) -> psycopg.Connection[Any]:
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    return raw


def _on_error(context: ExceptionContext) -> None:
    """What the pool's own ping finds broken is replaced by the pool, and no error of ours."""
    original = context.original_exception
    if isinstance(original, psycopg.Error) and not context.is_pre_ping:
        translated = translate(original)
        if translated is not None:
            raise translated from original


def translate(error: psycopg.Error) -> DomainError | None:
    """The service's error for a driver's; None for one that the repository must judge or that is a fault of ours."""
    state = error.sqlstate
    reason = _reason(error)
    if state is not None:
        code = BY_STATE.get(state) or BY_CLASS.get(state[:2])
        return None if code is None else DomainError(code, "", reason=reason)
    if isinstance(error, psycopg.DataError):
        return DomainError("persistence.not_storable", "", reason=reason)
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return DomainError("persistence.unavailable", "", reason=reason)
    return None


def _reason(error: psycopg.Error) -> str:
    """The server's first sentence without the values of the row, which may be personal data."""
    return (error.diag.message_primary or str(error).partition("\n")[0]).strip()
