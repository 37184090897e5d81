"""Brings a database to the schema of this program, and says where it departs from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from doc_service.domain.errors import DomainError
from doc_service.persistence.dialect import POSTGRESQL
from doc_service.persistence.guards import missing_guards
from doc_service.persistence.indexes import described, missing_indexes
from doc_service.persistence.schema import metadata

PATIENCE = timedelta(minutes=30)
"""How long a process waits while another one migrates."""

_MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x646F63_736572
"""Advisory lock of PostgreSQL that a migration holds."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def head_revision() -> str:
    """The schema revision that this program needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("the program carries no migrations")
    return head


def current_revision(engine: Engine) -> str | None:
    """The schema revision of the database; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine, *, patience: timedelta = PATIENCE, to: str = "head") -> str:
    """Upgrades to the newest schema and returns its revision; a database that is there already stays as it is.

    Everything happens in one transaction that excludes other migrations from the start, so of several processes that
    start at once one migrates and the others wait (on PostgreSQL up to ``patience``) and find it done; a crash leaves
    the old schema. A table that others use is waited for no longer than the engine's ``lock_timeout``. ``to``: an
    earlier revision (tests). Raises ``DomainError`` "persistence.schema_newer" when the database was made by a later
    program, "persistence.migration_blocked" when tables stayed locked, "persistence.wrong_encoding".
    """
    if to == "head" and current_revision(engine) == head_revision():
        return head_revision()
    try:
        _upgrade(engine, patience, to)
    except DomainError as error:
        if error.code == "persistence.busy":
            raise DomainError("persistence.migration_blocked", "", **error.faults[0].params) from error
        raise
    return head_revision() if to == "head" else to


def _upgrade(engine: Engine, patience: timedelta, to: str) -> None:
    config = _config()
    known = {item.revision for item in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.begin() as connection:
        if connection.dialect.name == POSTGRESQL:
            _prepare_postgresql(connection, patience)
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is not None and revision not in known:
            raise DomainError("persistence.schema_newer", "", revision=revision)
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def _prepare_postgresql(connection: Connection, patience: timedelta) -> None:
    """One migration at a time, by an advisory lock; building an index may take as long as it takes."""
    encoding = str(connection.scalar(text("SHOW server_encoding")))
    if encoding != "UTF8":
        raise DomainError("persistence.wrong_encoding", "", encoding=encoding)
    lock_timeout = connection.scalar(text("SHOW lock_timeout"))
    local = text("SELECT set_config(:name, :value, true)")
    for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(local, {"name": name, "value": "0"})
    connection.execute(local, {"name": "lock_timeout", "value": str(int(patience.total_seconds() * 1000))})
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    connection.execute(local, {"name": "lock_timeout", "value": lock_timeout})


def check_drift(engine: Engine) -> Sequence[str]:
    """How the database departs from what this program expects, one sentence each; empty when it does not.

    Covers the revision, tables, columns, types, indexes, constraints and the append-only guards.
    """
    head = head_revision()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_described})
        revision = context.get_current_revision()
        if revision != head:
            return [f"schema revision is {revision}, expected {head}"]
        differences = [str(difference) for difference in compare_metadata(context, metadata)]
        differences += [f"index {name} is missing or not usable" for name in missing_indexes(connection)]
        return differences + [f"guard {name} is missing or altered" for name in missing_guards(connection)]


def _is_described(_item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    return kind != "index" or described(name)
