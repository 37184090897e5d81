"""``make gallery``: draws the sample of every instrument into docs/img/gallery and lists them in docs/gallery.md.

Usage: ``python -m tools.gallery [ID …] [--pdf DIR]``; with ids only those are drawn anew. ``--pdf`` keeps the files.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from doc_service.bootstrap import open_instruments, open_renderer
from doc_service.instruments.base import AnyInstrument
from doc_service.ports import Renderer
from doc_service.rendering.office import converter_version
from doc_service.rendering.office_worker import OfficeSettings
from doc_service.settings import Settings
from tools.gallery.drawing import drawn, sample_pdf, shown

ROOT = Path(__file__).resolve().parents[2]
GALLERY = ROOT / "docs" / "img" / "gallery"
INDEX = ROOT / "docs" / "gallery.md"
RECORD = GALLERY / "gallery.json"
_HEAD = """# Gallery of the instruments

Every instrument of the catalogue, printed from its own sample: invented people, organisations and numbers. Made by
`make gallery`; long documents show their first three pages and the last. `tests/instruments/test_whole_catalogue.py`
prints them again and compares the pages with these images.
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.gallery", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID")
    parser.add_argument("--pdf", type=Path, help="folder that the PDF files are kept in")
    chosen = parser.parse_args()
    catalogue = open_instruments().all()
    wanted = [open_instruments().get(i) for i in chosen.ids] or list(catalogue)
    GALLERY.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = _record()["pages"]
    with open_renderer(Settings()) as (renderer, _):
        for kind in wanted:
            counts[kind.id] = _draw(renderer, kind, chosen.pdf)
            print(f"{kind.id}: {counts[kind.id]}")
    known = {kind.id: counts[kind.id] for kind in catalogue if kind.id in counts}
    record = {"converter": converter_version(OfficeSettings().program), "pages": known}
    RECORD.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    parts = [_entry(kind, known[kind.id]) for kind in catalogue if kind.id in known]
    INDEX.write_text("\n".join([_HEAD, _table(catalogue, known), *parts]), encoding="utf-8")


def image_name(instrument: str, page: int) -> str:
    """The image's file name in the gallery."""
    return f"{instrument}-{page:02d}.png"


def _record() -> dict[str, Any]:
    if not RECORD.exists():
        return {"pages": {}}
    found: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


def _draw(renderer: Renderer, kind: AnyInstrument, keep: Path | None) -> int:
    made = sample_pdf(renderer, kind)
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"{kind.id}.pdf").write_bytes(made.pdf)
    for old in GALLERY.glob(f"{kind.id}-[0-9][0-9].png"):
        old.unlink()
    for number, png in drawn(made.pdf, shown(made.pages)).items():
        (GALLERY / image_name(kind.id, number)).write_bytes(png)
    return made.pages


def _table(catalogue: tuple[AnyInstrument, ...], known: dict[str, int]) -> str:
    head = "| id | title | pages | signature fields | journal | case | sources |\n|---|---|---|---|---|---|---|"
    rows = [
        f"| [{k.id}](#{k.id}) | {k.title_az} / {k.title_en} | {known[k.id]} | {_fields(k)} | {k.journal} "
        f"| {k.case_index} | {'; '.join(k.sources)} |"
        for k in catalogue
        if k.id in known
    ]
    return "\n".join([head, *rows, ""])


def _fields(kind: AnyInstrument) -> str:
    signatories = kind.signatories(kind.validate(kind.sample()))
    seals = sum(bool(s.seal_voen) for s in signatories)
    if not signatories:
        return "none"
    return f"{len(signatories)}, {seals} of them seals" if seals else str(len(signatories))


def _entry(kind: AnyInstrument, pages: int) -> str:
    images = " ".join(f"![{kind.id}, {n}](img/gallery/{image_name(kind.id, n)})" for n in shown(pages))
    left_out = pages - len(shown(pages))
    note = f"\n{left_out} pages between are not shown.\n" if left_out else ""
    return f"## {kind.id}\n\n{kind.title_az} / {kind.title_en}\n\n{images}\n{note}"


if __name__ == "__main__":
    main()
