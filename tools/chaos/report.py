"""The outcomes as a page."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tools.chaos.run import Outcome, Scenario
from tools.chaos.verdict import Check

_HEAD = """\
# Fault tests

`make faults` repeats this. Each scenario starts the production parts on one machine (PostgreSQL, RabbitMQ, MinIO, a
second MinIO as reserve centre, a certification centre with OCSP and TSA, API, beat, two workers of two processes, two
client processes of four threads), enters documents until {documents} and a tenth more are in flight, and breaks
something again and again while some are being rendered, some signed, some extended. One document in fifty is a protocol
with twelve signatories who sign at once; clients ask a fifth of their completed signatures a second time. Clients know
nothing of the fault: on any error they try the same step again.

"In flight": documents entered and not yet archived when the first fault struck. "Retries": attempts of jobs after the
first, and steps that clients repeated. "Seconds": from the start of the workers until the last document was archived;
the machine was shared with other work, so they say that it ended, not how fast it can be.

| fault | what was done | in flight | seconds | retries: jobs, clients | outages in the journal (s) | verdict |
|---|---|---|---|---|---|---|
"""
_CHECKS = """
## What the verdict says

Read past the service (SQL, S3 as administrator), then by the service's validator and by `pdfsig`:

"""
_MEANING = {
    "documents": "every document there once and archived, no stranger",
    "numbers": "each journal 1 … n without a gap, one number a document, counters agree",
    "signatures": "each requested field signed exactly once",
    "revisions": "unsigned, signatures, extension; each begins with the bytes of the one before, SHA-256 right, locked "
    "in compliance mode",
    "objects": "one version of each object; orphans (written before a kill, referred to by nothing) are counted",
    "validators": "service validator on all protocols and a sample: valid, B-LTA; pdfsig on ten",
    "audit": "each event of a document's life once; the whole log verifies",
    "jobs": "none given up, none left, no lease of jobs or of signing",
    "reserve": "once orphans are swept, both centres list the same objects; `archive reconcile` finds nothing",
    "outages": "what was down for longer than 30 s stands in the journal with its end",
    "errors": "whatever a client was told has a stable code",
}

_FOUND = """
## Found by these tests, and mended

- A worker whose clock was set would have leased and postponed jobs by days, and its jobs would have been given up when
  the archive refused its clock (found by reading, before the run): all machines work by the database server's time now
  (ADR 0018), and a refused clock or credential is waited for.
- Jobs were given up after an outage of minutes (render) or hours (archive): an outage of others, and a full disk, use
  up no attempt any more. On a full disk LibreOffice fails with anything, so the disk is asked.
- `archive reconcile` called what the proof of a store had left a difference between both centres.

Mended after this run: while the database was away the journal entered an outage of "clock" beside it. Not mended, since
harmless: objects written just before a kill stay as orphans, unknown to the reserve centre, until the daily sweep.
"""


def page(outcomes: Sequence[Outcome], documents: int, commit: str, note: str = "") -> str:
    """Markdown; ``note`` is said of these runs at the end."""
    rows = "".join(_row(outcome) for outcome in outcomes)
    names = [check.name for check in outcomes[0].checks]
    table = f"\n| fault | {' | '.join(names)} |\n|{'---|' * (len(names) + 1)}\n"
    table += "".join(_details(outcome, names) for outcome in outcomes)
    meaning = "".join(f"- **{name}**: {text}\n" for name, text in _MEANING.items())
    where = f"\nMeasured at {commit} on {platform.machine()}, {os.cpu_count()} processors.{note and f' {note}'}\n"
    return _HEAD.format(documents=documents) + rows + _CHECKS + meaning + table + _further(outcomes) + _FOUND + where


def save(outcomes: Sequence[Outcome], path: Path) -> None:
    """As JSON, for a later page of several runs."""
    kept = [
        {
            **{name: getattr(o, name) for name in ("total", "in_flight", "states", "seconds", "done", "found")},
            "scenario": {"name": o.scenario.name, "title": o.scenario.title},
            "checks": [asdict(check) for check in o.checks],
        }
        for o in outcomes
    ]
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1, default=str), encoding="utf-8")


def load(path: Path, scenarios: Mapping[str, Scenario]) -> list[Outcome]:
    """What ``save`` kept."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return [
        Outcome(**{**o, "scenario": scenarios[o["scenario"]["name"]], "checks": [Check(**c) for c in o["checks"]]})
        for o in found
    ]


def _row(outcome: Outcome) -> str:
    done = "; ".join(f"{times}× {what}" for what, times in outcome.done.items()) or "–"
    outages = next((c.detail for c in outcome.checks if c.name == "outages"), "")
    retries = f"{outcome.found.get('job_retries', '?')}, {outcome.found.get('client_retries', '?')}"
    problems = "; ".join(f"{c.name}: {c.problem}" for c in outcome.checks if c.problem)
    verdict = f"**failed** {problems}" if problems else f"all {outcome.total} right"
    title = outcome.scenario.title
    return f"| {title} | {done} | {outcome.in_flight} | {outcome.seconds:.0f} | {retries} | {outages} | {verdict} |\n"


def _details(outcome: Outcome, names: Sequence[str]) -> str:
    by_name = {check.name: check for check in outcome.checks}
    cells = [("**no** " if by_name[n].problem else "") + by_name[n].detail if n in by_name else "" for n in names]
    return f"| {outcome.scenario.name} | {' | '.join(cells)} |\n"


def _further(outcomes: Sequence[Outcome]) -> str:
    lines = []
    for outcome in outcomes:
        states = ", ".join(f"{count} {state}" for state, count in sorted(outcome.states.items()))
        more = [f"at the first fault: {states}"] if states else []
        hidden = ("jobs", "job_retries", "client_retries", "client_repeats")
        more += [f"{name.replace('_', ' ')}: {value}" for name, value in outcome.found.items() if name not in hidden]
        lines.append(f"- {outcome.scenario.name}: {'; '.join(more)}\n")
    return "\n## Further figures\n\n" + "".join(lines)
