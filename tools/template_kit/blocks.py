"""Blocks that the templates are put together from. Text in braces is docxtpl's; see docs of the rendering package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn

from template_kit.oxml import TWIPS_PER_POINT, borders, element, printed, twips
from template_kit.page import PageProfile, group_style

SIGNATURE_WIDTH, SIGNATURE_HEIGHT = 180, 66
"""Size of a signature field in points."""

_ROW_HEIGHT = (SIGNATURE_HEIGHT + 8) * TWIPS_PER_POINT
_CELL_MARGINS = {"top": 25, "left": 85, "bottom": 25, "right": 85}
_HEADER_FILL = "F2F2F2"

SignatureRows = Callable[[Any, Any, str], Any]
"""Adds the rows of one signatory to a table; the variable that holds the signatory."""


@dataclass(frozen=True)
class Column:
    """A table column: ``width`` in millimetres, ``value``: what a body row prints, one paragraph for each."""

    title: str
    width: float
    value: str | tuple[str, ...]
    centred: bool = False


def paragraph(document: Any, text: str, style: str = "Mətn") -> Any:
    return document.add_paragraph(text, style=document.styles[style])


def labelled(document: Any, label: str, text: str, style: str = "Mətn") -> Any:
    """A bold label, then text."""
    made = document.add_paragraph(style=document.styles[style])
    made.add_run(f"{label} ").bold = True
    made.add_run(text)
    return made


def tag(document: Any, code: str) -> None:
    """A paragraph that docxtpl replaces by control flow."""
    document.add_paragraph("{%p " + code + " %}", style=document.styles["Cədvəl"])


def heading(document: Any, text: str, level: int) -> Any:
    return document.add_paragraph(text, style=document.styles[f"Heading {level}"])


def letterhead(document: Any, profile: PageProfile) -> None:
    """Organisation, unit and contact line; then date, number and place under a rule."""
    tag(document, "if letterhead.organisation")
    paragraph(document, "{{ letterhead.organisation }}", "Blank təşkilat")
    tag(document, "endif")
    paragraph(document, "{{ letterhead.body }}", "Blank təşkilat")
    tag(document, "if letterhead.contact")
    paragraph(document, "{{ letterhead.contact }}", "Blank əlaqə")
    tag(document, "endif")
    widths = (66.0, profile.width - 66.0 - 40.0, 40.0)
    table = _table(document, widths, borders("w:tblBorders", top=12, left=0, bottom=0, right=0, insideH=0, insideV=0))
    texts = ("{{ line.date }}", "№ {{ line.number }}", "{{ line.place }}")
    row = table.add_row()
    for cell, text, side in zip(row.cells, texts, ("left", "center", "right"), strict=True):
        made = cell.paragraphs[0]
        made.style = document.styles["Cədvəl"]
        made.add_run(text)
        made._p.get_or_add_pPr().append(element("w:spacing", before=120, after=0))
        made._p.get_or_add_pPr().append(element("w:jc", val=side))
    _row_properties(row, split=False)
    _finish(table)


def facts(document: Any, rows: Sequence[tuple[str, str, str]], label_width: float, profile: PageProfile) -> None:
    """Label and value side by side without lines. A row is (label, value, condition); empty condition: always."""
    none = borders("w:tblBorders", top=0, left=0, bottom=0, right=0, insideH=0, insideV=0)
    table = _table(document, (label_width, profile.width - label_width), none)
    for label, value, condition in rows:
        if condition:
            _tag_row(document, table, "if " + condition)
        row = table.add_row()
        _fill(document, row.cells[0], label, "Cədvəl", bold=True)
        _fill(document, row.cells[1], value, "Cədvəl")
        _row_properties(row, split=False)
        if condition:
            _tag_row(document, table, "endif")
    _finish(table)


def listing(document: Any, columns: Sequence[Column], loop: str) -> None:
    """A ruled table whose heading repeats on every page, one body row for each turn of ``loop``."""
    table = _ruled(document, columns)
    _tag_row(document, table, loop)
    row = table.add_row()
    for cell, column in zip(row.cells, columns, strict=True):
        _fill(document, cell, column.value, "Cədvəl ortada" if column.centred else "Cədvəl")
    _row_properties(row, split=False)
    _tag_row(document, table, "endfor")
    _finish(table)


def grouped_listing(
    document: Any, columns: Sequence[Column], groups: str, title: str, rows: str, *, numbered: bool = False
) -> None:
    """A ruled table of groups: for each turn of ``groups`` a row over the whole width with ``title``, then one body row
    for each turn of ``rows``. ``numbered``: a row of column numbers under the heading, as forms have it."""
    table = _ruled(document, columns)
    if numbered:
        row = table.add_row()
        for place, cell in enumerate(row.cells, 1):
            _fill(document, cell, str(place), "Cədvəl ortada")
        _row_properties(row, split=False, header=True)
    _tag_row(document, table, groups)
    heading_row = table.add_row()
    merged = heading_row.cells[0].merge(heading_row.cells[-1])
    _fill(document, merged, title, group_style(document).name)
    _row_properties(heading_row, split=False)
    _tag_row(document, table, rows)
    row = table.add_row()
    for cell, column in zip(row.cells, columns, strict=True):
        _fill(document, cell, column.value, "Cədvəl ortada" if column.centred else "Cədvəl")
    _row_properties(row, split=False)
    _tag_row(document, table, "endfor")
    _tag_row(document, table, "endfor")
    _finish(table)


def form(
    document: Any, rows: Sequence[tuple[str, str | tuple[str, ...], str]], label_width: float, profile: PageProfile
) -> None:
    """A ruled form: label on the left, value on the right. A row is (label, value, condition); empty condition: always.
    Rows may part: a value can be longer than a page."""
    grid = borders("w:tblBorders", top=4, left=4, bottom=4, right=4, insideH=4, insideV=4)
    table = _table(document, (label_width, profile.width - label_width), grid)
    for label, value, condition in rows:
        if condition:
            _tag_row(document, table, "if " + condition)
        row = table.add_row()
        _fill(document, row.cells[0], label, "Cədvəl", bold=True)
        _fill(document, row.cells[1], value, "Cədvəl")
        _row_properties(row, split=True)
        if condition:
            _tag_row(document, table, "endif")
    _finish(table)


def approved(document: Any, profile: PageProfile, variable: str = "approved") -> None:
    """The mark of a document that a meeting has approved, at the upper right: TƏSDİQ EDİLİB and the lines of
    ``variable`` (whose decision, its date and number)."""
    none = borders("w:tblBorders", top=0, left=0, bottom=0, right=0, insideH=0, insideV=0)
    table = _table(document, (profile.width / 2, profile.width / 2), none)
    row = table.add_row()
    cell = row.cells[1]
    _fill(document, cell, "TƏSDİQ EDİLİB", "Təsdiq", bold=True)
    for text in ("{%p for line_ in " + variable + " %}", "{{ line_ }}", "{%p endfor %}"):
        cell.add_paragraph(text, style=document.styles["Təsdiq"])
    _row_properties(row, split=False)
    _finish(table)


def single_row(document: Any, columns: Sequence[Column]) -> None:
    """A ruled table with a heading and one row, never parted."""
    table = _ruled(document, columns)
    row = table.add_row()
    for cell, column in zip(row.cells, columns, strict=True):
        _fill(document, cell, column.value, "Cədvəl ortada" if column.centred else "Cədvəl")
    _row_properties(row, split=False)
    _finish(table)


def signature_table(document: Any, profile: PageProfile, rows: SignatureRows | None = None) -> None:
    """One row for each signatory: who, the field's place, the name; rows are never parted. ``rows``: other rows of one
    signatory.

    Rows are at least as high as a field; a long post makes its row higher and the field stays at its top."""
    table = _ruled(document, _signature_columns(profile))
    _tag_row(document, table, "for s in signatories")
    (rows or _signature_row)(document, table, "s")
    _tag_row(document, table, "endfor")
    _finish(table)


def single_signature(
    document: Any, profile: PageProfile, variable: str = "signatory", rows: SignatureRows | None = None
) -> None:
    """One signatory without lines: post on the left, field in the middle, name on the right."""
    none = borders("w:tblBorders", top=0, left=0, bottom=0, right=0, insideH=0, insideV=0)
    table = _table(document, [c.width for c in _signature_columns(profile)], none)
    (rows or _signature_row)(document, table, variable)
    _finish(table)


def approval(document: Any, profile: PageProfile, variable: str = "signatory") -> None:
    """The approval mark at the upper right: TƏSDİQ EDİRƏM, office, name, and the field below them."""
    half = profile.width / 2
    none = borders("w:tblBorders", top=0, left=0, bottom=0, right=0, insideH=0, insideV=0)
    table = _table(document, (half, half), none)
    row = table.add_row()
    cell = row.cells[1]
    _fill(document, cell, "TƏSDİQ EDİRƏM", "Təsdiq", bold=True)
    cell.add_paragraph(printed(f"{variable}.role"), style=document.styles["Təsdiq"])
    cell.add_paragraph(printed(f"{variable}.name"), style=document.styles["Təsdiq"])
    _note(document, cell, f"{variable}.in_place_of")
    _note(document, cell, f"{variable}.basis")
    _row_properties(row, split=False)
    below = table.add_row()
    _fill(document, below.cells[1], printed(f"{variable}.field|anchor"), "İmza yeri")
    _row_properties(below, split=False, height=_ROW_HEIGHT)
    _finish(table)


def _signature_columns(profile: PageProfile) -> tuple[Column, ...]:
    field = 67.0
    name = 37.0
    return (
        Column("Vəzifəsi", profile.width - field - name, ""),
        Column("İmzası", field, ""),
        Column("Soyadı, adı, atasının adı", name, ""),
    )


def _signature_row(document: Any, table: Any, variable: str) -> None:
    row = table.add_row()
    role, field, name = row.cells
    _fill(document, role, printed(f"{variable}.role"), "Cədvəl")
    _note(document, role, f"{variable}.in_place_of")
    _note(document, role, f"{variable}.basis")
    _small(document, role, printed(f"{variable}.post"))
    _fill(document, field, printed(f"{variable}.field|anchor"), "İmza yeri")
    _fill(document, name, printed(f"{variable}.name"), "Cədvəl")
    _row_properties(row, split=False, height=_ROW_HEIGHT)


def _note(document: Any, cell: Any, variable: str) -> None:
    _small(document, cell, "{%p if " + variable + " %}")
    _small(document, cell, printed(variable))
    _small(document, cell, "{%p endif %}")


def _small(document: Any, cell: Any, text: str) -> None:
    cell.add_paragraph(text, style=document.styles["İmza qeydi"])


def _ruled(document: Any, columns: Sequence[Column]) -> Any:
    grid = borders("w:tblBorders", top=4, left=4, bottom=4, right=4, insideH=4, insideV=4)
    table = _table(document, [c.width for c in columns], grid)
    row = table.add_row()
    for cell, column in zip(row.cells, columns, strict=True):
        _fill(document, cell, column.title, "Cədvəl başlığı")
        properties = cell._tc.get_or_add_tcPr()
        properties.append(element("w:shd", val="clear", color="auto", fill=_HEADER_FILL))
        properties.append(element("w:vAlign", val="center"))
    _row_properties(row, split=False, header=True)
    return table


def _table(document: Any, widths: Sequence[float], box: Any) -> Any:
    table = document.add_table(rows=0, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    properties = table._tbl.tblPr
    for found in properties.findall(qn("w:tblW")) + properties.findall(qn("w:tblLook")):
        properties.remove(found)
    properties.insert(0, element("w:tblW", w=sum(twips(w) for w in widths), type="dxa"))
    indent = element("w:tblInd", w=0, type="dxa")
    margins = element("w:tblCellMar")
    for side, width in _CELL_MARGINS.items():
        margins.append(element(f"w:{side}", w=width, type="dxa"))
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(indent)
    layout.addprevious(box)
    layout.addnext(margins)
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(twips(width)))
    table._widths = [twips(w) for w in widths]
    return table


def _finish(table: Any) -> None:
    """Every cell says its own width: LibreOffice and Word then agree."""
    for row in table._tbl.findall(qn("w:tr")):
        cells = row.findall(qn("w:tc"))
        for cell, width in zip(cells, table._widths, strict=False):
            properties = cell.get_or_add_tcPr()
            for found in properties.findall(qn("w:tcW")):
                properties.remove(found)
            total = sum(table._widths) if len(cells) == 1 else width
            properties.insert(0, element("w:tcW", w=total, type="dxa"))


def _tag_row(document: Any, table: Any, code: str) -> None:
    row = table.add_row()
    cell = row.cells[0].merge(row.cells[-1])
    cell.paragraphs[0].style = document.styles["Cədvəl"]
    cell.paragraphs[0].add_run("{%tr " + code + " %}")


def _fill(document: Any, cell: Any, value: str | tuple[str, ...], style: str, *, bold: bool = False) -> None:
    for place, text in enumerate((value,) if isinstance(value, str) else value):
        made = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        made.style = document.styles[style]
        run = made.add_run(text)
        if bold:
            run.bold = True


def _row_properties(row: Any, *, split: bool, header: bool = False, height: int = 0) -> None:
    properties = row._tr.get_or_add_trPr()
    if not split:
        properties.append(element("w:cantSplit"))
    if height:
        properties.append(element("w:trHeight", val=height, hRule="atLeast"))
    if header:
        properties.append(element("w:tblHeader"))
