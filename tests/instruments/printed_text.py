"""What stands in a PDF, read back by poppler, and whether some text is printed there whole."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path

import pikepdf

from doc_service.domain.azerbaijani import lower

_UNSEEN = re.compile("[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff‑-]")
"""White space, marks that are not seen, and hyphens: where a line may break."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_TOUCH = 2.0
_PART = 12
_HEADINGS = {"imzalar", "vəzifəsi", "imza", "imzası", "soyadı", "adı", "atasının"}
_BBOX = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


def solid(text: str) -> str:
    """Letters and signs alone, small, so that line breaks and capitals of headings do not count."""
    return lower(_UNSEEN.sub("", text))


@dataclass(frozen=True)
class Word:
    """A printed word and its box in points from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Field:
    """A signature field: its page from 0 and its box; the text is its name."""

    page: int
    box: Word


@dataclass(frozen=True)
class Printed:
    """A PDF as a reader's eye finds it."""

    path: Path

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """Text by page in the order of the document: cell by cell."""
        return tuple(self._read("-raw").split("\f")[:-1])

    @cached_property
    def sheets(self) -> tuple[str, ...]:
        """The pages as ``solid``, without their footers."""
        return tuple(solid(without_footer(page)) for page in self.pages)

    @cached_property
    def body(self) -> str:
        """All of them, then the first page's footer."""
        return "".join(self.sheets) + solid(self.pages[0][-200:])

    @cached_property
    def _light(self) -> Path:
        """The same without its colour profile, which poppler would work out anew for each page (50 ms)."""
        path = self.path.with_suffix(".light.pdf")
        with pikepdf.open(self.path) as pdf:
            del pdf.Root.OutputIntents
            pdf.save(path)
        return path

    @cached_property
    def words(self) -> str:
        """Every run of letters, small, each after a space; a name's ending may follow it."""
        return "".join(f" {word}" for word in sorted(set(_WORD.findall(lower(" ".join(self.pages))))))

    @cached_property
    def boxes(self) -> tuple[tuple[Word, ...], ...]:
        """Words with their boxes, by page."""
        sheets = self._read("-bbox").split("<page ")[1:]
        return tuple(tuple(_word(*found) for found in _BBOX.findall(sheet)) for sheet in sheets)

    def holds(self, text: str) -> bool:
        """Whether the text is printed whole; a page's end and the next one's heading may stand between its parts."""
        wanted = solid(text)
        return wanted in self.body or any(self._parted(wanted, n) for n in range(len(self.sheets) - 1))

    def _parted(self, text: str, page: int) -> bool:
        """Whether it begins on this page and goes on over the next ones."""
        length = _longest(text, self.sheets[page])
        if length < _PART or page + 1 == len(self.sheets):
            return False
        return text[length:] in self.sheets[page + 1] or self._parted(text[length:], page + 1)

    def broken(self, text: str) -> set[str]:
        """Words of the text that are nowhere printed in one piece."""
        return {word for word in _WORD.findall(lower(text)) if f" {word}" not in self.words}

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The signature fields' boxes, in the order of pages and downwards."""
        found = []
        with pikepdf.open(self.path) as pdf:
            for number, page in enumerate(pdf.pages):
                height = float(page.mediabox[3])
                for widget in page.get("/Annots", ()):
                    if widget.get("/FT") == "/Sig":
                        left, bottom, right, top = (float(v) for v in widget["/Rect"])
                        box = Word(left, height - top, right, height - bottom, str(widget["/T"]))
                        found.append(Field(number, box))
        return tuple(sorted(found, key=lambda f: (f.page, f.box.top, f.box.left)))

    def overprinted(self) -> list[str]:
        """Words that stand inside a signature field's box, deeper than two points."""
        return [
            f"{f.box.text}: {word.text}"
            for f in self.fields
            for word in self.boxes[f.page]
            if word.left < f.box.right - _TOUCH
            and word.right > f.box.left + _TOUCH
            and word.top < f.box.bottom - _TOUCH
            and word.bottom > f.box.top + _TOUCH
        ]

    def orphans(self, names: Iterable[str] = ()) -> list[int]:
        """Pages, from 1, where signature fields begin but nothing of the document's text stands before them:
        ``names`` of those who sign are no text. An approval opens the document, and a table of signatures that goes on
        from the page before is no orphan."""
        begun = {f.page for f in self.fields} - {f.page + 1 for f in self.fields} - {0}
        own = tuple(map(solid, names))
        return [n + 1 for n in sorted(begun) if not self._approves(n) and not self._text_before_fields(n, own)]

    def _approves(self, page: int) -> bool:
        """A second page with the field of the approval (TƏSDİQ EDİRƏM) that the first one says at its end."""
        return page == 1 and "TƏSDİQ EDİRƏM" in self.pages[0]

    def _text_before_fields(self, page: int, own: tuple[str, ...]) -> str:
        first = min(f.box.top for f in self.fields if f.page == page)
        above = [w.text for w in self.boxes[page] if w.bottom <= first + _TOUCH]
        text = solid("".join(word for word in above if lower(word.strip(",")) not in _HEADINGS))
        for name in own:
            text = text.replace(name, "")
        return text

    def _read(self, mode: str) -> str:
        command = ["pdftotext", "-enc", "UTF-8", mode, self._light, "-"]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def without_footer(page: str) -> str:
    lines = page.strip().splitlines()
    while lines and ("Səhifə" in lines[-1] or lines[-1].startswith(("№", "Çıxarış №", "Surət №"))):
        lines.pop()
    return "\n".join(lines)


def _word(left: str, top: str, right: str, bottom: str, text: str) -> Word:
    return Word(float(left), float(top), float(right), float(bottom), unescape(text))


def _longest(text: str, page: str) -> int:
    """Length of the longest beginning of the text that stands on the page."""
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if text[:middle] in page else (least, middle - 1)
    return least
