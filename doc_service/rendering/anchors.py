"""Places of signature fields: marked in the DOCX, found again in the PDF.

The template marks a signature cell; filling makes a bookmark of it; LibreOffice exports bookmarks as named
destinations (page, left, top of the marked paragraph, exact to 0.1 pt). The box of the field hangs from there.
The destinations are removed afterwards, since they are an aid of ours and no part of the instrument.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pikepdf
from lxml import etree

from doc_service.domain.errors import DomainError
from doc_service.ports import FieldSpec
from doc_service.rendering.package_rules import W
from doc_service.rendering.sandbox_filters import ANCHOR_CLOSE, ANCHOR_OPEN
from signing.api import FieldBox

_MARK = re.compile(f"{ANCHOR_OPEN}([A-Za-z0-9_]+){ANCHOR_CLOSE}")
_START, _END, _NAME, _ID = (f"{{{W}}}{n}" for n in ("bookmarkStart", "bookmarkEnd", "name", "id"))


@dataclass(frozen=True, slots=True)
class BoxSize:
    """Size of a signature field in points, from the template's manifest."""

    width: float
    height: float


def place_bookmarks(root: etree._Element) -> None:
    """Turns anchor marks into bookmarks and gives every bookmark of the part an id of its own (loops repeat ids)."""
    for text in list(root.iter(f"{{{W}}}t")):
        if text.text and ANCHOR_OPEN in text.text:
            _mark_to_bookmark(text)
    _renumber(root)


def _mark_to_bookmark(text: etree._Element) -> None:
    run = text.getparent()
    while run is not None and run.tag != f"{{{W}}}r":
        run = run.getparent()
    if run is None:
        return
    for name in _MARK.findall(str(text.text)):
        start = etree.Element(_START, {_ID: f"a-{name}", _NAME: name})
        run.addprevious(start)
        start.addnext(etree.Element(_END, {_ID: f"a-{name}"}))
    text.text = _MARK.sub("", str(text.text))


def _renumber(root: etree._Element) -> None:
    open_ids: dict[str, list[str]] = {}
    for number, element in enumerate(root.iter(_START, _END), start=1):
        old = str(element.get(_ID))
        if element.tag == _START:
            element.set(_ID, str(number))
            open_ids.setdefault(old, []).append(str(number))
        elif open_ids.get(old):
            element.set(_ID, open_ids[old].pop())
        else:
            element.set(_ID, str(number))


def check_anchors(root: etree._Element, fields: Iterable[FieldSpec]) -> None:
    """Raises ``DomainError`` "template.anchor_missing" unless each field has exactly one bookmark."""
    names = [str(start.get(_NAME)) for start in root.iter(_START)]
    for spec in fields:
        if (count := names.count(spec.name)) != 1:
            raise DomainError("template.anchor_missing", name=spec.name, count=count)


def _destination_name(bookmark: str) -> str:
    """How LibreOffice writes a bookmark's name: letters and digits as they are, others as their hexadecimal code."""
    return "".join(c if c.isalnum() else f"{ord(c):02X}" for c in bookmark)


def field_boxes(pdf: pikepdf.Pdf, fields: Sequence[FieldSpec], size: BoxSize) -> tuple[FieldBox, ...]:
    """The box of each field, in the order asked. Raises ``DomainError`` "template.anchor_missing" when the PDF has no
    destination for a field, "template.anchor_misplaced" when a box leaves its page or covers another."""
    destinations = pdf.Root.get("/Dests", pikepdf.Dictionary())
    pages = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    boxes: list[FieldBox] = []
    for spec in fields:
        target = destinations.get("/" + _destination_name(spec.name))
        if target is None:
            raise DomainError("template.anchor_missing", name=spec.name, count=0)
        left, top = float(target[2]), float(target[3])
        page = pages[target[0].objgen]
        box = FieldBox(spec.name, page, left, top - size.height, size.width, size.height, spec.tooltip)
        _check_place(box, pdf.pages[page], boxes)
        boxes.append(box)
    return tuple(boxes)


def _check_place(box: FieldBox, page: pikepdf.Page, others: Iterable[FieldBox]) -> None:
    left, bottom, right, top = (float(value) for value in page.mediabox)
    inside = left <= box.x and box.x + box.width <= right and bottom <= box.y and box.y + box.height <= top
    if not inside or any(_overlap(box, other) for other in others):
        raise DomainError("template.anchor_misplaced", name=box.name, page=box.page + 1)


def _overlap(one: FieldBox, two: FieldBox) -> bool:
    apart_x = one.x + one.width <= two.x or two.x + two.width <= one.x
    apart_y = one.y + one.height <= two.y or two.y + two.height <= one.y
    return one.page == two.page and not (apart_x or apart_y)


def remove_destinations(pdf: pikepdf.Pdf) -> None:
    """Takes the named destinations out; links inside the text do not use them."""
    if "/Dests" in pdf.Root:
        del pdf.Root["/Dests"]
