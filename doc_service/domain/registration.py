"""Registration journals: gapless numbers within journal and year (004 §5.1.8)."""

from __future__ import annotations

import string
from dataclasses import dataclass
from datetime import date

from doc_service.domain.errors import DomainError

_PLACEHOLDERS = frozenset({"unit", "journal", "seq", "year"})


@dataclass(frozen=True, slots=True)
class Journal:
    """A registration journal. ``pattern`` may use {unit} {journal} {seq} {year} and must use {seq} and {year}.

    With unit ``3-21-5``, code ``KQ`` and the default pattern the 12th entry of 2026 is ``3-21-5/KQ-12/2026``.
    """

    code: str
    title: str
    unit: str
    pattern: str = "{unit}/{journal}-{seq}/{year}"

    def index(self, seq: int, year: int) -> str:
        """The index (number) of entry ``seq`` (from 1); raises ``DomainError`` on a pattern that is not usable."""
        names = {name for _, name, _, _ in string.Formatter().parse(self.pattern) if name is not None}
        if not {"seq", "year"} <= names or not names <= _PLACEHOLDERS:
            raise DomainError("journal.bad_pattern", "pattern", pattern=self.pattern)
        return self.pattern.format(unit=self.unit, journal=self.code, seq=seq, year=year)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A number once given. ``annulled_reason`` marks it; it is never deleted and never given again."""

    journal: str
    year: int
    seq: int
    number: str
    document_id: str
    registered_on: date
    annulled_reason: str = ""
