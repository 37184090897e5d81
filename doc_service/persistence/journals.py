"""Registration journals: numbers without gaps (004 §5.1.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from doc_service.domain.civil_time import baku_date
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.registration import Journal, JournalEntry
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.tables import journal_counters, journal_entries, journals


class SqlJournals:
    """``doc_service.ports.Journals``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, journal: Journal) -> None:
        """Raises ``ConflictError`` "journal.exists"."""
        if not insert_new(self._connection, journals, asdict(journal)):
            raise ConflictError("journal.exists", "code", journal=journal.code)

    def find(self, code: str) -> Journal | None:
        query = select(journals).where(journals.c.code == code)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None and self._locks.name("journal", code):
            row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else Journal(**row)

    def register(self, journal: Journal, document_id: str, at: datetime) -> JournalEntry:
        """The document's entry: its first one when it has one already, else the next number of the year.

        Counter and entry change in the caller's transaction and the counter's row stays locked until its end, so a
        number is given exactly when the registration is committed: a crash leaves no gap. Raises ``NotFoundError``
        "journal.not_found", ``ConflictError`` "journal.number_taken" (the pattern was changed so that it repeats a
        number), ``DomainError`` "journal.bad_pattern", "persistence.unknown_reference" without document.
        """
        given = self._entry_of(journal.code, document_id)
        if given is not None:
            return given
        self._locks.document(document_id)
        registered_on = baku_date(at)
        last = self._lock_counter(journal.code, registered_on.year)
        given = self._entry_of(journal.code, document_id)
        if given is not None:
            return given
        seq = last + 1
        number = journal.index(seq, registered_on.year)
        entry = JournalEntry(journal.code, registered_on.year, seq, number, document_id, registered_on)
        if not insert_new(self._connection, journal_entries, asdict(entry)):
            raise ConflictError("journal.number_taken", "number", journal=journal.code, number=entry.number)
        self._connection.execute(
            update(journal_counters)
            .where(journal_counters.c.journal == journal.code, journal_counters.c.year == registered_on.year)
            .values(last_seq=seq)
        )
        return entry

    def entries(self, code: str, year: int) -> Sequence[JournalEntry]:
        """By number, annulled ones included."""
        query = select(journal_entries).where(journal_entries.c.journal == code, journal_entries.c.year == year)
        return [_entry(row) for row in self._connection.execute(query.order_by(journal_entries.c.seq)).mappings()]

    def _entry_of(self, code: str, document_id: str) -> JournalEntry | None:
        query = select(journal_entries).where(
            journal_entries.c.journal == code, journal_entries.c.document_id == document_id
        )
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _entry(row)

    def _lock_counter(self, code: str, year: int) -> int:
        """The last number given, its row locked until the end of the transaction."""
        if self.find(code) is None:
            raise NotFoundError("journal.not_found", "journal", journal=code)
        insert_new(self._connection, journal_counters, {"journal": code, "year": year, "last_seq": 0})
        query = select(journal_counters.c.last_seq).where(
            journal_counters.c.journal == code, journal_counters.c.year == year
        )
        return int(self._connection.execute(query.with_for_update()).scalar_one())


def _entry(row: Mapping[Any, Any]) -> JournalEntry:
    return JournalEntry(**row)
