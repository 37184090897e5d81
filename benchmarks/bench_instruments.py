"""Every instrument's sample, from data to PDF/A-3b with its fields on a warm converter, against what a user would pick
instead: ``soffice --headless --convert-to pdf`` of the same filled DOCX.

Ours does everything (validation, rules, filling, conversion, normalising, attaching, fields); the other side is given
the filled DOCX and only converts, with a warm profile. ``python -m benchmarks.bench_instruments [ID …]`` tries some.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.bench_conversion import _FILTER
from doc_service.bootstrap import open_instruments, open_renderer
from doc_service.instruments.base import AnyInstrument
from doc_service.ports import RenderedPdf, Renderer
from doc_service.rendering.office_worker import OfficeSettings
from doc_service.services.to_render import preview_request
from doc_service.settings import Settings

ROUNDS = 5
WANTED_SECONDS = 0.25
LARGE = ("klaster-inkisaf-proqrami", "klaster-funksional-xerite")
"""Programme of 50 to 70 pages and the map with its diagrams: measured, not promised."""

_DAY = date(2026, 11, 20)


def run(ids: Sequence[str] = ()) -> dict[str, Any]:
    """Medians in seconds by instrument; ``slowest``: of those with a promise; ``ratio``: all of them together."""
    catalogue = open_instruments()
    kinds = [catalogue.get(i) for i in ids] or list(catalogue.all())
    figures: dict[str, dict[str, Any]] = {}
    docx: dict[str, bytes] = {}
    with open_renderer(Settings()) as (renderer, _):
        _made(renderer, kinds[0])
        for kind in kinds:
            made = _made(renderer, kind)
            docx[kind.id] = made.docx
            times = [_timed(lambda k=kind: _made(renderer, k)) for _ in range(ROUNDS)]  # type: ignore[misc]
            figures[kind.id] = {"pages": made.pages, "ours_s": round(statistics.median(times), 4)}
    for name, seconds in _stock(docx).items():
        figures[name]["stock_s"] = round(seconds, 4)
    small = {name: f["ours_s"] for name, f in figures.items() if name not in LARGE}
    ours, stock = (sum(f[side] for f in figures.values()) for side in ("ours_s", "stock_s"))
    slowest = max(small, key=lambda name: small[name], default="")
    return {
        "instruments": figures,
        "slowest": slowest,
        "slowest_s": small.get(slowest, 0.0),
        "over": sorted(name for name, seconds in small.items() if seconds > WANTED_SECONDS),
        "wanted_s": WANTED_SECONDS,
        "ours_s": round(ours, 3),
        "stock_s": round(stock, 3),
        "ratio": round(stock / ours, 2),
    }


def _made(renderer: Renderer, kind: AnyInstrument) -> RenderedPdf:
    raw = kind.sample()
    faults = kind.check(kind.validate(raw))
    if faults:
        raise AssertionError(faults)
    return renderer.render(preview_request(kind, raw, _DAY))


def _stock(documents: dict[str, bytes]) -> dict[str, float]:
    program = OfficeSettings().program / "soffice"
    with tempfile.TemporaryDirectory(prefix="bench-instruments-") as name:
        folder = Path(name)
        command = [str(program), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", _FILTER, "--outdir", str(folder)]
        paths = {name: folder / f"{name}.docx" for name in documents}
        for key, path in paths.items():
            path.write_bytes(documents[key])
        _converted(command, next(iter(paths.values())))
        return {key: _timed(lambda p=path: _converted(command, p)) for key, path in paths.items()}  # type: ignore[misc]


def _converted(command: list[str], path: Path) -> None:
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=300)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1:]), ensure_ascii=False, indent=1))
