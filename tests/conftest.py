"""Fixtures for every folder: the validators that we did not write."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = [
    "tests.scheduling",
    "tests.pki_fixtures",
    "tests.fixtures_postgres",
    "tests.fixtures_s3",
    "tests.fixtures_brokers",
]

settings.register_profile("here", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("gate" if os.environ.get("CI") else "here")

ROOT = Path(__file__).resolve().parent.parent
VeraPdf = Callable[[Iterable[Path]], dict[Path, str]]


@pytest.fixture(scope="session")
def verapdf() -> VeraPdf:
    """Judges files as PDF/A-3b; gives the failures by file ("" where it complies)."""

    def judge(paths: Iterable[Path]) -> dict[Path, str]:
        wanted = [Path(p) for p in paths]
        done = subprocess.run(
            [ROOT / "tools/verapdf/run.sh", "-"],
            input="".join(f"{p}\n" for p in wanted),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        verdicts = {Path(path): "" if verdict == "PASS" else why or "FAIL" for verdict, path, _, why in rows}
        assert set(verdicts) == set(wanted), done.stdout + done.stderr
        return verdicts

    return judge
