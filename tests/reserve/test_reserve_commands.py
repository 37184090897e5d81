"""``archive lag`` and ``archive reconcile`` as an operator runs them, on a service of the settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from doc_service.bootstrap import open_container
from doc_service.settings import Settings
from tests.reserve.conftest import key_of, sha

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A service with three objects, none of them in the reserve yet."""
    settings = Settings(data_dir=tmp_path / "data", reserve_url=f"file://{tmp_path}/reserve")
    with open_container(settings, services=False) as service:
        for number in range(3):
            data = b"object %d" % number
            service.store.put_new(key_of(data, number=number), data, sha256=sha(data))
    return tmp_path


def run(place: Path, *words: str, reserve: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DOC_SERVICE_")}
    environment["DOC_SERVICE_DATA_DIR"] = str(place / "data")
    if reserve:
        environment["DOC_SERVICE_RESERVE_URL"] = f"file://{place}/reserve"
    command = [sys.executable, "-c", "from doc_service.cli import main; main()", "archive", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_lag_comparison_and_repair(place: Path) -> None:
    lag = json.loads(run(place, "lag", "--json").stdout)
    assert (lag["pending"], lag["dead"], lag["last_success"]) == (3, 0, None)
    assert lag["oldest_age_seconds"] > 0
    assert "3 dəyişiklik" in run(place, "lag").stderr
    dry = run(place, "reconcile")
    assert dry.returncode == 1
    assert len([line for line in dry.stdout.splitlines() if line.startswith("missing    reserve  -")]) == 3
    done = run(place, "reconcile", "--repair", "--deep", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["outcomes"], report["sound"]) == (0, {"repaired": 3}, True)
    again = run(place, "reconcile", "--deep", "--after", key_of(b"object 0"), "--json")
    assert (again.returncode, json.loads(again.stdout)["equal"]) == (0, 2)


def test_without_a_reserve_centre(place: Path) -> None:
    for command in ("lag", "reconcile"):
        done = run(place, command, reserve=False)
        assert done.returncode == 2
        assert "reserve.not_configured" in done.stderr
