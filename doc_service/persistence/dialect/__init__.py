"""The one place that knows how database engines differ."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import URL, Connection, Engine, Insert, Table, make_url
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from doc_service.domain.errors import DomainError
from doc_service.persistence.dialect.contract import READ_ONLY, Adapter, Patience
from doc_service.persistence.dialect.postgresql import PostgresqlAdapter
from doc_service.persistence.dialect.sqlite import SqliteAdapter

__all__ = ["POSTGRESQL", "READ_ONLY", "Patience", "adapter_of", "insert_new", "open_connection", "put", "row_locks"]

POSTGRESQL = "postgresql"
_ADAPTERS: Mapping[str, Adapter] = {"sqlite": SqliteAdapter(), POSTGRESQL: PostgresqlAdapter()}


def adapter_of(url: str) -> tuple[Adapter, URL]:
    """The adapter and the URL to connect by. Raises ``ValueError`` for an engine that is not supported and for a URL
    that cannot be used."""
    parsed = make_url(url)
    name = POSTGRESQL if parsed.drivername == "postgres" else parsed.get_backend_name()
    if name not in _ADAPTERS:
        raise ValueError(f"database engine {name!r} is not supported")
    adapter = _ADAPTERS[name]
    return adapter, adapter.url(parsed)


def open_connection(engine: Engine, *, read_only: bool) -> Connection:
    """Raises ``DomainError`` "persistence.unavailable" when there is no free connection."""
    try:
        return engine.connect().execution_options(**{READ_ONLY: read_only})
    except PoolTimeoutError as error:
        raise DomainError("persistence.unavailable", "", reason=str(error)) from error


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Inserts unless a unique constraint stands against it; False when one does.

    ``ON CONFLICT DO NOTHING`` instead of catching the error: a failed statement would spoil a PostgreSQL transaction.
    Another transaction that is inserting the same is waited for.
    """
    return connection.execute(_insert_new(connection.dialect.name, table), dict(values)).rowcount == 1


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts those that are not there. ``rows`` by ascending key: units that insert the same wait for each other in
    one order."""
    if rows:
        connection.execute(_insert_new(connection.dialect.name, table), [dict(row) for row in rows])


def put(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Inserts, or replaces the row with the same primary key."""
    connection.execute(_insert_or_replace(connection.dialect.name, table), dict(values))


def row_locks(connection: Connection) -> bool:
    """Whether transactions of this connection must lock the rows that they decide on: where writers run side by side.
    On SQLite a writing transaction is alone."""
    return connection.dialect.name == POSTGRESQL and not connection.get_execution_options().get(READ_ONLY)


@functools.cache
def _insert_new(dialect: str, table: Table) -> Insert:
    """One statement object a table, its values given on execution: it is compiled once and found again by identity,
    which makes an insertion twice as fast."""
    return _ADAPTERS[dialect].insert_new(table).execution_options(preserve_rowcount=True)


@functools.cache
def _insert_or_replace(dialect: str, table: Table) -> Insert:
    return _ADAPTERS[dialect].insert_or_replace(table)
