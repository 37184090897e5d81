"""A cluster's registry of 5,000 organisations, from data to PDF/A-3b with its fields, against what a user would pick
instead: the same rows in one table through ``soffice --headless --convert-to pdf``.

Ours does everything (validation, filling, conversion on a warm process, normalising, attaching, fields); the other side
is given a filled DOCX and only converts. Memory is the most that each process ever held; processor seconds (user and
system) stay comparable when the machine has other work, as long as it leaves a core for each side.
``python -m benchmarks.bench_registry 500`` tries fewer rows.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

from benchmarks.bench_conversion import _FILTER
from doc_service.bootstrap import open_instruments, open_renderer
from doc_service.instruments.samples.registry import registry_sample
from doc_service.rendering.office_worker import OfficeSettings
from doc_service.services.to_render import preview_request
from doc_service.settings import Settings

ROWS = 5_000
WANTED_SECONDS = 15.0
WANTED_MB = 600
WANTED_RATIO = 12.0
_LIMIT_SECONDS = 6_000
_DAY = date(2026, 11, 20)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_EVERY = 0.05


def run(rows: int = ROWS) -> dict[str, Any]:
    """Seconds of each side, those of the processor in ours, and the peaks of resident memory in MB."""
    kind = open_instruments().get("klaster-reyestr")
    with open_renderer(Settings()) as (renderer, _):
        renderer.render(preview_request(kind, registry_sample(24), _DAY))
        raw = registry_sample(rows)
        with _watched(renderer.hosts) as office:
            start, worked = time.perf_counter(), time.process_time()
            model = kind.validate(raw)
            faults = kind.check(model)
            made = renderer.render(preview_request(kind, raw, _DAY))
            ours, worked = time.perf_counter() - start, time.process_time() - worked
        own = _peak(os.getpid())
    if faults:
        raise AssertionError(faults)
    stock = _one_table(made.docx)
    return {
        "rows": rows,
        "pages": made.pages,
        "pdf_bytes": len(made.pdf),
        "ours_s": round(ours, 2),
        "stock_s": round(stock, 2),
        "ratio": round(stock / ours, 2),
        "wanted": WANTED_RATIO,
        "service_peak_mb": own,
        "converter_peak_mb": int(office["mb"]),
        "service_cpu_s": round(worked, 2),
        "converter_cpu_s": round(office["cpu"], 2),
        "wanted_s": WANTED_SECONDS,
        "wanted_mb": WANTED_MB,
    }


def _one_table(docx: bytes) -> float:
    """Seconds of converting the same rows in one table, with a profile that is warm."""
    program = OfficeSettings().program / "soffice"
    with tempfile.TemporaryDirectory(prefix="bench-registry-") as name:
        folder = Path(name)
        (folder / "registry.docx").write_bytes(joined(docx))
        (folder / "small.docx").write_bytes(_first_rows(docx))
        command = [str(program), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", _FILTER, "--outdir", str(folder)]
        subprocess.run([*command, str(folder / "small.docx")], check=True, capture_output=True, timeout=120)
        start = time.perf_counter()
        subprocess.run(
            [*command, str(folder / "registry.docx")], check=True, capture_output=True, timeout=_LIMIT_SECONDS
        )
        return time.perf_counter() - start


def joined(docx: bytes, limit: int | None = None) -> bytes:
    """The document with every row in its first ruled table, whose heading repeats; ``limit``: so many rows at most."""
    source = io.BytesIO(docx)
    target = io.BytesIO()
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as fresh:
        for name in archive.namelist():
            part = archive.read(name)
            fresh.writestr(name, _join(part, limit) if name == "word/document.xml" else part)
    return target.getvalue()


def _first_rows(docx: bytes) -> bytes:
    return joined(docx, 20)


def _join(part: bytes, limit: int | None) -> bytes:
    root = etree.fromstring(part)
    tables = [t for t in root.iter(f"{_W}tbl") if len(t.findall(f"{_W}tblGrid/{_W}gridCol")) == 9]
    first = tables[0]
    for row in first.findall(f"{_W}tr")[:2]:
        properties = row.find(f"{_W}trPr")
        assert properties is not None
        properties.append(etree.Element(f"{_W}tblHeader"))
    for table in tables[1:]:
        first.extend(table.findall(f"{_W}tr"))
        parent = table.getparent()
        assert parent is not None
        parent.remove(table)
    for row in first.findall(f"{_W}tr")[limit or sys.maxsize :]:
        first.remove(row)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


@contextmanager
def _watched(groups: Any) -> Iterator[dict[str, float]]:
    """Of these process groups while the block runs, sampled (the converter is replaced after a large document): the
    peak of the largest process in ``mb``, and the processor seconds of all together in ``cpu``."""
    found = {"mb": 0.0, "cpu": 0.0}
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_EVERY):
            found["mb"] = max([found["mb"], *(_peak(pid) for pid in members)])
            found["cpu"] = max(found["cpu"], sum(map(_worked, members)) - before)

    members = [pid for pid in _processes() if _group(pid) in set(groups)]
    before = sum(map(_worked, members))
    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _peak(pid: int) -> int:
    """The most that a process ever held, in MB; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM")), 0)


def _worked(pid: int) -> float:
    """Processor seconds of a process, user and system (proc_pid_stat(5), fields 14 and 15); 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(*map(int, sys.argv[1:])), indent=1) + "\n")
