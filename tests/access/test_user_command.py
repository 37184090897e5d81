"""``doc-service user`` as an operator runs it: the program in a process of its own."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from doc_service.bootstrap.access import open_access
from doc_service.domain.principals import AccountRole
from doc_service.services.access.start_session import Started
from doc_service.settings import Settings
from tests.cli.conftest import Done, here, program

PASSWORD = "üç alma, iki nar"
ADD = ("user", "add", "Admin", "--name", "Baş inzibatçı", "--role", "administrator")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A service without accounts."""
    assert here("migrate", "--data", tmp_path).code == 0
    return tmp_path


def rows(data: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(data / "doc-service.db") as database:
        return database.execute(query).fetchall()


def enter(data: Path, login: str) -> Started:
    with open_access(Settings(data_dir=data)) as access:
        started = access.cases.log_in(login, PASSWORD)
    assert isinstance(started, Started)
    return started


def enrol(data: Path, code: str) -> None:
    with open_access(Settings(data_dir=data)) as access:
        access.cases.enrol_password(code, PASSWORD)


def test_the_first_administrator(data: Path) -> None:
    done = program(*ADD, "--data", data)
    assert done.code == 0
    code = done.stdout.strip()
    assert code.startswith("dse_")
    assert code not in done.stderr
    enrol(data, code)
    assert enter(data, "admin").account.roles == {AccountRole.ADMINISTRATOR}
    assert code not in repr(rows(data, "SELECT * FROM credentials")) + repr(rows(data, "SELECT * FROM audit_events"))
    assert (data / "secret-key").stat().st_mode & 0o077 == 0
    actions = rows(data, "SELECT action, actor FROM audit_events ORDER BY rowno")[:2]
    assert actions == [("account.opened", "operator"), ("account.enrolment_given", "operator")]


def added(data: Path, login: str, *options: str) -> Done:
    return here("user", "add", login, "--name", "Əhmədov", "--json", *options, "--data", data)


def test_all_that_an_account_says(data: Path) -> None:
    done = added(
        data, "leyla", "--role", "member", "--role", "secretariat", "--person", "p1", "--fin", "5Z7A1B2",
        "--unit", "Hüquq şöbəsi", "--unit", "Maliyyə", "--email", "l@kobia.az", "--lang", "en",
    )  # fmt: skip
    told = json.loads(done.stdout)
    account = told["account"]
    assert account["roles"] == ["member", "secretariat"]
    assert account["units"] == ["Hüquq şöbəsi", "Maliyyə"]
    assert (account["person_id"], account["fin"], account["language"]) == ("p1", "5Z7****", "en")
    assert told["enrolment"]["code"].startswith("dse_")
    listed = json.loads(here("user", "list", "--json", "--data", data).stdout)
    assert listed == [account]


def test_faults_are_told_in_both_languages_and_nothing_is_made(data: Path) -> None:
    wrong = ("user", "add", "x", "--name", " ", "--role", "auditor", "--role", "secretariat", "--data", data)
    program(*wrong).refused("account.bad_login", "account.bad_name", "account.incompatible_roles")
    assert rows(data, "SELECT * FROM accounts") == []
    found = {row["code"] for row in here(*wrong, "--json").errors()}
    assert "account.incompatible_roles" in found


def test_a_role_that_is_none_is_a_usage_error(data: Path) -> None:
    assert here("user", "add", "admin", "--name", "A", "--role", "king", "--data", data).code == 2


def test_a_place_without_a_service_stays_as_it_is(tmp_path: Path) -> None:
    program(*ADD, "--data", tmp_path / "nowhere").refused("cli.no_service")
    assert not (tmp_path / "nowhere").exists()


def test_roles_close_and_enrol(data: Path) -> None:
    assert here(*ADD, "--data", data).code == 0
    code = json.loads(added(data, "leyla", "--role", "secretariat").stdout)["enrolment"]["code"]
    enrol(data, code)
    enter(data, "leyla")
    assert here("user", "roles", "Leyla", "--role", "auditor", "--data", data).code == 0
    assert enter(data, "leyla").account.roles == {AccountRole.AUDITOR}
    new = here("user", "enrol", "leyla", "--reset-second-step", "--data", data)
    assert new.stdout.startswith("dse_")
    assert rows(data, "SELECT enrolment_resets FROM credentials WHERE password_hash <> ''") == [(1,)]
    assert here("user", "log-out", "leyla", "--data", data).stderr.strip() == "2"
    enter(data, "leyla")
    assert here("user", "log-out", "--everybody", "--tokens", "--data", data).stderr.strip() == "1"
    assert here("user", "log-out", "--data", data).code == 2
    enter(data, "leyla")
    assert here("user", "close", "leyla", "--data", data).code == 0
    assert rows(data, "SELECT count(*) FROM sessions WHERE ended_at IS NULL") == [(0,)]
    shown = here("user", "list", "--data", data).stdout
    assert "admin" in shown
    assert "leyla" not in shown
    assert "leyla" in here("user", "list", "--closed", "--data", data).stdout
    here("user", "close", "admin", "--data", data).refused("account.last_administrator")
    here("user", "enrol", "leyla", "--data", data).refused("account.closed")
    here("user", "close", "nobody", "--data", data).refused("account.unknown_login")
