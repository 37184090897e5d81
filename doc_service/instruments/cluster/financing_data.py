"""Financing by source and year as instrument data, and its faults (003 Əlavə 11, Əlavə 12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from pydantic import Field

from doc_service.domain.azerbaijani_numbers import ordinal
from doc_service.domain.clusters.financing import FinancingLine, wrong_totals
from doc_service.domain.errors import Fault
from doc_service.domain.figures import figure
from doc_service.instruments.fields import Amount, Line, Strict

ALL_YEARS: Final = "cəmi"
COLUMNS: Final = 5
"""Years that the form has columns for."""


class AmountsData(Strict):
    """One source of money: an amount for each year, and their total as stated."""

    amounts: tuple[Amount, ...] = Field(min_length=1, max_length=COLUMNS, title="İllər üzrə məbləğ, min manat")
    total: Amount = Field(title="Cəmi, min manat")

    def line(self, number: str) -> FinancingLine:
        return FinancingLine(number, tuple(Decimal(a) for a in self.amounts), Decimal(self.total))


class SourceData(AmountsData):
    """A named source."""

    name: Line = Field(title="Maliyyələşdirmə mənbəyi")


def financing_faults(
    first_year: int,
    lines: Mapping[str, tuple[str, AmountsData]],
    sums: Mapping[str, Sequence[str]],
    clause: str,
) -> Iterator[Fault]:
    """ "financing.years" for lines of unequal length, else "financing.wrong_total" for each total that does not add up.
    ``lines``: by number in the form, the field and its data; the first line says how many years there are."""
    count = len(next(iter(lines.values()))[1].amounts)
    short = [(field, data) for field, data in lines.values() if len(data.amounts) != count]
    for field, data in short:
        yield Fault("financing.years", f"{field}.amounts", {"years": count, "found": len(data.amounts)})
    if short:
        return
    years = range(first_year, first_year + count)
    for wrong in wrong_totals(years, {n: data.line(n) for n, (_, data) in lines.items()}, sums):
        field = lines[wrong.number][0]
        place = f"{field}.total" if wrong.year is None else f"{field}.amounts[{wrong.year - first_year}]"
        params = {
            "line": wrong.number,
            "year": ALL_YEARS if wrong.year is None else str(wrong.year),
            "stated": figure(wrong.stated),
            "computed": figure(wrong.computed),
            "clause": clause,
        }
        yield Fault("financing.wrong_total", place, params)


def year_columns(first_year: int, count: int) -> dict[str, object]:
    """The heading of the form: ``years``, one text a column, empty for columns without a year, and ``all_years``."""
    last = first_year + count - 1
    years = [f"{ordinal(year)} il" for year in range(first_year, last + 1)]
    span = f"{first_year}–{ordinal(last)} illər, cəmi" if count > 1 else ALL_YEARS
    return {"years": years + [""] * (COLUMNS - count), "all_years": span}


def amounts_row(number: str, name: str, data: AmountsData) -> dict[str, object]:
    """A printed row: ``no name amounts total``."""
    return {
        "no": number,
        "name": name,
        "amounts": [figure(Decimal(a)) for a in data.amounts] + [""] * (COLUMNS - len(data.amounts)),
        "total": figure(Decimal(data.total)),
    }
