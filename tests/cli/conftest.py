"""The installed program, and a service of three members whose documents wait for signatures."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from doc_service.cli.app import app
from doc_service.domain.people import Person
from signing.devpki import DevelopmentPki, Holder, Profile
from tests.services.conftest import running_service

PROGRAM = Path(sys.executable).with_name("doc-service")
PIN = "1234"
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("DOC_SERVICE_")} | {"PIN": PIN}
TABLES = ("documents", "document_revisions", "journal_entries", "jobs", "bodies", "meetings")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    def refused(self, *codes: str) -> None:
        """Demands exit code 2 and, for each code, a text in both languages on stderr, without a traceback."""
        assert self.code == 2, self
        assert self.stdout == ""
        assert "Traceback" not in self.stderr, self.stderr
        told = [line.split(" ")[0] for line in self.stderr.splitlines() if line and not line.startswith(" ")]
        assert [code for code in codes if code not in told] == [], self.stderr
        assert self.stderr.count("\n  az: ") == self.stderr.count("\n  en: ") >= len(codes)
        assert not re.search(r"\{\w+\}", self.stderr), "a placeholder was left open"

    def errors(self) -> list[dict[str, Any]]:
        """The machine-readable errors of ``--json``."""
        assert self.code == 2, self
        assert "Traceback" not in self.stderr
        rows: list[dict[str, Any]] = json.loads(self.stdout)["errors"]
        assert all(set(row["message"]) == {"az", "en"} for row in rows)
        return rows


def program(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> Done:
    """The installed program in a process of its own."""
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)],
        capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL, cwd=cwd,
        env=PLAIN | environment,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


def here(*arguments: str | Path, **environment: str) -> Done:
    """The same commands in this process, where a start of the program would add nothing but its two seconds."""
    done = CliRunner().invoke(app, [*map(str, arguments)], env={"PIN": PIN, **environment})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


@dataclass
class Waiting:
    """A service at rest in ``data``: nobody runs it, and each of ``documents`` waits for its three signatories."""

    data: Path
    documents: list[str]
    people: list[Person]

    def key(self, person: Person, profile: Profile = Profile()) -> Path:  # noqa: B008
        """A PKCS#12 of the person, PIN 1234, from the service's own development PKI."""
        name = person.name
        holder = Holder(person.fin, name.surname, name.given, name.patronymic, person.organisation)
        return self.pki().issue(holder, PIN, profile).path

    def pki(self) -> DevelopmentPki:
        from doc_service.system import SystemClock

        return DevelopmentPki(self.data / "development-pki", SystemClock())

    def state(self) -> dict[str, Any]:
        """Everything that a refused command must leave as it was."""
        found: dict[str, Any] = {name: self.rows(f"SELECT * FROM {name}") for name in TABLES}
        found["archive"] = sorted(str(p) for p in (self.data / "archive").rglob("*") if p.is_file())
        return found

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.data / "doc-service.db") as database:
            return database.execute(query).fetchall()

    def events(self) -> list[str]:
        return [action for (action,) in self.rows("SELECT action FROM audit_events ORDER BY rowno")]

    def copy(self, place: Path) -> Waiting:
        """The same service elsewhere (the archive's files are read-only: modes are kept, links are not needed)."""
        shutil.copytree(self.data, place)
        return Waiting(place, self.documents, self.people)


@pytest.fixture(scope="session")
def prepared_service(tmp_path_factory: pytest.TempPathFactory) -> Waiting:
    """Made once; tests that change it take a copy."""
    data = tmp_path_factory.mktemp("waiting") / "data"
    opened: Iterator[Any] = running_service(data, job_lease=timedelta(seconds=2))
    service = next(opened)
    documents = [service.signing()]
    people = [r.signer for r in service.requests(documents[0])]
    for person in people:
        service.key(person)
    next(opened, None)
    return Waiting(data, documents, people)


@pytest.fixture
def waiting(prepared_service: Waiting, tmp_path: Path) -> Waiting:
    return prepared_service.copy(tmp_path / "service")


@pytest.fixture(scope="session")
def sample() -> dict[str, Any]:
    value: dict[str, Any] = json.loads(here("instruments", "sample", "kq-protokol").stdout)
    return value


@pytest.fixture
def data_file(tmp_path: Path, sample: dict[str, Any]) -> Callable[[Callable[[dict[str, Any]], object]], Path]:
    """The sample, changed by a function, as a file."""

    def write(change: Callable[[dict[str, Any]], object]) -> Path:
        data = json.loads(json.dumps(sample))
        change(data)
        path = tmp_path / "data.json"
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return path

    return write
