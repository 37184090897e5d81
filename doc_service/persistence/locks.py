"""What a writing unit locks, so that use cases may read, decide and write as if they were alone (ADR 0012).

On SQLite a writing transaction is alone, and nothing here asks the database anything. On PostgreSQL a unit that reads a
document, or anything that belongs to it, first locks the document's row until its end; likewise meetings. What is not
there yet cannot be locked by its row: its name is.
"""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.sql.elements import ColumnElement

from doc_service.persistence.dialect import row_locks
from doc_service.persistence.tables import documents

Q = TypeVar("Q", bound=Select[Any])


class RowLocks:
    """The locks of one transaction on ``connection``; ``forget`` when it has ended.

    The order is: document or meeting, what belongs to it, body, journal's counter. A unit that takes two documents
    takes them by ascending id; one that does not risks "persistence.busy", never a wrong result.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._documents: set[str] = set()
        self._needed: bool | None = None

    def forget(self) -> None:
        self._documents.clear()

    def document(self, document_id: str) -> bool:
        """Takes the document's row; nothing when there is no such document. True when it was taken now: what was read
        of the document before may be old."""
        if not self._active or document_id in self._documents:
            return False
        query = self.exclusive(select(documents.c.id).where(documents.c.id == document_id))
        if self._connection.scalar(query) is not None:
            self._documents.add(document_id)
        return True

    def took(self, document_id: str) -> None:
        """The document's row was read under ``exclusive``."""
        self._documents.add(document_id)

    def exclusive(self, query: Q) -> Q:
        """Rows that this unit may change. Rows that only refer to them can still be added by others."""
        return query.with_for_update(key_share=True) if self._active else query

    def shared(self, query: Q) -> Q:
        """Rows that must stay as they are until the end of this unit, and that others may read likewise."""
        return query.with_for_update(read=True) if self._active else query

    def name(self, kind: str, name: str) -> bool:
        """Takes the name of something that is not there, or of a set that may grow, so that of two units that both
        look and then add, the second waits; True when the caller must look again, since the first may have added."""
        if self._active:
            self._connection.execute(select(_advisory(kind, name)))
        return self._active

    @property
    def _active(self) -> bool:
        if self._needed is None:
            self._needed = row_locks(self._connection)
        return self._needed


def _advisory(kind: str, name: str) -> ColumnElement[Any]:
    """Transaction-level; the key is 63 bits of a digest, so that two names practically never wait for each other."""
    digest = hashlib.sha256(f"{kind}\x00{name}".encode()).digest()
    return func.pg_advisory_xact_lock(int.from_bytes(digest[:8], "big") >> 1)
