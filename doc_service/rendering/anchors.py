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
_CELL_MARGIN = 5.0
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


def check_cells(root: etree._Element, fields: Iterable[FieldSpec], box: BoxSize) -> None:
    """A field's table cell must hold its box: a grid column wide enough, and a row high enough that never splits
    over two pages. Raises ``DomainError`` "template.anchor_cell". Anchors outside tables are not judged."""
    wanted = {spec.name for spec in fields}
    for start in root.iter(_START):
        name = str(start.get(_NAME))
        cell = next(start.iterancestors(f"{{{W}}}tc"), None)
        if name not in wanted or cell is None:
            continue
        width, height = _column_width(cell), _row_height(cell)
        if width < box.width + _CELL_MARGIN or height < box.height:
            raise DomainError("template.anchor_cell", name=name, width=round(width), height=round(height))


def _column_width(cell: etree._Element) -> float:
    """Width in points of the grid columns that a cell spans; 0 when the grid does not say."""
    row, table = cell.getparent(), next(cell.iterancestors(f"{{{W}}}tbl"))
    grid = [_points(column, "w") for column in table.iterfind(f"{{{W}}}tblGrid/{{{W}}}gridCol")]
    first = sum(_span(other) for other in cell.itersiblings(f"{{{W}}}tc", preceding=True))
    if row is not None:
        before = row.find(f"{{{W}}}trPr/{{{W}}}gridBefore")
        first += int(before.get(f"{{{W}}}val", "0")) if before is not None else 0
    return sum(grid[first : first + _span(cell)])


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{{{W}}}tcPr/{{{W}}}gridSpan")
    return 1 if span is None else int(span.get(f"{{{W}}}val", "1"))


def _row_height(cell: etree._Element) -> float:
    """Least height in points of a row that may not split (exact, or at least so high); 0 for any other row."""
    row = next(cell.iterancestors(f"{{{W}}}tr"))
    height = row.find(f"{{{W}}}trPr/{{{W}}}trHeight")
    fixed = height is not None and height.get(f"{{{W}}}hRule") in ("exact", "atLeast")
    if height is None or not fixed or row.find(f"{{{W}}}trPr/{{{W}}}cantSplit") is None:
        return 0.0
    return _points(height, "val")


def _points(element: etree._Element, attribute: str) -> float:
    value = str(element.get(f"{{{W}}}{attribute}", "0"))
    return int(value) / 20 if value.isdigit() else 0.0


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
