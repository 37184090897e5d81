"""``python -m tools.chaos NAME … | --all [--documents 200] [--report docs/faults.md]``. Exit 0: everything held."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from tools.chaos.report import load, page, save
from tools.chaos.run import Outcome, run_scenario
from tools.chaos.scenarios import GATE, SCENARIOS


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    names = [s.name for s in SCENARIOS] if options.all else options.scenarios
    known = {s.name: s for s in (*SCENARIOS, GATE)}
    outcomes = [outcome for file in options.add for outcome in load(file, known)]
    for name in names:
        outcome = run_scenario(known[name], options.documents, seed=options.seed, keep=options.keep)
        outcomes.append(outcome)
        _tell(outcome)
        if options.json:
            save(outcomes, options.json)
    outcomes.sort(key=lambda outcome: list(known).index(outcome.scenario.name))
    if options.report:
        options.report.write_text(page(outcomes, options.documents, _commit(), options.note), encoding="utf-8")
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.chaos", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="NAME", help=", ".join(s.name for s in (*SCENARIOS, GATE)))
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="leave the place of a failed scenario")
    parser.add_argument("--report", type=Path)
    parser.add_argument("--note", default="", help="said of these runs in the report")
    parser.add_argument("--json", type=Path, help="keep the outcomes for another report")
    parser.add_argument("--add", type=Path, action="append", default=[], help="outcomes that another run has kept")
    options = parser.parse_args()
    unknown = set(options.scenarios) - {s.name for s in (*SCENARIOS, GATE)}
    if unknown or not (options.all or options.scenarios or options.add):
        parser.error(f"no such scenario: {', '.join(sorted(unknown)) or '(none given)'}")
    return options


def _tell(outcome: Outcome) -> None:
    print(f"{outcome.scenario.name}: {'held' if outcome.passed else 'FAILED'} in {outcome.seconds:.0f} s; "
          f"{outcome.in_flight} in flight; {dict(outcome.found)}")  # fmt: skip
    for check in outcome.checks:
        print(f"  {'ok ' if not check.problem else 'NO '} {check.name}: {check.detail} {check.problem}", flush=True)


def _commit() -> str:
    found = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or "an unknown commit"


if __name__ == "__main__":
    os.environ.pop("PYTHONWARNINGS", None)
    sys.exit(main())
