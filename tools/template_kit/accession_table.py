"""The accession table of Əlavə 4 in portrait: its seven columns in two lines a party, since two signature fields and
five columns of text do not stand side by side on A4."""

from __future__ import annotations

from typing import Any

from template_kit.blocks import _HEADER_FILL, _ROW_HEIGHT, _fill, _note, _row_properties, _small, _table, _tag_row
from template_kit.oxml import borders, element, printed

_GRID = (45.0, 22.0, 13.0, 45.0, 9.0, 36.0)
"""Edges of both lines, millimetres: 170 in all."""

_UPPER = (
    ("Təşkilatın adı (təşkilati-hüquqi forması “Adı”)", 0, 0),
    ("Rekvizitlər, dövlət qeydiyyat nömrəsi", 1, 2),
    ("Nümayəndənin soyadı, adı, atasının adı", 3, 3),
    ("Nümayəndənin vəzifəsi", 4, 5),
)
_LOWER = (("Nümayəndənin imzası", 0, 1), ("Təşkilatın möhürü", 2, 4), ("Tarix", 5, 5))


def accession_table(document: Any, loop: str) -> None:
    """One party for each turn of ``loop`` over ``p``; its two lines stay together."""
    grid = borders("w:tblBorders", top=4, left=4, bottom=4, right=4, insideH=4, insideV=4)
    table = _table(document, _GRID, grid)
    for titles in (_UPPER, _LOWER):
        row = table.add_row()
        for title, first, last in titles:
            cell = row.cells[first].merge(row.cells[last])
            _fill(document, cell, title, "Cədvəl başlığı")
            properties = cell._tc.get_or_add_tcPr()
            properties.append(element("w:shd", val="clear", color="auto", fill=_HEADER_FILL))
            properties.append(element("w:vAlign", val="center"))
        _row_properties(row, split=False, header=True)
    _tag_row(document, table, loop)
    _party(document, table)
    _tag_row(document, table, "endfor")
    _widths(table)


def _party(document: Any, table: Any) -> None:
    row = table.add_row()
    name, requisites, person, post = [row.cells[first].merge(row.cells[last]) for _, first, last in _UPPER]
    _fill(document, name, (printed("p.label") + ":", printed("p.organisation")), "Cədvəl")
    _fill(document, requisites, printed("p.requisites"), "Cədvəl")
    _fill(document, person, printed("p.name"), "Cədvəl")
    _fill(document, post, printed("p.post"), "Cədvəl")
    for variable in ("p.in_place_of", "p.basis"):
        _note(document, post, variable)
    for cell in (name, requisites, person, post):
        for made in cell.paragraphs:
            made.paragraph_format.keep_with_next = True
    _row_properties(row, split=False)
    below = table.add_row()
    signature, seal, day = [below.cells[first].merge(below.cells[last]) for _, first, last in _LOWER]
    _fill(document, signature, printed("p.field|anchor"), "İmza yeri")
    _fill(document, seal, "{% if p.seal %}{{ p.seal|anchor }}{% endif %}", "İmza yeri")
    _small(document, day, printed("p.date"))
    day._tc.remove(day.paragraphs[0]._p)
    _row_properties(below, split=False, height=_ROW_HEIGHT)


def _widths(table: Any) -> None:
    for row in table.rows:
        place = 0
        for cell in row._tr.tc_lst:
            cell.width = sum(table._widths[place : place + cell.grid_span]) * 635
            place += cell.grid_span


def whole_rows(document: Any) -> None:
    """No row of the last table made is parted: for forms whose values are short."""
    for row in document.tables[-1].rows:
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
