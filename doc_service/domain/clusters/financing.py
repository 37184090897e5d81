"""Financing by source and year, with totals that must add up (003 Əlavə 11, Əlavə 12).

Totals are entered, as the form has them, and checked: a wrong total is a mistake of the sender that must be named, not
one to be mended in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class FinancingLine:
    """One source: its ``number`` in the form ("1.1"), an amount a year, and the stated ``total``."""

    number: str
    amounts: tuple[Decimal, ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class WrongTotal:
    """A total that does not add up. ``year`` is None for the line's own total over all years."""

    number: str
    year: int | None
    stated: Decimal
    computed: Decimal


def added(lines: Sequence[FinancingLine], number: str, years: int) -> FinancingLine:
    """The line ``number`` that ``lines`` add up to."""
    amounts = tuple(sum((line.amounts[place] for line in lines), Decimal(0)) for place in range(years))
    return FinancingLine(number, amounts, sum(amounts, Decimal(0)))


def wrong_totals(
    years: Sequence[int], lines: Mapping[str, FinancingLine], sums: Mapping[str, Sequence[str]]
) -> Iterator[WrongTotal]:
    """Every total that is wrong: of each line over the years, and of each line of ``sums`` over its parts, in the order
    of the form. ``sums``: numbers of the lines that a line adds up. Raises ``ValueError`` for a line that has not one
    amount a year, ``KeyError`` for a part that is none of ``lines``."""
    for number, line in lines.items():
        if len(line.amounts) != len(years):
            raise ValueError(f"line {number} has {len(line.amounts)} amounts for {len(years)} years")
        if number in sums:
            whole = added([lines[part] for part in sums[number]], number, len(years))
            for year, stated, computed in zip(years, line.amounts, whole.amounts, strict=True):
                if stated != computed:
                    yield WrongTotal(number, year, stated, computed)
        computed = sum(line.amounts, Decimal(0))
        if line.total != computed:
            yield WrongTotal(number, None, line.total, computed)
