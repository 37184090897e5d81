"""What an official would object to on a printed page: a heading left alone at its foot, text over text, text beyond the
margins. Judged from the words' places in the PDF and from the filled DOCX that travels inside it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf
from docx import Document
from docx.oxml.ns import qn

from tests.instruments.printed_text import Printed, Word, solid, without_footer

_HEADS = ("Heading", "Etiket", "Mövzu", "Cədvəl qrupu")
"""Styles of paragraphs that stand with what follows them."""
_MEASURES = (
    "page_width",
    "page_height",
    "left_margin",
    "top_margin",
    "right_margin",
    "bottom_margin",
    "header_distance",
)
_LOOSE = 3.0
"""Points by which words may reach over a margin: a hanging sign, the slant of a letter."""
_LINE = 0.3
"""Share of a word's height by which its box may reach over another's: the boxes have the font's ascent and descent."""


@dataclass(frozen=True)
class Sheet:
    """A paper of the document: its size and margins in points; above and below them are header and footer."""

    width: float
    height: float
    left: float
    top: float
    right: float
    bottom: float
    header: float


@dataclass(frozen=True)
class Layout:
    """A printed document with the words of its DOCX."""

    paper: Printed

    @cached_property
    def _document(self) -> Any:
        with pikepdf.open(self.paper.path) as pdf:
            return Document(io.BytesIO(pdf.attachments["source.docx"].get_file().read_bytes()))

    @cached_property
    def heads(self) -> frozenset[str]:
        """Headings, labels, group rows and heading rows of tables, as ``solid``."""
        body, styles = self._document.element.body, {s.style_id: s.name for s in self._document.styles}
        found = set()
        for made in body.iter(qn("w:p")):
            style = made.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            opens_a_page = made.find(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}") is not None
            if style is not None and not opens_a_page and styles[style.get(qn("w:val"))].startswith(_HEADS):
                found.add(_text(made))
        for table in body.iter(qn("w:tbl")):
            rows = table.findall(qn("w:tr"))
            heading = [r for r in rows if r.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
            found.add("".join(_text(row) for row in heading))
            found |= {_text(row) for row in heading}
        return frozenset(text for text in found if text)

    def lonely_heads(self) -> list[tuple[int, str]]:
        """Pages, from 1, whose last lines are a heading, with it; but for the document's last page."""
        longest = max(map(len, self.heads), default=0)
        return [
            (number, tail)
            for number, page in enumerate(self.paper.pages[:-1], 1)
            for tail in _tails(without_footer(page).splitlines(), longest)
            if tail in self.heads
        ]

    def blank_pages(self) -> list[int]:
        """Pages, from 1, with nothing but a footer; a page of images has a title above them."""
        return [n for n, sheet in enumerate(self.paper.sheets, 1) if not sheet]

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The papers of the document's sections."""
        return tuple(
            Sheet(*(float(getattr(section, name).pt) for name in _MEASURES)) for section in self._document.sections
        )

    def outside(self) -> Iterator[tuple[int, str]]:
        """Words beyond the margins of their page, with the page from 1; the footer stands below the lower margin."""
        with pikepdf.open(self.paper.path) as pdf:
            sizes = [(float(p.mediabox[2]), float(p.mediabox[3])) for p in pdf.pages]
        for number, ((width, height), words) in enumerate(zip(sizes, self.paper.boxes, strict=True), 1):
            fitting = [s for s in self.sheets if abs(s.width - width) < 2 and abs(s.height - height) < 2]
            for word in words:
                if word.text.strip() and not any(_inside(word, sheet) for sheet in fitting):
                    yield number, word.text

    def overlapping(self) -> Iterator[tuple[int, str, str]]:
        """Pairs of words that stand over each other, with the page from 1."""
        for number, words in enumerate(self.paper.boxes, 1):
            ordered = sorted((w for w in words if w.text.strip("\u200f\u200e ")), key=lambda w: w.top)
            for place, word in enumerate(ordered):
                for other in ordered[place + 1 :]:
                    if other.top > word.bottom:
                        break
                    if _over(word, other):
                        yield number, word.text, other.text


def _tails(lines: Sequence[str], longest: int) -> Iterator[str]:
    """The last line, the last two lines … as ``solid``, up to so many characters."""
    tail = ""
    for line in reversed(lines):
        tail = solid(line) + tail
        if len(tail) > longest:
            return
        yield tail


def _text(part: Any) -> str:
    return solid("".join(t.text or "" for t in part.iter(qn("w:t"))))


def _inside(word: Word, sheet: Sheet) -> bool:
    lowest = sheet.height - (0 if word.top > sheet.height - sheet.bottom - _LOOSE else sheet.bottom)
    highest = sheet.header if word.bottom < sheet.top + _LOOSE else sheet.top
    return (
        word.left >= sheet.left - _LOOSE
        and word.right <= sheet.width - sheet.right + _LOOSE
        and word.top >= highest - _LOOSE
        and word.bottom <= lowest + _LOOSE
    )


def _over(one: Word, other: Word) -> bool:
    """The boxes share more than their loose edges."""
    deep = min(one.bottom, other.bottom) - max(one.top, other.top)
    wide = min(one.right, other.right) - max(one.left, other.left)
    return deep > _LINE * min(one.bottom - one.top, other.bottom - other.top) and wide > 1.0
