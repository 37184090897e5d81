"""Reads the registry from a spreadsheet: every row, or every fault by its cell and nothing at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from doc_service.domain.errors import DomainError, Fault
from doc_service.instruments.cluster.registry_data import MOST_ROWS, RowData, rows_faults
from doc_service.instruments.faults import one_per_field
from doc_service.ports_spreadsheets import ReadRow, Spreadsheets, cell_name
from doc_service.services.registry_sheets.columns import COLUMNS, CellError

_MOST_COLUMNS: Final = 64
_AT: Final = re.compile(r"rows\[(\d+)\]\.(\w+)")
_BY_TITLE: Final = {column.title: column for column in COLUMNS}
_BY_NAME: Final = {column.name: column for column in COLUMNS}
_BY_KIND: Final = frozenset({"agreement_number", "agreement_date", "final_producer"})
"""Fields whose rules depend on the kind: not judged where the kind is at fault."""

Places = Mapping[str, int]
"""Column number of each field, from 1."""


@dataclass(frozen=True, slots=True)
class ReadRegistrySheet:
    """The rows of a workbook's first sheet, whose first row names the columns, in any order. Raises ``DomainError``
    with one fault for each cell at fault, the fault's field being the cell ("C17"): "sheet.column_missing",
    "sheet.column_unknown", "sheet.column_repeated", "sheet.empty", those of the cells ("data.*", "sheet.*") and of the
    rows (``rows_faults``); besides what ``Spreadsheets.read`` raises."""

    spreadsheets: Spreadsheets

    def __call__(self, content: bytes) -> tuple[RowData, ...]:
        sheet = self.spreadsheets.read(content, rows=MOST_ROWS + 1, columns=_MOST_COLUMNS)
        if not sheet.rows:
            raise DomainError("sheet.empty")
        places = _places(sheet.rows[0])
        listed = sheet.rows[1:]
        if not listed:
            raise DomainError("sheet.empty")
        unreadable = {fault.field for fault in sheet.faults}
        known = {cell_name(row.number, place) for row in sheet.rows for place in places.values()}
        rows, faults = _rows(listed, places, unreadable)
        faults = [*(fault for fault in sheet.faults if fault.field in known), *faults]
        faults += _rule_faults(rows, listed, places, {fault.field for fault in faults})
        if faults:
            raise DomainError.of(sorted(faults, key=lambda fault: _order(fault.field)))
        return tuple(rows)


def _places(heading: ReadRow) -> Places:
    places: dict[str, int] = {}
    faults: list[Fault] = []
    for place, cell in enumerate(heading.cells, 1):
        title = " ".join(str(cell).split())
        column = _BY_TITLE.get(title)
        where = cell_name(heading.number, place)
        if column is None:
            faults += [Fault("sheet.column_unknown", where, {"title": title[:80]})] if title else []
        elif column.name in places:
            faults.append(Fault("sheet.column_repeated", where, {"title": title}))
        else:
            places[column.name] = place
    missing = [column.title for column in COLUMNS if column.name not in places]
    faults += [Fault("sheet.column_missing", str(heading.number), {"title": title}) for title in missing]
    if faults:
        raise DomainError.of(faults)
    return places


def _rows(listed: Sequence[ReadRow], places: Places, unreadable: set[str]) -> tuple[list[RowData], list[Fault]]:
    """Every row, with stand-ins in cells at fault so that the rest of the row is judged too; and those faults."""
    rows: list[RowData] = []
    faults: list[Fault] = []
    for row in listed:
        values: dict[str, Any] = {}
        for column in COLUMNS:
            where = cell_name(row.number, places[column.name])
            try:
                values[column.name] = column.read(row.cells[places[column.name] - 1])
            except CellError as error:
                values[column.name] = column.stand_in
                if where not in unreadable:
                    faults.append(error.fault(where))
        made, wrong = _made(values)
        rows.append(made)
        faults += [Fault(f.code, cell_name(row.number, places[f.field]), f.params) for f in wrong]
    return rows, faults


def _made(values: dict[str, Any]) -> tuple[RowData, list[Fault]]:
    try:
        return RowData.model_validate(values), []
    except ValidationError as error:
        faults = one_per_field(error.errors(include_url=False, include_input=False))
    for fault in faults:
        values[fault.field] = _BY_NAME[fault.field].stand_in
    return RowData.model_validate(values), faults


def _rule_faults(
    rows: Sequence[RowData], listed: Sequence[ReadRow], places: Places, at_fault: set[str]
) -> Iterator[Fault]:
    """Faults of the rules, at their cells, one a cell; not of cells that are at fault already, or that hang on such a
    one."""
    told = set(at_fault)
    for fault in rows_faults(rows):
        match = _AT.fullmatch(fault.field)
        assert match is not None
        number, name = listed[int(match[1])].number, match[2]
        where = cell_name(number, places[name])
        kind_wrong = name in _BY_KIND and cell_name(number, places["kind"]) in at_fault
        if where not in told and not kind_wrong:
            told.add(where)
            yield Fault(fault.code, where, _told(fault, listed))


def _told(fault: Fault, listed: Sequence[ReadRow]) -> Mapping[str, str | int]:
    """A row that a text names is the sheet's row, not the place in the list."""
    row = fault.params.get("row")
    return {**fault.params, "row": listed[row - 1].number} if isinstance(row, int) else fault.params


def _order(cell: str) -> tuple[int, int, str]:
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :] or 0), len(letters), letters
