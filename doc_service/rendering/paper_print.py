"""The copy for paper: the original's pages and the certificate as one file to be printed (004 §5.1.3).

The certificate's document begins with as many blank sheets as the original has pages; their footers carry the copy's
number. Each page of the original is drawn onto its sheet, with whatever shows on it (also the stamps of its signatures)
as part of the drawing: on paper nothing is a signature any more, and the file claims none.
"""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Page, Pdf, String

from doc_service.domain.errors import DomainError

MARGIN, FOOT = 17.0, 45.0
"""Points that stay free around the page, and below it for the sheet's footer."""

_NAME = "/Esli"
_DROPPED = ("/AcroForm", "/Perms", "/DSS", "/AF", "/Names", "/StructTreeRoot", "/MarkInfo", "/Metadata", "/OpenAction",
            "/Outlines", "/Extensions")  # fmt: skip


def page_count(pdf: bytes) -> int:
    """Raises ``DomainError`` "embedded.unreadable"."""
    try:
        with Pdf.open(io.BytesIO(pdf)) as document:
            return len(document.pages)
    except pikepdf.PdfError as error:
        raise DomainError("embedded.unreadable", reason=str(error)[:200]) from error


def print_sheets(original: bytes | None, certificate: bytes, title: str) -> bytes:
    """Equal input gives equal bytes; without ``original`` the certificate's own pages alone. Raises ``DomainError``
    "copy.sheets" when the certificate has fewer sheets than the original has pages, "embedded.unreadable" for what is
    no PDF."""
    try:
        with Pdf.open(io.BytesIO(certificate)) as sheets:
            if original is not None:
                with Pdf.open(io.BytesIO(original)) as source:
                    _lay(source, sheets)
                    return _printed(sheets, title)
            return _printed(sheets, title)
    except pikepdf.PdfError as error:
        raise DomainError("embedded.unreadable", reason=str(error)[:200]) from error


def _lay(source: Pdf, sheets: Pdf) -> None:
    """``source`` has to stay open until the sheets are saved."""
    if len(sheets.pages) <= len(source.pages):
        raise DomainError("copy.sheets", "", pages=len(source.pages))
    source.flatten_annotations("print")
    for page, sheet in zip(source.pages, sheets.pages, strict=False):
        _draw(sheets, page, sheet)


def _printed(sheets: Pdf, title: str) -> bytes:
    for key in _DROPPED:
        if key in sheets.Root:
            del sheets.Root[key]
    for page in sheets.pages:
        for key in ("/StructParents", "/Annots", "/AF"):
            if key in page.obj:
                del page.obj[key]
    sheets.trailer.Info = sheets.make_indirect(Dictionary(Title=String(title)))
    out = io.BytesIO()
    sheets.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _draw(sheets: Pdf, page: Page, sheet: Page) -> None:
    """Upright pages stay upright; broad ones are turned, so that they use the sheet."""
    drawing = sheets.copy_foreign(page.as_form_xobject())
    left, bottom, right, top = (float(v) for v in drawing.BBox)
    matrix = pikepdf.Matrix(drawing.get("/Matrix", Array([1, 0, 0, 1, 0, 0])))
    corners = [matrix.transform(point) for point in ((left, bottom), (right, top), (left, top), (right, bottom))]
    x0, y0 = min(c[0] for c in corners), min(c[1] for c in corners)
    width, height = max(c[0] for c in corners) - x0, max(c[1] for c in corners) - y0
    _, _, paper_width, paper_height = (float(v) for v in sheet.mediabox)
    room = (paper_width - 2 * MARGIN, paper_height - MARGIN - FOOT)
    turned = width > height
    shown = (height, width) if turned else (width, height)
    scale = min(room[0] / shown[0], room[1] / shown[1], 1.0)
    at = ((paper_width - shown[0] * scale) / 2, FOOT + (room[1] - shown[1] * scale))
    place = pikepdf.Matrix().translated(*at).scaled(scale, scale)
    if turned:
        place = place.translated(height, 0).rotated(90)
    placed = place.translated(-x0, -y0)
    numbers = " ".join(f"{value:.5f}" for value in placed.shorthand)
    resources = Dictionary(dict(sheet.resources.items()))
    resources.XObject = Dictionary({**dict(resources.get("/XObject", Dictionary()).items()), _NAME: drawing})
    sheet.obj.Resources = resources
    sheet.contents_add(f"q {numbers} cm {_NAME} Do Q".encode(), prepend=True)
