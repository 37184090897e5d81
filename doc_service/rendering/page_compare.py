"""Two PDFs beside each other, page by page: for people who look, and for the visual regression gate."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import zip_longest

from PIL import Image, ImageChops, ImageDraw

from doc_service.ports_templates import PageDifference
from doc_service.rendering.pages import pages_png

DPI = 60
_SEEN = 24
"""Differences of grey below this, of 255, are the smoothing of letters."""
_RED = (200, 0, 0)
_GAP = 12


def compare_pages(old: bytes, new: bytes, dpi: int = DPI) -> Sequence[PageDifference]:
    """Every page of the longer one; a page that only one has is all different. Raises as ``pages_png``."""
    drawn = zip_longest(pages_png(old, dpi), pages_png(new, dpi))
    return [_compared(number, _opened(a), _opened(b)) for number, (a, b) in enumerate(drawn, 1)]


def share_of_difference(old: bytes, new: bytes) -> float:
    """Of two PNG images: the share of pixels that differ, 0.0 to 1.0; 1.0 when their sizes differ."""
    first, second = _opened(old), _opened(new)
    return 1.0 if first.size != second.size else _share(_mask(first, second))


def _opened(png: bytes | None) -> Image.Image:
    return Image.new("RGB", (1, 1), "white") if png is None else Image.open(io.BytesIO(png)).convert("RGB")


def _mask(old: Image.Image, new: Image.Image) -> Image.Image:
    grey = ImageChops.difference(old, new).convert("L")
    return grey.point(lambda value: 255 if value >= _SEEN else 0)


def _share(mask: Image.Image) -> float:
    return mask.histogram()[255] / (mask.width * mask.height)


def _compared(number: int, old: Image.Image, new: Image.Image) -> PageDifference:
    width, height = max(old.width, new.width), max(old.height, new.height)
    before, after = _sheet(old, width, height), _sheet(new, width, height)
    mask = _mask(before, after)
    share = _share(mask) if old.size == new.size else 1.0
    faded = Image.blend(after, Image.new("RGB", after.size, "white"), 0.7)
    faded.paste(_RED, mask=mask)
    joined = Image.new("RGB", (3 * width + 2 * _GAP, height), "grey")
    for place, image in enumerate((before, after, faded)):
        joined.paste(image, (place * (width + _GAP), 0))
    box = mask.getbbox()
    if box:
        left, top, right, bottom = box
        start = 2 * (width + _GAP)
        ImageDraw.Draw(joined).rectangle([left + start, top, right + start, bottom], outline=_RED)
    buffer = io.BytesIO()
    joined.save(buffer, "PNG", optimize=True)
    return PageDifference(number, share, buffer.getvalue())


def _sheet(image: Image.Image, width: int, height: int) -> Image.Image:
    sheet = Image.new("RGB", (width, height), "white")
    sheet.paste(image)
    return sheet
