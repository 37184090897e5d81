"""Makes the database engine of a URL."""

from __future__ import annotations

from sqlalchemy import Engine, create_engine

from doc_service.domain.errors import DomainError
from doc_service.persistence import dialect

POOL_SIZE = 10
POOL_OVERFLOW = 40
BUSY_TIMEOUT_SECONDS = 30.0


def make_engine(url: str, *, busy_timeout: float = BUSY_TIMEOUT_SECONDS) -> Engine:
    """An engine with durable, truly serial writing transactions, e.g. for ``sqlite:////var/lib/doc-service/main.db``.

    Makes the place of a database file; nothing is opened yet. ``busy_timeout``: seconds to wait for a lock or a
    free connection before "persistence.unavailable". Raises ``ValueError`` for a URL that cannot be used
    and ``DomainError`` "persistence.unavailable" when the place cannot be made. An engine must not cross
    ``fork``: make one in each process.
    """
    dialect.check_url(url)
    try:
        dialect.prepare_place(url)
    except OSError as error:
        raise DomainError("persistence.unavailable", "", reason=str(error)) from error
    engine = create_engine(
        url,
        connect_args=dialect.connect_args(busy_timeout),
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=busy_timeout,
    )
    dialect.configure(engine)
    return engine
