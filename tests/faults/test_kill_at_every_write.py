"""Killed right before and right after every write, the document goes on from where it was; nothing is lost or doubled.

One start after the other is killed and the next goes on with the same data, until one reaches the end.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

DRIVER = ROOT / "tests/faults/crash_driver.py"
REPEATABLE = {"signature.prepared"}
"""Preparing again after a crash is an event of its own; every other event happens once. A notice that waits until its
reader has done what it asks for is not sent any more."""


def until_the_end(out: Path, limit: int) -> tuple[dict[str, Any], int]:
    done = subprocess.run(
        [sys.executable, DRIVER, out, str(limit)], capture_output=True, text=True, timeout=550, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads((out / "result.json").read_text()), int(done.stdout.split()[-1])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    result, kills = until_the_end(tmp_path_factory.mktemp("undisturbed"), 0)
    assert kills == 0
    return result


@pytest.mark.slow
@pytest.mark.xdist_group("faults")
def test_kill_at_every_write(tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    result, kills = until_the_end(tmp_path, 1)
    assert kills >= 60
    assert result["numbers"] == undisturbed["numbers"] == ["3-21-5/KQ-P-1/" + result["registered_on"][:4]]
    assert result["state"] == "archived"
    assert result["signatures"] == undisturbed["signatures"] == {"count": 3, "level": "B-LTA"}
    assert result["verification"]["valid"]
    assert result["audit"]["valid"]
    assert result["audit"]["backlog"] == 0
    assert len(result["revisions"]) == len(undisturbed["revisions"])
    counted, expected = Counter(result["events"]), Counter(undisturbed["events"])
    for action in REPEATABLE:
        assert counted.pop(action) >= expected.pop(action)
    assert counted.pop("notice.sent", 0) <= expected.pop("notice.sent")
    assert counted == expected
