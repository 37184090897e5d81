"""The database alone: its schema, and whether it answers."""

from __future__ import annotations

from sqlalchemy import Engine, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from doc_service.domain.errors import DomainError
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.settings import Settings


def migrate_database(settings: Settings) -> str:
    """Brings the database to this version's schema; returns the revision."""
    engine = open_database(settings)
    try:
        return migrate(engine)
    finally:
        engine.dispose()


def open_database(settings: Settings) -> Engine:
    """The engine of the settings. Raises ``DomainError`` "cli.settings" for a URL that cannot be used."""
    try:
        return make_engine(settings.database, lock_timeout=settings.database_lock_timeout)
    except (ValueError, ArgumentError) as error:
        raise DomainError("cli.settings", "", problem=f"DOC_SERVICE_DATABASE_URL: {error}") from error


def answers(database: Engine) -> bool:
    """Whether the database answers a query now."""
    try:
        with database.connect() as connection:
            connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, DomainError):
        return False
    return True
