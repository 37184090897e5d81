"""Samples as PDF and as small page images; what the gallery shows of them, and how its images are compared.

A gallery image is a page at 50 dots an inch in 32 colours. Two images are compared after both are made six times
smaller: the smoothing of letters, which differs between releases of poppler, is averaged away, a line that has moved
is not.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pikepdf import Pdf
from PIL import Image

from doc_service.domain.documents import Registration
from doc_service.instruments.base import AnyInstrument
from doc_service.ports import RenderedPdf, Renderer, RenderRequest
from doc_service.rendering.page_compare import share_of_difference
from doc_service.rendering.pages import pages_png
from doc_service.services.to_render import preview_request

DPI = 50
DAY = date(2026, 11, 20)
SHOWN_FIRST = 3
_COLOURS = 32
_SMALLER = 6


def request_of(kind: AnyInstrument, raw: Mapping[str, Any]) -> RenderRequest:
    """The rendering of some data under an invented number and day, as it goes to its signatories."""
    registration = Registration(kind.journal, f"3-21-5/{kind.journal}-12/{DAY.year}", DAY)
    context = kind.context(kind.validate(raw), registration)
    return replace(preview_request(kind, raw, DAY), context=context)


def sample_pdf(renderer: Renderer, kind: AnyInstrument) -> RenderedPdf:
    """An instrument's sample; raises as ``Renderer.render``."""
    return renderer.render(request_of(kind, kind.sample()))


def shown(pages: int) -> tuple[int, ...]:
    """Numbers, from 1, of the pages that the gallery keeps: the first three and the last."""
    return tuple(sorted({*range(1, min(pages, SHOWN_FIRST) + 1), pages}))


def drawn(pdf: bytes, wanted: Iterable[int]) -> dict[int, bytes]:
    """These pages as small PNG images, by number."""
    numbers = sorted(wanted)
    target = io.BytesIO()
    with Pdf.open(io.BytesIO(pdf)) as chosen:
        for index in reversed(range(len(chosen.pages))):
            if index + 1 not in numbers:
                del chosen.pages[index]
        chosen.save(target)
    return {n: _small(png) for n, png in zip(numbers, pages_png(target.getvalue(), DPI), strict=True)}


def change(old: bytes, new: bytes) -> float:
    """How much of a page has changed, 0.0 to 1.0, of two gallery images; 1.0 when their sizes differ."""
    return share_of_difference(_shrunk(old), _shrunk(new))


def _small(png: bytes) -> bytes:
    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    return _png(image)


def _shrunk(png: bytes) -> bytes:
    image = Image.open(io.BytesIO(png)).convert("RGB")
    return _png(image.reduce(_SMALLER))


def _png(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()
