"""DOCX to PDF/A: the persistent pool against ``soffice --headless --convert-to pdf``, which a user would pick instead.

Both convert the same four-page protocol (filled from a template in this run) to tagged PDF/A-3b, one after the other
on one machine in one run; the rounds alternate, so that a busy machine slows both.
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
from docx import Document
from docx.shared import Mm, Pt

from doc_service.rendering.fill import TemplateFiller
from doc_service.rendering.isolation import network_prefix
from doc_service.rendering.office import OfficePool, converter_version
from doc_service.rendering.office_worker import OfficeSettings

ROUNDS = 7
PERSISTENT_PER_ROUND = 5
WANTED_RATIO = 6.0
_EXPORT = {"SelectPdfVersion": {"type": "long", "value": "3"}, "UseTaggedPDF": {"type": "boolean", "value": "true"}}
_FILTER = f"pdf:writer_pdf_Export:{json.dumps(_EXPORT)}"
_TEXT = "Müzakirə nəticəsində şəffaflığın artırılması və ₼ 1 500 məbləğində vəsaitin ayrılması qərara alındı. "


def _template() -> bytes:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    document.styles["Normal"].font.name = "Noto Serif"
    document.styles["Normal"].font.size = Pt(12)
    document.add_heading("{{ title }}", 1)
    document.add_paragraph("{%p for item in items %}")
    document.add_heading("{{ loop.index }}. {{ item.title }}", 2)
    document.add_paragraph("{{ item.text }}")
    document.add_paragraph("{%p endfor %}")
    table = document.add_table(rows=4, cols=3)
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, ("Üzv", "Vəzifə", "Səs"), strict=True):
        cell.text = text
    table.rows[1].cells[0].text = "{%tr for v in votes %}"
    for cell, text in zip(table.rows[2].cells, ("{{ v.name }}", "{{ v.post }}", "{{ v.choice }}"), strict=True):
        cell.text = text
    table.rows[3].cells[0].text = "{%tr endfor %}"
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _context() -> dict[str, Any]:
    return {
        "title": "Koordinasiya Qrupunun iclasının protokolu",
        "items": [{"title": f"Məsələ {n + 1}", "text": _TEXT * 9} for n in range(7)],
        "votes": [{"name": f"Əliyev Ülvi {n}", "post": "Qrupun üzvü", "choice": "lehinə"} for n in range(20)],
    }


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def convert_once(program: Path, folder: Path) -> None:
    """``protocol.docx`` in ``folder`` to ``protocol.pdf``, by a LibreOffice started for it."""
    command = [str(program / "soffice"), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--norestore", "--convert-to", _FILTER, "--outdir", str(folder), str(folder / "protocol.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def sample_docx() -> bytes:
    """The four-page protocol that is converted."""
    return _filling()()


def _filling() -> Callable[[], bytes]:
    filler, template, context = TemplateFiller(), _template(), _context()
    issued = datetime(2026, 1, 1, tzinfo=UTC)
    return lambda: filler.fill(template, context, (), title="T", language="az-Latn-AZ", issued_at=issued)


def run() -> dict[str, Any]:
    """Medians in seconds. ``ratio``: one-shot over persistent (wanted: at least ``wanted``); ``fill``: filling the
    template, compiled before. The one-shot profile is warm, so its first start is not counted against it."""
    fill = _filling()
    docx = fill()
    settings = OfficeSettings(prefix=network_prefix())
    one_shot: list[float] = []
    persistent: list[float] = []
    with tempfile.TemporaryDirectory() as name, OfficePool(1, settings, time.monotonic) as pool:
        folder = Path(name)
        (folder / "protocol.docx").write_bytes(docx)
        convert_once(settings.program, folder)
        start = _timed(pool.warm)
        first = _timed(lambda: pool.convert(docx))
        for _ in range(ROUNDS):
            one_shot.append(_timed(lambda: convert_once(settings.program, folder)))
            persistent += [_timed(lambda: pool.convert(docx)) for _ in range(PERSISTENT_PER_ROUND)]
        with pikepdf.open(io.BytesIO(pool.convert(docx))) as pdf:
            pages = len(pdf.pages)
    slow, fast = statistics.median(one_shot), statistics.median(persistent)
    return {
        "what": "DOCX to PDF/A-3b, persistent process against soffice --convert-to",
        "converter": converter_version(settings.program),
        "pages": pages,
        "fill_s": round(statistics.median([_timed(fill) for _ in range(ROUNDS)]), 4),
        "start_s": round(start, 3),
        "first_s": round(first, 3),
        "one_shot_s": round(slow, 4),
        "persistent_s": round(fast, 4),
        "persistent_p95_s": round(sorted(persistent)[int(len(persistent) * 0.95)], 4),
        "ratio": round(slow / fast, 2),
        "wanted": WANTED_RATIO,
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
