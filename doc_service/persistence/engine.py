"""Makes the database engine of a URL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import URL, Engine, create_engine

from doc_service.domain.errors import DomainError
from doc_service.persistence.dialect import Patience, adapter_of

BUSY_TIMEOUT_SECONDS = 30.0
LOCK_TIMEOUT = timedelta(seconds=10)


def make_engine(
    url: str, *, busy_timeout: float = BUSY_TIMEOUT_SECONDS, lock_timeout: timedelta = LOCK_TIMEOUT
) -> Engine:
    """An engine with durable transactions in which use cases decide as if they were alone, e.g. for
    ``sqlite:////var/lib/doc-service/main.db`` or ``postgresql+psycopg://account:secret@host/doc_service``.

    Makes the place of a database file; nothing is opened yet. ``busy_timeout``: seconds to wait for a free connection
    (on SQLite also for the write lock) before "persistence.unavailable". ``lock_timeout``: longest wait for another
    transaction's lock on PostgreSQL before "persistence.busy". Raises ``ValueError`` for a URL that cannot be used
    and ``DomainError`` "persistence.unavailable" when the place cannot be made. An engine must not cross
    ``fork``: make one in each process.
    """
    adapter, usable = adapter_of(url)
    try:
        adapter.prepare(usable)
    except OSError as error:
        raise DomainError("persistence.unavailable", "", reason=str(error)) from error
    patience = Patience(connection=timedelta(seconds=busy_timeout), lock=lock_timeout)
    engine = create_engine(usable, **_with_given(usable, adapter.options(patience)))
    adapter.configure(engine)
    return engine


def _with_given(url: URL, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """The session options that the URL names (``?options=-c…``) come after ours instead of being overridden."""
    given = url.query.get("options")
    if not isinstance(given, str):
        return options
    connect = options["connect_args"]
    return {**options, "connect_args": {**connect, "options": f"{connect.get('options', '')} {given}".strip()}}
