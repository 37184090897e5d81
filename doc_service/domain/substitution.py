"""Who may sign in place of whom (000 §5.4, 001 §5.4, 004 §7.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doc_service.domain.people import Person


@dataclass(frozen=True, slots=True)
class Substitution:
    """``substitute`` acts for the person ``absent_id`` from ``since`` to ``until`` inclusive, on an order."""

    id: str
    absent_id: str
    substitute: Person
    order_number: str
    order_date: date
    since: date
    until: date

    def holds_on(self, day: date) -> bool:
        return self.since <= day <= self.until
