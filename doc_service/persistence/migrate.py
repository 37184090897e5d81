"""Brings a database to the schema of this program, and says where it departs from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from doc_service.domain.errors import DomainError
from doc_service.persistence.guards import missing_guards
from doc_service.persistence.tables import metadata

_MIGRATIONS = Path(__file__).parent / "migrations"


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


def migrate(engine: Engine) -> str:
    """Upgrades to the newest schema and returns its revision; a database that is there already stays as it is.

    Everything happens in one transaction that holds the write lock from the start, so of several processes that
    start at once one migrates and the others wait and find it done; a crash leaves the old schema. Raises
    ``DomainError`` "persistence.schema_newer" when the database was made by a later program.
    """
    config = _config()
    script = ScriptDirectory.from_config(config)
    with engine.begin() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        known = {item.revision for item in script.walk_revisions()}
        if revision is not None and revision not in known:
            raise DomainError("persistence.schema_newer", "", revision=revision)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return head_revision()


def check_drift(engine: Engine) -> Sequence[str]:
    """How the database departs from what this program expects, one sentence each; empty when it does not.

    Covers the revision, tables, columns, types, indexes, constraints and the append-only guards.
    """
    head = head_revision()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        revision = context.get_current_revision()
        if revision != head:
            return [f"schema revision is {revision}, expected {head}"]
        differences = [str(difference) for difference in compare_metadata(context, metadata)]
        return differences + [f"guard {name} is missing or altered" for name in missing_guards(connection)]
