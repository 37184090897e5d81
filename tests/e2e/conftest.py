"""One run of the demonstration, through the installed program, for all tests of this folder."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(sys.executable).with_name("doc-service")


@dataclass(frozen=True)
class Demo:
    out: Path
    summary: dict[str, Any]
    stderr: str

    @property
    def final(self) -> Path:
        return Path(self.summary["final_pdf"])

    @property
    def evidence(self) -> Path:
        return Path(self.summary["evidence"])

    @property
    def anchors(self) -> Path:
        return self.evidence / "trust" / "anchors.pem"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    out = tmp_path_factory.mktemp("demo") / "out"
    done = run("demo", "--out", out)
    assert done.returncode == 0, done.stderr
    return Demo(out, json.loads((out / "summary.json").read_text()), done.stderr)
