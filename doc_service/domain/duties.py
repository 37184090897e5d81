"""What a collegial body must do by when: a meeting in each half-year, the programme and the report of each year.

The meeting of a period may be held on any day of it (001 §5.9.2: "6 (altı) ayda bir dəfədən az olmayaraq"; the periods
are those of the calendar). The programme of a year is due on the last day of the year before it (001 §5.3.1), the
report on the last day of its own year (001 §5.6.10, §5.7).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from doc_service.domain.bodies import BodyRules
from doc_service.domain.body_kinds import COORDINATION_GROUP
from doc_service.domain.year_parts import YearPart, calendar_months, part_of


class DutyKind(StrEnum):
    MEETING = "meeting"
    PROGRAMME = "programme"
    REPORT = "report"


class DutyState(StrEnum):
    """``planned``: a meeting of the period is convened. ``due_soon``: nothing is done and the last day is near."""

    DONE = "done"
    PLANNED = "planned"
    AHEAD = "ahead"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


_CLAUSES = {DutyKind.PROGRAMME: "001 §5.3.1", DutyKind.REPORT: "001 §5.6.10, §5.7"}


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty: ``period`` names what it is of ("2026-H2", "2027"), ``due_on`` is the last day for it. ``year``: the
    year of the meeting, the programme or the report; ``opens_on``: first day of a period of meetings (else None)."""

    kind: DutyKind
    period: str
    year: int
    opens_on: date | None
    due_on: date
    clause: str
    state: DutyState

    @property
    def pressing(self) -> bool:
        return self.state in (DutyState.DUE_SOON, DutyState.OVERDUE)


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a body has done. ``held``, ``convened``: days of meetings; ``programmes``, ``reports``: years for which one
    is in force; ``since``: the first day on which the body had members, before which it owed nothing."""

    since: date
    held: Collection[date] = ()
    convened: Collection[date] = ()
    programmes: Collection[int] = ()
    reports: Collection[int] = ()


def duties(rules: BodyRules, deeds: Deeds, today: date, lead: timedelta) -> tuple[Duty, ...]:
    """The duties of the periods that run today, of those just past that are not done, and the next programme; by due
    day. ``lead``: how long before the last day an undone duty is due soon."""
    found = [*_meetings(rules, deeds, today, lead)]
    if rules.kind == COORDINATION_GROUP:
        found += _papers(deeds, today, lead)
    return tuple(sorted(found, key=lambda d: (d.due_on, d.kind)))


def _meetings(rules: BodyRules, deeds: Deeds, today: date, lead: timedelta) -> Iterator[Duty]:
    """A period that began before the body had members is not owed; the last one stays while it is not made good."""
    months = rules.max_interval_months
    if months is None:
        return
    running = part_of(today, calendar_months(months))
    for part in (_before(running), running):
        done = any(part.holds(day) for day in deeds.held)
        if part.first < deeds.since or (part != running and done):
            continue
        planned = part == running and any(part.holds(day) and day >= today for day in deeds.convened)
        state = _state(part.last, today, lead, done=done, planned=planned)
        clause = rules.clauses.get("max_interval_months", "")
        yield Duty(DutyKind.MEETING, _name(part), part.year, part.first, part.last, clause, state)


def _papers(deeds: Deeds, today: date, lead: timedelta) -> Iterator[Duty]:
    year = today.year
    owed = (
        (DutyKind.PROGRAMME, year, date(year - 1, 12, 31), deeds.programmes),
        (DutyKind.PROGRAMME, year + 1, date(year, 12, 31), deeds.programmes),
        (DutyKind.REPORT, year - 1, date(year - 1, 12, 31), deeds.reports),
        (DutyKind.REPORT, year, date(year, 12, 31), deeds.reports),
    )
    for kind, of_year, due_on, done_for in owed:
        past, done = due_on < today, of_year in done_for
        if (past and done) or due_on < deeds.since:
            continue
        yield Duty(
            kind,
            str(of_year),
            of_year,
            None,
            due_on,
            _CLAUSES[kind],
            _state(due_on, today, lead, done=done, planned=False),
        )


def _state(due_on: date, today: date, lead: timedelta, *, done: bool, planned: bool) -> DutyState:
    if done:
        return DutyState.DONE
    if today > due_on:
        return DutyState.OVERDUE
    if planned:
        return DutyState.PLANNED
    return DutyState.DUE_SOON if today >= due_on - lead else DutyState.AHEAD


def _before(part: YearPart) -> YearPart:
    return part_of(part.first - timedelta(days=1), part.months)


def _name(part: YearPart) -> str:
    return {6: f"{part.year}-H{part.number}", 12: str(part.year)}.get(part.months, f"{part.year}-{part.number}")


def pressing(found: Sequence[Duty]) -> tuple[Duty, ...]:
    """Those that somebody must be reminded of."""
    return tuple(d for d in found if d.pressing)
