"""QR codes (ISO/IEC 18004) inside templates, drawn as vectors: sharp at any size, and nothing is embedded."""

from __future__ import annotations

import functools
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import segno
from lxml import etree
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from doc_service.domain.errors import DomainError
from doc_service.rendering.plain import Items, Missing, Record

QUIET_ZONE = 4
"""Modules of white around the code; with fewer, readers miss it."""
_MAX_TEXT = 300
_NAMED = "QR"
"""What templates call the drawing of a code."""

_DOC_PR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def qr(value: Any) -> Record:
    """The code of ``value``: ``size`` is its side in modules with the quiet zone, ``runs`` its dark stretches, each
    with the corners ``left``, ``top``, ``right``, ``bottom``. Correction level M: paper gets dirty and creased."""
    text = str(value)
    if isinstance(value, Missing) or not text or len(text) > _MAX_TEXT:
        raise DomainError("template.forbidden", expression="qr of no text, or of a long one", place="filling")
    return _drawing(text)


@functools.lru_cache(maxsize=16)
def _drawing(text: str) -> Record:
    """A template asks for side and runs one after the other; making a code takes 9 ms."""
    matrix = segno.make_qr(text, error="m").matrix
    drawing = Record("qr")
    drawing["size"] = len(matrix) + 2 * QUIET_ZONE
    runs = drawing["runs"] = Items("qr.runs")
    for number, row in enumerate(matrix):
        runs.extend(_runs(bytes(row), number + QUIET_ZONE))
    return drawing


def _runs(row: bytes, top: int) -> list[Record]:
    """Dark modules side by side are one rectangle, so that no viewer shows seams between them."""
    found, start = [], None
    for place, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            found.append(_run(start + QUIET_ZONE, place + QUIET_ZONE, top))
            start = None
    return found


def _run(left: int, right: int, top: int) -> Record:
    run = Record("qr.run")
    run.update(left=left, top=top, right=right, bottom=top + 1)
    return run


def describe_codes(pdf: Pdf, docx: bytes) -> None:
    """Gives the figures of codes their spoken text (ISO 32000-1, 14.9.3), which the converter drops from drawings: in
    the order of the document, to figures that have none."""
    spoken = _spoken(docx)
    if not spoken or Name.StructTreeRoot not in pdf.Root:
        return
    silent = [figure for figure in _figures(pdf.Root.StructTreeRoot) if Name.Alt not in figure]
    for figure, text in zip(silent, spoken, strict=False):
        figure.Alt = String(text)


def _spoken(docx: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        content = package.read("word/document.xml")
    if f'name="{_NAMED}"'.encode() not in content:
        return []
    root = etree.fromstring(content)
    return [str(d.get("descr")) for d in root.iter(_DOC_PR) if d.get("name") == _NAMED and d.get("descr")]


def _figures(element: Object) -> Iterator[Object]:
    """Depth first, as read."""
    waiting = [element]
    while waiting:
        found = waiting.pop()
        if not isinstance(found, Dictionary):
            continue
        if found.get(Name.S) == Name.Figure:
            yield found
        kids = found.get(Name.K)
        waiting.extend(reversed(list(kids)) if isinstance(kids, Array) else [kids] if kids is not None else [])
