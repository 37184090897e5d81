"""The registry exported to XLSX and CSV, and read from XLSX: all rows, or every fault by cell (003 §4.16, Əlavə 6)."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from doc_service.domain.clusters.kinds import GROUP_TITLES
from doc_service.domain.clusters.registry import ordered
from doc_service.domain.errors import DomainError
from doc_service.instruments.cluster.klaster_reyestr import klaster_reyestr
from doc_service.instruments.cluster.registry_data import RegistryData, data_rows
from doc_service.instruments.samples.registry import registry_sample
from doc_service.messages.catalog import LANGUAGES, Catalog, placeholders
from doc_service.ports_spreadsheets import Column, Sheet, cell_name
from doc_service.services.registry_sheets.columns import COLUMNS, cells_of
from doc_service.services.registry_sheets.read_sheet import ReadRegistrySheet
from doc_service.services.registry_sheets.revise_rows import earlier_rows, with_rows
from doc_service.services.registry_sheets.write_sheet import SheetFormat, WriteRegistrySheet
from doc_service.spreadsheets import archive_bounds
from doc_service.spreadsheets.workbooks import Workbooks

WRITE, READ = WriteRegistrySheet(Workbooks()), ReadRegistrySheet(Workbooks())
TITLES = [column.title for column in COLUMNS]
AT = {column.name: place for place, column in enumerate(COLUMNS, 1)}


def registry(rows: int) -> RegistryData:
    model = klaster_reyestr().validate(registry_sample(rows))
    assert isinstance(model, RegistryData)
    return model


def changed(content: bytes, cells: dict[str, Any]) -> bytes:
    book = load_workbook(io.BytesIO(content))
    for name, value in cells.items():
        book.worksheets[0][name] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sheet_of(rows: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet()
    for row in rows:
        page.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def faults(content: bytes) -> dict[str, str]:
    with pytest.raises(DomainError) as caught:
        READ(content)
    found = [(fault.field, fault.code) for fault in caught.value.faults]
    assert len(found) == len(dict(found))
    return dict(found)


def test_what_is_exported_is_read_again() -> None:
    data = registry(60)
    content = WRITE(data, SheetFormat.XLSX)
    assert WRITE(data, SheetFormat.XLSX) == content
    assert data_rows(READ(content)) == list(ordered(data_rows(data.rows)))


def test_columns_may_stand_in_any_order_and_blank_rows_between() -> None:
    data = registry(6)
    book = load_workbook(io.BytesIO(WRITE(data, SheetFormat.XLSX)))
    rows = [list(reversed(row)) for row in book.worksheets[0].iter_rows(values_only=True)]
    rows.insert(3, [None] * len(rows[0]))
    assert data_rows(READ(sheet_of(rows))) == list(ordered(data_rows(data.rows)))


def test_what_people_type_is_understood() -> None:
    """Kinds by their group's title or by code; days as a date, 16.03.2026 or ISO; numbers in cells for text."""
    base = [
        "large",
        "“A”",
        "MMC",
        1400512381,
        77,
        "Bakı",
        None,
        "boru",
        "Əliyev Ə.",
        None,
        None,
        "S-1",
        None,
        None,
        "+",
    ]
    rows = []
    for place, (kind, day) in enumerate(
        [("Large", date(2026, 3, 16)), (GROUP_TITLES["medium"], "16.03.2026"), ("small", "2026-03-16")]  # type: ignore[index]
    ):
        row = list(base)
        row[0], row[3], row[12] = kind, base[3] + place * 10, day
        rows.append(row)
    read = READ(sheet_of([TITLES, *rows]))
    assert [row.kind.value for row in read] == ["large", "medium", "small"]
    assert {row.agreement_date for row in read} == {date(2026, 3, 16)}
    assert [row.voen for row in read] == ["1400512381", "1400512391", "1400512401"]
    assert {(row.state_registration, row.final_producer, row.specialised) for row in read} == {("77", True, False)}


def test_5000_rows_with_50_faults_are_reported_as_exactly_those_50_cells() -> None:
    """The acceptance of the import: each fault by its cell, and nothing is imported."""
    lines = [[cell or None for cell in cells_of(entry)] for entry in data_rows(registry(5_000).rows)]
    rows = random.Random(7).sample(range(3, 5_002), 50)
    wrong: dict[str, str] = {}
    spoilt = (
        ("voen", "14005", "organisation.bad_voen"),
        ("name", None, "data.missing"),
        ("products", "x" * 401, "data.too_long"),
        ("kind", "zavod", "sheet.unknown_kind"),
        ("email", "a@@b", "person.bad_email"),
        ("agreement_date", "31.02.2026", "sheet.bad_day"),
        ("specialised", "hə", "sheet.yes_no"),
        ("legal_address", "=A1", "sheet.formula"),
        ("head", "a\nb", "data.line"),
        ("voen", lines[0][AT["voen"] - 1], "registry.repeated_voen"),
    )
    for place, number in enumerate(rows):
        name, value, code = spoilt[place % len(spoilt)]
        lines[number - 2][AT[name] - 1] = value
        wrong[cell_name(number, AT[name])] = code
    found = faults(sheet_of([TITLES, *lines]))
    assert len(found) == 50
    assert found == wrong


def test_faults_come_row_by_row_and_name_the_row_of_the_sheet() -> None:
    content = WRITE(registry(8), SheetFormat.XLSX)
    voen = load_workbook(io.BytesIO(content)).worksheets[0]["D2"].value
    with pytest.raises(DomainError) as caught:
        READ(changed(content, {"D9": voen, "B3": None, "K3": "x"}))
    assert [fault.field for fault in caught.value.faults] == ["B3", "K3", "D9"]
    assert caught.value.faults[-1].params["row"] == 2


@given(st.sets(st.sampled_from([cell_name(r, c) for r in range(2, 10) for c in (2, 4, 6, 8, 9)]), min_size=1))
@settings(max_examples=15, deadline=None)
def test_any_set_of_empty_cells_is_reported_as_that_set(cells: set[str]) -> None:
    content = WRITE(registry(8), SheetFormat.XLSX)
    assert faults(changed(content, dict.fromkeys(cells))) == dict.fromkeys(cells, "data.missing")


def test_headings_are_the_columns_of_the_registry() -> None:
    titles = [title for title in TITLES if title != "VÖEN"]
    row = [""] * len(titles)
    row[1] = "“A”"
    found = faults(sheet_of([[*titles, "Rəng", "MSB"], row]))
    assert found == {
        "1": "sheet.column_missing",
        "O1": "sheet.column_unknown",
        "P1": "sheet.column_repeated",
    }
    assert faults(sheet_of([TITLES])) == {"": "sheet.empty"}
    assert faults(sheet_of([])) == {"": "sheet.empty"}


def test_too_many_rows_are_refused_before_they_are_judged() -> None:
    rows: list[list[Any]] = [TITLES, *([["small"]] * 5_001)]
    assert faults(sheet_of(rows)) == {"": "sheet.too_many_rows"}


def bomb(part: bytes, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(WRITE(registry(2), SheetFormat.XLSX))) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for known in source.namelist():
            archive.writestr(known, part if known == name else source.read(known))
    return target.getvalue()


def test_a_zip_bomb_is_refused_while_it_unpacks() -> None:
    content = bomb(b"<worksheet>" + b" " * (archive_bounds.MAX_UNPACKED + 1) + b"</worksheet>")
    assert len(content) < 200_000
    assert faults(content) == {"": "sheet.too_large"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 not a workbook",
        bomb(b"<worksheet"),
        bomb(b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'),
        bomb("<?xml version='1.0' encoding='utf-16'?><worksheet/>".encode("utf-16")),
        bomb(b"", "xl/workbook.xml"),
    ],
)
def test_what_is_no_plain_workbook_is_refused(content: bytes) -> None:
    assert faults(content) == {"": "sheet.unreadable"}


def test_a_file_beyond_the_limit_is_not_opened() -> None:
    assert faults(b"PK" + b"\0" * archive_bounds.MAX_FILE) == {"": "sheet.too_large"}


def test_a_row_far_below_costs_nothing() -> None:
    book = Workbook()
    book.active.append(TITLES)
    book.active["A1048576"] = "small"
    target = io.BytesIO()
    book.save(target)
    assert faults(target.getvalue()) == {"": "sheet.empty"}


def test_text_that_looks_like_a_formula_stays_text() -> None:
    """Whoever opens the export runs nothing of what a participant wrote."""
    values = ("=1+1", "@SUM(A1)", "+994 12 555 01 02", "-2+3", "“Şüşə”\u200f & <b>", "a\x01b")
    sheet = Sheet("S", (Column("A", 9),), [[value] for value in values], date(2026, 11, 20))
    page = load_workbook(io.BytesIO(Workbooks().xlsx(sheet))).worksheets[0]
    cells = [row[0] for row in page.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(values)
    assert [cell.value for cell in cells] == [*values[:-1], "ab"]
    rows = list(csv.reader(io.StringIO(Workbooks().csv(sheet).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:4]] == ["'=1+1", "'@SUM(A1)", "+994 12 555 01 02"]
    assert rows[4] == ["'-2+3"]


def test_csv_has_the_same_rows() -> None:
    data = registry(12)
    rows = list(csv.reader(io.StringIO(WRITE(data, SheetFormat.CSV).decode("utf-8-sig"))))
    assert rows[0] == TITLES
    assert [row[AT["voen"] - 1] for row in rows[1:]] == [e.voen for e in ordered(data_rows(data.rows))]
    assert datetime.fromisoformat(rows[1][AT["agreement_date"] - 1]) == datetime(2026, 3, 16)  # noqa: DTZ001


def test_replaced_rows_bring_their_difference_from_the_last_edition() -> None:
    """003 §4.16: the last edition, as the document tells it, does not change with the rows of the new one."""
    instrument, data = klaster_reyestr(), registry(20)
    before = earlier_rows(data)
    shorter = instrument.validate(with_rows(data, data.rows[3:]))
    assert isinstance(shorter, RegistryData)
    assert instrument.check(shorter) == ()
    assert earlier_rows(shorter) == before
    assert {row.voen for row in shorter.changes.removed} == {
        data.changes.removed[0].voen, *(row.voen for row in data.rows[:3])
    }  # fmt: skip
    again = with_rows(shorter, data.rows)
    assert instrument.validate(again).changes == instrument.validate(with_rows(data, data.rows)).changes


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_cell_has_its_text(language: str) -> None:
    texts = Catalog(language)
    codes = [code for code in texts.codes if code.startswith("sheet.")]
    assert len(codes) == 13
    assert {name for code in codes for name in placeholders(texts.text(code))} == {
        "reason", "limit", "title", "value", "instrument"
    }  # fmt: skip
