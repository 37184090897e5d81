"""Workbooks by openpyxl."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from doc_service.domain.errors import DomainError, Fault
from doc_service.ports_spreadsheets import ReadRow, ReadSheet, Sheet, Value, cell_name

_DAY_FORMAT: Final = "dd.mm.yyyy"
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def write(sheet: Sheet) -> bytes:
    """The workbook; the same sheet gives the same bytes."""
    book = Workbook(write_only=True)
    made = datetime.combine(sheet.made_on, time(), UTC).replace(tzinfo=None)
    book.properties.creator, book.properties.created, book.properties.modified = "doc-service", made, made
    page = book.create_sheet(sheet.title[:31])
    page.freeze_panes = "A2"
    for place, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(place)].width = column.width
    page.append([_heading(page, column.title) for column in sheet.columns])
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])
    target = io.BytesIO()
    book.save(target)
    return _same_bytes(target.getvalue(), made)


def read(archive: bytes, rows: int, columns: int) -> ReadSheet:
    """The first sheet. Raises ``DomainError`` "sheet.unreadable", "sheet.too_many_rows", and whatever openpyxl meets in
    a damaged part."""
    book = load_workbook(io.BytesIO(archive), read_only=True, keep_links=False)
    try:
        return _read(book, rows, columns)
    finally:
        book.close()


def _heading(page: Any, title: str) -> Any:
    cell = WriteOnlyCell(page, value=title)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(page: Any, value: Value) -> Any:
    if isinstance(value, str):
        cell = WriteOnlyCell(page, value=_NOT_XML.sub("", value))
        cell.data_type = "s"
        cell.number_format = "@"
        return cell
    cell = WriteOnlyCell(page, value=value)
    cell.number_format = _DAY_FORMAT
    return cell


def _same_bytes(archive: bytes, made: datetime) -> bytes:
    """The archive with fixed dates; openpyxl writes the time of saving into the properties."""
    target = io.BytesIO()
    stamp = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(target, "w") as fresh:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = stamp.sub(rb"\g<1>" + f"{made:%Y-%m-%dT%H:%M:%SZ}".encode(), part)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            fresh.writestr(entry, part, compresslevel=6)
    return target.getvalue()


def _read(book: Any, rows: int, columns: int) -> ReadSheet:
    if not book.worksheets:
        raise DomainError("sheet.unreadable", reason="no sheet")
    page = book.worksheets[0]
    page.reset_dimensions()
    found: list[ReadRow] = []
    faults: list[Fault] = []
    for number, cells in _numbered(page, rows, columns):
        values = tuple(_value(cell, number, place, faults) for place, cell in enumerate(cells, 1))
        if not any(values) and not any(cell.value is not None for cell in cells):
            continue
        if len(found) >= rows:
            raise DomainError("sheet.too_many_rows", limit=rows)
        found.append(ReadRow(number, values))
    return ReadSheet(tuple(found), tuple(faults))


def _numbered(page: Any, rows: int, columns: int) -> Iterator[tuple[int, Sequence[Any]]]:
    """Rows with their numbers; looks one blank-padded stretch beyond ``rows``, so that too many are seen."""
    yield from enumerate(page.iter_rows(max_row=2 * rows + 1, max_col=columns), 1)


def _value(cell: Any, row: int, column: int, faults: list[Fault]) -> Value:
    value = cell.value
    if value is None:
        return ""
    kind = cell.data_type
    if kind in ("f", "e"):
        code = "sheet.formula" if kind == "f" else "sheet.error_value"
        faults.append(Fault(code, cell_name(row, column)))
        return ""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
