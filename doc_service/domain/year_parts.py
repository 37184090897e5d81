"""Parts of a calendar year: half-years, quarters, and how a term that fills one is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_MONTHS: Final = 12
_ROMAN: Final = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class YearPart:
    """The ``number``-th part (from 1) of ``months`` months of ``year``: 6 is a half-year, 3 a quarter, 12 the year."""

    year: int
    number: int
    months: int

    @property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * self.months + 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        month = self.number * self.months
        following = date(self.year + 1, 1, 1) if month == _MONTHS else date(self.year, month + 1, 1)
        return following - timedelta(days=1)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def following(self) -> YearPart:
        if self.number * self.months == _MONTHS:
            return YearPart(self.year + 1, 1, self.months)
        return YearPart(self.year, self.number + 1, self.months)


def parts_of(year: int, months: int) -> tuple[YearPart, ...]:
    """The parts of ``months`` months in their order; raises ``ValueError`` when they do not fill a year."""
    if months < 1 or _MONTHS % months:
        raise ValueError(f"{months} months do not divide a year")
    return tuple(YearPart(year, n, months) for n in range(1, _MONTHS // months + 1))


def calendar_months(months: int) -> int:
    """The longest part that fills a year and is no longer than ``months``: "at least once in 5 months" is kept by one
    in each third of the year."""
    return next(n for n in range(min(months, _MONTHS), 0, -1) if _MONTHS % n == 0)


def part_of(day: date, months: int) -> YearPart:
    """The part in which ``day`` lies."""
    return next(p for p in parts_of(day.year, months) if p.holds(day))


def term_name(first: date, last: date) -> str:
    """ "il ərzində", "I yarımil" or "III rüb" for a term that is exactly that; "" for any other."""
    for months, name in ((12, ""), (6, "yarımil"), (3, "rüb")):
        for part in parts_of(first.year, months):
            if (part.first, part.last) == (first, last):
                return f"{_ROMAN[part.number - 1]} {name}" if name else "il ərzində"
    return ""
