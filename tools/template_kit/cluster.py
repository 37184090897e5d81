"""What the templates of cluster documents share: titles, blanks with "Tarix" at the end, seals, provisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.shared import Mm, Pt

from template_kit.blocks import _fill, _finish, _row_properties, _table, heading, paragraph, tag
from template_kit.oxml import borders, element
from template_kit.page import PageProfile
from template_kit.signatures import single_signature

LANDSCAPE = PageProfile(left=20, right=15, top=20, bottom=20, text=12, table=10, landscape=True)
"""Plans with many columns."""


def spacer(document: Any, points: float = 6) -> None:
    """A small gap that keeps with what follows: two tables side by side would grow together."""
    made = paragraph(document, "", "Mənbə")
    made.paragraph_format.space_after = Pt(points)


def place_and_date(document: Any, profile: PageProfile) -> None:
    """The line under the mark of approval, as the forms have it: place at the left, number, date at the right."""
    third = profile.width / 3
    none = borders("w:tblBorders", top=0, left=0, bottom=0, right=0, insideH=0, insideV=0)
    table = _table(document, (third, third, third), none)
    row = table.add_row()
    texts = (("{{ line.place }}", "left"), ("№ {{ line.number }}", "center"), ("{{ line.date }}", "right"))
    for cell, (text, side) in zip(row.cells, texts, strict=True):
        _fill(document, cell, text, "Cədvəl")
        cell.paragraphs[0]._p.get_or_add_pPr().append(element("w:jc", val=side))
    _row_properties(row, split=False)
    _finish(table)


def left(document: Any, text: str, *, keep: bool = True) -> Any:
    """A line without indent, set like a form's label."""
    made = paragraph(document, text, "İcra")
    made.paragraph_format.keep_with_next = keep
    return made


def dated_signature(document: Any, profile: PageProfile) -> None:
    """Signatory and "Tarix" as the forms end: in one row, so that the date never falls on a page of its own."""
    single_signature(document, profile)
    role = document.tables[-1].rows[-1].cells[0]
    dated = role.add_paragraph("Tarix {{ line.date }}", style=document.styles["Cədvəl"])
    dated.paragraph_format.space_before = Pt(6)


def sealed_signature(document: Any, profile: PageProfile) -> None:
    """The form's end: signatory, date, and the seal ("MY") where the organisation has one."""
    dated_signature(document, profile)
    tag(document, "if seal")
    spacer(document)
    single_signature(document, profile, "seal")
    tag(document, "endif")


def provisions(document: Any, texts: Sequence[str]) -> None:
    """Numbered provisions as entered: "1.1. …" with an indent of the first line; "a) …", "– …" and what a loop prints
    set in. A text that begins with "%" is a tag of control flow. A provision that opens a list keeps with it."""
    looping = False
    for text in texts:
        if text.startswith("%"):
            looping = text.startswith("%for")
            tag(document, text[1:])
            continue
        made = paragraph(document, text)
        inner = looping or text[1:2] == ")" or text.startswith("–")
        made.paragraph_format.first_line_indent = Mm(0 if inner else 10)
        made.paragraph_format.left_indent = Mm(10 if inner else 0)
        made.paragraph_format.keep_with_next = text.endswith(":")


def sections(document: Any, parts: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Titled sections of provisions."""
    for title, texts in parts:
        heading(document, title, 2)
        provisions(document, texts)
