"""Pages of a PDF as images, for people who look and for the visual regression gate."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from pikepdf import Pdf

from doc_service.domain.errors import DomainError

MAX_PAGES = 500


def pages_png(pdf: bytes, dpi: int = 100, *, timeout: float = 120.0) -> tuple[bytes, ...]:
    """One PNG a page, at most 500 pages, by poppler's pdftoppm in a process of its own with ``timeout`` in seconds.

    Raises ``DomainError`` "render.timeout", or "render.failed" when the file cannot be drawn; ``ValueError`` for a
    resolution outside 10 to 600 dpi."""
    if not 10 <= dpi <= 600:
        raise ValueError("dpi must be between 10 and 600")
    with tempfile.TemporaryDirectory(prefix="doc-service-pages-") as folder:
        command = ["pdftoppm", "-q", "-png", "-r", str(dpi), "-l", str(MAX_PAGES), "-", f"{folder}/page"]
        try:
            done = subprocess.run(command, input=pdf, capture_output=True, timeout=timeout, check=False)
        except subprocess.TimeoutExpired as error:
            raise DomainError("render.timeout", seconds=int(timeout)) from error
        except OSError as error:
            raise DomainError("render.failed", reason=f"pdftoppm does not run: {error}") from error
        images = sorted(Path(folder).iterdir())
        if done.returncode != 0 or not images:
            reason = done.stderr.decode(errors="replace").strip()[:200] or "no page could be drawn"
            raise DomainError("render.failed", reason=reason)
        return tuple(image.read_bytes() for image in images)


def text_pages(pdf: Pdf) -> int:
    """How many pages stand upright; drawings and wide tables are printed across and do not count as text."""
    boxes = ([float(side) for side in page.mediabox] for page in pdf.pages)
    return sum(top - bottom >= right - left for left, bottom, right, top in boxes)
