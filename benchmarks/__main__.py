"""``python -m benchmarks [NAME …] [--json FILE]``: every bench in one run, one table with ratios and targets.

Each bench runs in a process of its own, one after the other, so that none warms or disturbs another. A target that
is missed is printed as MISSED and does not change the exit code, since measuring is not testing; a bench that cannot
run does (1).
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import ONLY_BY_NAME, READERS, Row, table

_ROOT = Path(__file__).resolve().parent.parent
_LIMIT_SECONDS = 7200


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parse(arguments)
    if options.one:
        json.dump(importlib.import_module(f"benchmarks.bench_{options.one}").run(), sys.stdout)
        return 0
    machine = _machine()
    rows: list[Row] = []
    results: dict[str, Any] = {}
    for name in options.names or [name for name in READERS if name not in ONLY_BY_NAME]:
        figures = _measured(name)
        results[name] = figures
        rows += [Row(f"{name} could not be measured", "FAILED")] if figures is None else READERS[name](figures)
    _print(machine, rows)
    if options.json:
        report = {"machine": machine, "figures": results, "targets": [_target(row) for row in rows if row.target]}
        Path(options.json).write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if None in results.values() else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures the service against stock.")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"which of {', '.join(READERS)}; none: all but {', '.join(ONLY_BY_NAME)}",
    )
    parser.add_argument("--json", metavar="FILE", help="also write every figure as JSON")
    parser.add_argument("--one", choices=READERS, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in READERS]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(READERS)}")
    return options


def _measured(name: str) -> Any:
    """Figures of one bench, from a process of its own; None when it failed (its errors are on stderr)."""
    _tell(f"{name} …")
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--one", name],
        cwd=_ROOT, stdout=subprocess.PIPE, text=True, timeout=_LIMIT_SECONDS, check=False,
    )  # fmt: skip
    _tell(f"{name}: {'failed' if done.returncode else 'measured'} in {time.perf_counter() - start:.0f} s")
    return None if done.returncode else json.loads(done.stdout)


def _machine() -> dict[str, Any]:
    office = subprocess.run(["soffice", "--version"], capture_output=True, text=True, check=False)
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "office": " ".join(office.stdout.split()[:2]),
        "load_at_start": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((" ".join(line.split(":")[1].split()) for line in lines if line.startswith("model name")), "?")


def _print(machine: dict[str, Any], rows: Sequence[Row]) -> None:
    text = "{cores} cores ({processor}), Python {python}, {office}, load {load_at_start} at the start"
    lines = [text.format(**machine), "", *table(rows)]
    missed = [row for row in rows if row.met is False]
    if missed:
        lines += ["", *(f"MISSED: {row.what.strip()} ({_reached(row)}, target {row.target})" for row in missed)]
    sys.stdout.write("\n".join(lines) + "\n")


def _reached(row: Row) -> str:
    return row.ours if row.ratio is None else f"{row.ratio:.2f}x"


def _target(row: Row) -> dict[str, Any]:
    return {"what": row.what.strip(), "reached": _reached(row), "target": row.target, "met": row.met}


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main())
