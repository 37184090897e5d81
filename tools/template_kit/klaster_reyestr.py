"""Template of ``klaster-reyestr`` (003 §4.16, Əlavə 6): thousands of rows in tables that stand edge to edge.

The column heading is in the text once, on the first page, and in the page header of every page after it: a heading row
that repeats itself would stand in the middle of a page wherever a table begins.
"""

from __future__ import annotations

import copy
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt

from doc_service.instruments.cluster.registry_rows import HEADINGS
from template_kit.blocks import (
    _ROW_HEIGHT,
    Column,
    _fill,
    _finish,
    _note,
    _row_properties,
    _ruled,
    _small,
    _table,
    _tag_row,
    heading,
    letterhead,
    paragraph,
    tag,
)
from template_kit.manifest import Template
from template_kit.oxml import borders, element, printed
from template_kit.page import PageProfile, add_footer, blank

PROFILE = PageProfile(left=20, right=10, top=20, bottom=20, text=12, table=8, landscape=True)
_WIDTHS = (11.0, 41.0, 24.0, 37.0, 36.0, 31.0, 39.0, 36.0, 12.0)
_SIGNING = (("Vəzifəsi", 0, 2), ("İmzası", 3, 4), ("Soyadı, adı, atasının adı", 5, 5), ("Möhür yeri (MY)", 6, 8))
"""Titles of the signing cells, each over columns from one to another."""
_CELLS = ("{{ r.no }}", *("{{ r.c" + str(n) + " }}" for n in range(1, 9)))
_CENTRED = frozenset({0, 8})


def build() -> Template:
    """The template with its manifest."""
    document = blank(PROFILE)
    _styles(document)
    add_footer(document, PROFILE, "№ {{ line.number }}")
    _page_header(document)
    letterhead(document, PROFILE)
    heading(document, "{{ cluster }} iştirakçılarının və infrastrukturunun REYESTRİ", 1)
    paragraph(document, "{{ edition }}", "Nəşr")
    tag(document, "if basis")
    paragraph(document, "Yenilənmənin əsası: {{ basis }}", "Nəşr")
    tag(document, "endif")
    table = _ruled(document, _columns())
    _numbers(document, table)
    _without_repetition(table)
    _rows(document, table, "first")
    _seam(document)
    tag(document, "for part_ in tables")
    _rows(document, _bare(document), "part_")
    _seam(document)
    tag(document, "endfor")
    last = _bare(document)
    _rows(document, last, "last", kept=True)
    _notes(document, last)
    _signing(document, last)
    _widths(last)
    return Template(
        name="klaster-reyestr.v1",
        title="Klasterin iştirakçılarının və infrastrukturunun reyestri",
        sources=("003 §4.16", "003 Əlavə 6"),
        variables=(
            "letterhead", "line", "cluster", "edition", "basis", "first", "tables", "last", "footnotes", "signatory",
            "seal",
        ),
        profile=PROFILE,
        document=document,
        reconstructed=(
            "headings of columns 1 to 8: the source has only their numbers",
            "numbers of the footnotes: 1 to 3 instead of 2 to 4, which count the footnotes of the whole methodology",
            "number of the edition, its basis and the difference from the last edition: 003 §4.16 asks for renewal",
        ),
    )  # fmt: skip


def _columns() -> tuple[Column, ...]:
    titles = ("№", *HEADINGS)
    return tuple(Column(title, width, "") for title, width in zip(titles, _WIDTHS, strict=True))


def _styles(document: Any) -> None:
    for name, parent, keep, size in (
        ("Cədvəl sonda", "Cədvəl", True, None),
        ("Reyestr hissəsi", "Cədvəl başlığı", True, 10),
        ("Reyestr qrupu", "Cədvəl başlığı", True, 9),
        ("Reyestr qeydi", "Cədvəl", True, None),
        ("Nəşr", "Ortada", True, 10),
        ("Tikiş", "Normal", False, 1),
    ):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles[parent]
        style.paragraph_format.keep_with_next = keep
        if size:
            style.font.size = Pt(size)
    document.styles["Reyestr hissəsi"].paragraph_format.space_before = Pt(3)
    document.styles["Reyestr hissəsi"].paragraph_format.space_after = Pt(3)
    document.styles["Reyestr qrupu"].font.italic = True
    document.styles["Reyestr qeydi"].paragraph_format.space_before = Pt(3)
    document.styles["İmza qeydi"].font.size = Pt(PROFILE.table)
    seam = document.styles["Tikiş"]
    seam.font.hidden = True
    seam.element.get_or_add_pPr().append(element("w:spacing", before=0, after=0, line=20, lineRule="exact"))


def _page_header(document: Any) -> None:
    """The column heading on every page but the first; the first page's footer is the footer of all."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    first = section.first_page_footer
    first.is_linked_to_previous = False
    for old in list(first._element):
        first._element.remove(old)
    for part in section.footer._element:
        first._element.append(copy.deepcopy(part))
    section.first_page_header.is_linked_to_previous = False
    header = section.header
    header.is_linked_to_previous = False
    table = _ruled(document, _columns())
    _numbers(document, table)
    _without_repetition(table)
    _finish(table)
    header._element.insert(0, table._tbl)
    header.paragraphs[-1].style = document.styles["Tikiş"]
    _hide(header.paragraphs[-1])


def _numbers(document: Any, table: Any) -> None:
    row = table.add_row()
    for place, cell in enumerate(row.cells):
        _fill(document, cell, str(place) if place else "", "Cədvəl ortada")
    _row_properties(row, split=False)


def _without_repetition(table: Any) -> None:
    for found in list(table._tbl.iter(element("w:tblHeader").tag)):
        found.getparent().remove(found)


def _bare(document: Any) -> Any:
    """A table without heading whose upper line is the last one of the table before it."""
    grid = borders("w:tblBorders", top=0, left=4, bottom=4, right=4, insideH=4, insideV=4)
    return _table(document, _WIDTHS, grid)


def _rows(document: Any, table: Any, loop: str, *, kept: bool = False) -> None:
    _tag_row(document, table, f"for r in {loop}")
    _tag_row(document, table, "if r.title and r.part")
    _wide(document, table, "Reyestr hissəsi")
    _tag_row(document, table, "elif r.title")
    _wide(document, table, "Reyestr qrupu")
    _tag_row(document, table, "else")
    row = table.add_row()
    for place, (cell, text) in enumerate(zip(row.cells, _CELLS, strict=True)):
        _fill(document, cell, text, "Cədvəl sonda" if kept else "Cədvəl ortada" if place in _CENTRED else "Cədvəl")
    _row_properties(row, split=False)
    for whole in row._tr.xpath("./w:trPr/w:cantSplit"):
        whole.set(qn("w:val"), "{{ r.whole }}")
    _tag_row(document, table, "endif")
    _tag_row(document, table, "endfor")
    _widths(table)


def _wide(document: Any, table: Any, style: str) -> None:
    row = table.add_row()
    _fill(document, row.cells[0].merge(row.cells[-1]), "{{ r.title }}", style)
    _row_properties(row, split=False)


def _seam(document: Any) -> None:
    """Two tables need a paragraph between them; this one is hidden and takes no room."""
    _hide(paragraph(document, "", "Tikiş"))


def _hide(made: Any) -> None:
    properties = made._p.get_or_add_pPr()
    mark = element("w:rPr")
    mark.append(element("w:vanish"))
    properties.append(mark)


def _notes(document: Any, table: Any) -> None:
    """The footnotes: a row of the last table, since rows of one table stay together and a table and text do not."""
    row = table.add_row()
    cell = row.cells[0].merge(row.cells[-1])
    cell._tc.get_or_add_tcPr().append(borders("w:tcBorders", left=0, right=0))
    _fill(document, cell, ("{%p for note in footnotes %}", "{{ note }}", "{%p endfor %}"), "Reyestr qeydi")
    cell.paragraphs[1].paragraph_format.space_before = Pt(3)
    _row_properties(row, split=False)


def _signing(document: Any, table: Any) -> None:
    """Signature and seal side by side."""
    top = table.add_row()
    for title, first, last in _SIGNING:
        cell = top.cells[first].merge(top.cells[last])
        _fill(document, cell, title, "Cədvəl başlığı")
        cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill="F2F2F2"))
    _row_properties(top, split=False)
    row = table.add_row()
    role, field, name, seal = [row.cells[first].merge(row.cells[last]) for _, first, last in _SIGNING]
    _fill(document, role, printed("signatory.role"), "Cədvəl")
    _note(document, role, "signatory.in_place_of")
    _note(document, role, "signatory.basis")
    _small(document, role, printed("signatory.post"))
    _fill(document, field, printed("signatory.field|anchor"), "İmza yeri")
    _fill(document, name, printed("signatory.name"), "Cədvəl")
    _fill(document, seal, "{% if seal %}{{ seal.field|anchor }}{% endif %}", "İmza yeri")
    _row_properties(row, split=False, height=_ROW_HEIGHT)


def _widths(table: Any) -> None:
    """Cells over several columns say their width. The others have the grid's (the layout is fixed) and say nothing:
    LibreOffice reads a registry faster by a twentieth."""
    for row in table.rows:
        place = 0
        if len(row._tr.tc_lst) == len(table._widths):
            for cell in row._tr.tc_lst:
                _silent(cell)
            continue
        for cell in row._tr.tc_lst:
            span = cell.grid_span
            cell.width = sum(table._widths[place : place + span]) * 635
            place += span


def _silent(cell: Any) -> None:
    properties = cell.tcPr
    if properties is None:
        return
    for found in properties.findall(element("w:tcW").tag):
        properties.remove(found)
    if not len(properties):
        cell.remove(properties)
