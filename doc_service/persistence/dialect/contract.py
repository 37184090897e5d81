"""What an engine must bring to carry the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import URL, Engine, Insert, Table

READ_ONLY = "doc_service_read_only"
"""Execution option of a connection: its transactions only read, and see one consistent state."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait. ``connection``: for a free connection (and, on SQLite, for the only write lock). ``lock``: for
    a row, table or advisory lock that another transaction holds."""

    connection: timedelta = timedelta(seconds=30)
    lock: timedelta = timedelta(seconds=10)


class Adapter(Protocol):
    """One kind of engine."""

    def url(self, given: URL) -> URL:
        """The URL to connect by; raises ``ValueError`` for one that cannot be used."""
        ...

    def prepare(self, url: URL) -> None:
        """Makes the place of the database where that is ours to do. Raises ``OSError``."""
        ...

    def options(self, patience: Patience) -> Mapping[str, Any]:
        """Arguments of ``create_engine``."""
        ...

    def configure(self, engine: Engine) -> None:
        """Real transactions and durability on every connection; driver errors become domain errors."""
        ...

    def insert_new(self, table: Table) -> Insert:
        """An insertion that a unique constraint turns into nothing."""
        ...

    def insert_or_replace(self, table: Table) -> Insert:
        """An insertion that replaces the row with the same primary key."""
        ...
