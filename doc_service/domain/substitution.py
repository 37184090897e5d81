"""Who may sign in place of whom (000 §5.4, 001 §5.4, 004 §7.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from doc_service.domain.errors import Fault
from doc_service.domain.identifiers import check_email
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


def substitution_for(substitutions: Sequence[Substitution], absent_id: str, day: date) -> Substitution | None:
    """The substitution in force for ``absent_id`` on ``day``; of several the one on the newest order, None if none."""
    in_force = [s for s in substitutions if s.absent_id == absent_id and s.holds_on(day)]
    return max(in_force, key=lambda s: (s.order_date, s.since, s.id), default=None)


def check_substitution(substitution: Substitution) -> tuple[Fault, ...]:
    """Every fault of a substitution (000 §5.4, 004 §7.7): it needs an order, made no later than the first day it is
    used, a period in the right order, and another person than the absent one; the e-mail address, if known, is one."""
    faults = []
    if not substitution.order_number.strip():
        faults.append(Fault("substitution.order_missing", "order_number"))
    if substitution.order_date > substitution.since:
        dates = {"order_date": substitution.order_date.isoformat(), "since": substitution.since.isoformat()}
        faults.append(Fault("substitution.order_after_start", "order_date", dates))
    if substitution.until < substitution.since:
        period = {"since": substitution.since.isoformat(), "until": substitution.until.isoformat()}
        faults.append(Fault("substitution.period_reversed", "until", period))
    if substitution.substitute.id == substitution.absent_id:
        faults.append(Fault("substitution.self", "substitute.id", {"person": substitution.substitute.name.full}))
    faults += check_email(substitution.substitute.email, "substitute.email")
    return tuple(faults)
