"""The real demonstration, its whole process group killed in the middle of a stage, and started again."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

PROGRAM = Path(sys.executable).with_name("doc-service")
ENVIRONMENT = {**os.environ, "DOC_SERVICE_JOB_LEASE": "PT1S"}
"""A dead runner's job is taken over after its lease: fifteen seconds by default, one here."""

ONCE = (
    "meeting.convened", "meeting.held", "document.drafted", "document.submitted", "document.registered",
    "document.rendered", "signing.opened", "signing.completed", "document.extended", "document.in_force",
    "document.archived",
)  # fmt: skip

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]


def run_until_line(out: Path, line: str) -> None:
    """Starts the demonstration in a session of its own and kills its process group at ``line`` of its progress; in
    the rendering stage once LibreOffice runs."""
    process = subprocess.Popen(
        [PROGRAM, "demo", "--out", out],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**ENVIRONMENT, "TMPDIR": str(out.parent / "tmp")},
        start_new_session=True,
    )
    seen = []
    assert process.stderr is not None
    with process.stderr:
        for text in process.stderr:
            seen.append(text)
            if text.strip() == line:
                if line.startswith("render"):
                    assert wait_for(lambda: offices(out.parent / "tmp"))
                os.killpg(process.pid, signal.SIGKILL)
                break
    assert process.wait(60) == -signal.SIGKILL, "".join(seen)


def finish(out: Path) -> dict[str, Any]:
    done = subprocess.run(
        [PROGRAM, "demo", "--out", out, "--json"],
        capture_output=True, text=True, timeout=300, check=False, stdin=subprocess.DEVNULL,
        env={**ENVIRONMENT, "TMPDIR": str(out.parent / "tmp")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary


def offices(temporary: Path) -> list[int]:
    """Processes that work for the runs which had ``temporary`` as their place for temporary files."""
    found = []
    for process in psutil.process_iter():
        try:
            if any(str(temporary) in part for part in process.cmdline()):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def wait_for(condition: Callable[[], object], seconds: float = 10) -> bool:
    """Whether ``condition`` came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def gone(temporary: Path) -> bool:
    """A killed run's LibreOffice notices by itself that nobody is there."""
    return wait_for(lambda: not offices(temporary))


def rows(out: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(out / "data" / "doc-service.db") as database:
        return database.execute(query).fetchall()


def test_killed_in_the_middle_of_five_stages_it_goes_on(tmp_path: Path) -> None:
    out, temporary = tmp_path / "out", tmp_path / "tmp"
    temporary.mkdir()
    signed: set[tuple[object, ...]] = set()
    for line in ("render 0/1", "sign 3/12", "extend 0/1", "archive 0/1", "evidence 0/1"):
        run_until_line(out, line)
        assert gone(temporary), (line, offices(temporary))
        now = set(rows(out, "SELECT id, body FROM signature_requests WHERE state = 'signed'"))
        assert signed <= now, "a signature is lost or was made again"
        signed = now
    summary = finish(out)
    assert (summary["state"], summary["signatures"]) == ("archived", {"count": 12, "level": "B-LTA"})
    assert summary["verification"]["valid"]
    assert (summary["audit"]["valid"], summary["audit"]["backlog"]) == (True, 0)
    assert len(summary["revisions"]) == 14
    assert len(rows(out, "SELECT number FROM journal_entries")) == 1
    events = Counter(action for (action,) in rows(out, "SELECT action FROM audit_events"))
    assert events["signature.completed"] == 12
    assert {once: events[once] for once in ONCE} == dict.fromkeys(ONCE, 1)
    assert gone(temporary), offices(temporary)
    assert not list(out.glob(".*")), "temporary results are left"
