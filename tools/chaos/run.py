"""One scenario from an empty place to its verdict."""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from doc_service.domain.civil_time import baku_date
from doc_service.settings import Settings
from doc_service.system import SystemClock
from tools.chaos.stage import Figures, Stage
from tools.chaos.verdict import Check, judge
from tools.production import demonstration_people, production

MARGIN = 10
"""One document in so many goes beyond the number asked for, so that as many are in flight when the first is done."""


def nothing(stage: Stage) -> None:
    """The default of a scenario's further steps."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """``prepare`` runs before the workers start, ``inject`` while the flock flies, ``settle`` when all of it is in the
    archive."""

    name: str
    title: str
    inject: Callable[[Stage], None]
    prepare: Callable[[Stage], None] = nothing
    settle: Callable[[Stage], None] = nothing


@dataclass(slots=True)
class Outcome:
    """Of one scenario."""

    scenario: Scenario
    total: int
    in_flight: int
    states: Mapping[str, int]
    seconds: float
    done: Mapping[str, int]
    checks: list[Check] = field(default_factory=list)
    found: Mapping[str, object] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return all(not check.problem for check in self.checks)


Look = Callable[[Stage, Settings], None]


def no_look(stage: Stage, settings: Settings) -> None:
    """Nobody looks further than the verdict."""


def run_scenario(
    scenario: Scenario,
    documents: int,
    *,
    seed: int = 1,
    patience: float = 600.0,
    keep: bool = False,
    look: Look = no_look,
) -> Outcome:
    """``documents`` are in flight at the first fault. ``patience``: seconds from the last fault until all are
    archived. ``keep`` leaves the place for a look when something does not hold; ``look`` is called after the verdict,
    while the servers still run."""
    place = Path(tempfile.mkdtemp(prefix=f"chaos-{scenario.name}-"))
    place.chmod(0o755)
    passed = False
    try:
        outcome = _run(scenario, place, documents, random.Random(seed), patience, look)
        passed = outcome.passed
        return outcome
    finally:
        if passed or not keep:
            shutil.rmtree(place, ignore_errors=True)
        else:
            _say(f"{scenario.name}: kept {place}")


def _run(
    scenario: Scenario, place: Path, documents: int, chance: random.Random, patience: float, look: Look
) -> Outcome:
    total = documents + documents // MARGIN
    with production(place, people=demonstration_people(), serve=False) as parts:
        stage = Stage(parts, total, chance, baku_date(SystemClock().now()))
        try:
            seconds = _fly(scenario, stage, patience)
            with _environment({**parts.environment, "DOC_SERVICE_DATA_DIR": str(place / "judge")}):
                checks = judge(stage, Settings())
                look(stage, Settings())
        finally:
            stage.end()
    outcome = Outcome(
        scenario, total, stage.in_flight_at_first, stage.states_at_first, seconds, dict(stage.done), checks,
        dict(stage.found),
    )  # fmt: skip
    if outcome.in_flight < documents:
        outcome.checks.append(Check("in flight", f"{outcome.in_flight}", f"fewer than {documents} were in flight"))
    return outcome


def _fly(scenario: Scenario, stage: Stage, patience: float) -> float:
    """Seconds from the first worker to the last document in the archive."""
    stage.start_api()
    stage.start_clients()
    stage.wait("entering", lambda f: f.entered == stage.total, 300)
    scenario.prepare(stage)
    began = time.monotonic()
    stage.start_workers()
    stage.wait("taking off", lambda f: _in_the_air(f, stage.total), 120)
    stage.count()
    scenario.inject(stage)
    _say(f"{scenario.name}: faults are over after {time.monotonic() - began:.0f} s, {stage.figures()}")
    stage.wait("archiving", lambda f: f.archived == stage.total, patience)
    seconds = time.monotonic() - began
    scenario.settle(stage)
    stage.wait("resting", lambda f: f.ready == 0, patience)
    _say(f"{scenario.name}: at rest after {time.monotonic() - began:.0f} s")
    return seconds


def _in_the_air(figures: Figures, total: int) -> bool:
    """Some are rendered, some are signed, and most are still to come."""
    return figures.beyond_rendering >= min(30, total // 5) and figures.beyond_signing >= min(6, total // 10)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
