"""Spreadsheets as use cases see them: plain cells, by row and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeAlias

from doc_service.domain.errors import Fault

Value: TypeAlias = str | date
"""A cell that is written: text, or a day."""


@dataclass(frozen=True, slots=True)
class Column:
    """``title`` stands in the first row; ``width`` in characters."""

    title: str
    width: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to write. ``made_on`` is the only date in the file, so that equal sheets give equal bytes."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    made_on: date


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that was read: its ``number`` in the file, from 1, and its cells as text or days ("" where empty)."""

    number: int
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """The rows that hold anything, the first of them the heading; ``faults``: cells that hold no plain value
    ("sheet.formula", "sheet.error_value"), which read as empty. A fault's field is its cell: "C17"."""

    rows: tuple[ReadRow, ...]
    faults: tuple[Fault, ...]


class Spreadsheets(Protocol):
    def xlsx(self, sheet: Sheet) -> bytes:
        """An Office Open XML workbook with one sheet. Text stays text: nothing becomes a formula."""
        ...

    def csv(self, sheet: Sheet) -> bytes:
        """RFC 4180, UTF-8 with a byte order mark. What a spreadsheet program would take for a formula is quoted by an
        apostrophe."""
        ...

    def read(self, content: bytes, *, rows: int, columns: int) -> ReadSheet:
        """The first sheet of a workbook: at most ``rows`` rows and ``columns`` columns. ``DomainError``
        "sheet.unreadable" (not a workbook, damaged, or holding what a workbook need not hold), "sheet.too_large"
        (unpacks beyond bounds), "sheet.too_many_rows"."""
        ...


def cell_name(row: int, column: int) -> str:
    """ "C17": ``row`` and ``column`` from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
