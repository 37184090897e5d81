"""The demonstration over PostgreSQL, RabbitMQ, MinIO, a reserve centre and two workers: results as embedded."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tools.production import DATABASE, PROGRAM, Parts, production
from tools.servers.provider import PIN


@dataclass(frozen=True)
class Run:
    out: Path
    parts: Parts
    summary: dict[str, Any]

    def program(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [PROGRAM, *map(str, arguments)]
        return subprocess.run(
            command, env=self.parts.full_environment, capture_output=True, text=True, timeout=300, check=False
        )


@pytest.fixture(scope="module")
def run() -> Any:
    """Outside pytest's own directories: PostgreSQL runs under an account that may not enter those."""
    with tempfile.TemporaryDirectory(prefix="production-", ignore_cleanup_errors=True) as place:
        out = Path(place)
        out.chmod(0o755)
        with production(out / "parts") as parts:
            yield _demonstrated(out, parts)


def _demonstrated(out: Path, parts: Parts) -> Run:
    assert parts.provider is not None
    keys = parts.provider.place / "people"
    done = subprocess.run(
        [PROGRAM, "demo", "--out", out, "--keys", keys, "--pin", PIN, "--json"],
        env={**parts.full_environment, "DOC_SERVICE_DATA_DIR": str(out / "data")},
        capture_output=True, text=True, timeout=550, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return Run(out, parts, json.loads(done.stdout))


pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("production")]


def test_the_same_summary(run: Run) -> None:
    assert run.summary["state"] == "archived"
    assert run.summary["signatures"] == {"count": 12, "level": "B-LTA"}
    assert run.summary["verification"] == {"valid": True, "findings": [], "development": False}
    assert run.summary["audit"]["valid"]
    assert len(run.summary["revisions"]) == 14
    assert {"render", "sign", "extend", "archive", "evidence"} <= set(run.summary["stage_seconds"])
    assert json.loads((run.out / "summary.json").read_text()) == run.summary


def test_validators_of_others_agree(run: Run) -> None:
    final = run.summary["final_pdf"]
    told = subprocess.run(["pdfsig", final], capture_output=True, text=True, check=False).stdout
    assert told.count("Signature Validation: Signature is Valid.") == 12
    offline = subprocess.run(
        [sys.executable, run.out / "evidence/audit/verify_audit.py", run.out / "evidence/audit"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert offline.returncode == 0, offline.stdout + offline.stderr
    anchors = run.out / "evidence/trust/anchors.pem"
    assert run.program("verify", final, "--trust", anchors).returncode == 0


def test_the_workers_did_the_work(run: Run) -> None:
    """The process of the demonstration converts and extends nothing itself."""
    assert not (run.out / "data" / "doc-service.db").exists()
    assert not (run.out / "data" / "archive").exists()
    assert run.parts.postgres is not None
    with run.parts.postgres.connect(DATABASE) as connection:
        rows = connection.execute("SELECT kind, state FROM jobs").fetchall()
    assert {"render", "extend", "archive", "checkpoint", "replicate"} <= {kind for kind, _ in rows}
    assert {state for _, state in rows} <= {"done", "ready"}


def test_nothing_can_be_deleted_with_the_services_own_credentials(run: Run) -> None:
    checked = run.program("storage", "check", run.parts.environment["DOC_SERVICE_ARCHIVE_URL"], "--json")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert all(finding["holds"] for finding in json.loads(checked.stdout)["findings"])


def test_the_reserve_centre_has_everything(run: Run) -> None:
    done = run.program("archive", "reconcile", "--deep", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(run.program("archive", "lag", "--json").stdout)
    assert told["dead"] == 0
