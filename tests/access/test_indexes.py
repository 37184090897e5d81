"""Every question about accounts and sessions is answered by an index, with tens of thousands of rows in the tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert

from doc_service.domain.accounts import Account, AccountState
from doc_service.domain.credentials import Attempts
from doc_service.domain.principals import AccountRole, Means
from doc_service.domain.sessions import Session
from doc_service.persistence.access import _account_row
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.tables_access import accounts, login_attempts, login_tickets, service_tokens, sessions
from doc_service.persistence.uow import SqlUnitOfWork, SqlUnitOfWorkFactory
from tests.access.conftest import START
from tests.persistence.engines import ENGINES

ROWS = 20_000
BIG = ("accounts", "sessions", "service_tokens", "login_attempts", "login_tickets")
AT = START + timedelta(minutes=77)

QUESTIONS: dict[str, Callable[[SqlUnitOfWork], object]] = {
    "account": lambda u: u.accounts.get("a77"),
    "by login": lambda u: u.accounts.find_login("user77"),
    "by FİN": lambda u: u.accounts.of_fin("F000077"),
    "of a person": lambda u: u.accounts.of_person("p77"),
    "external parties": lambda u: u.accounts.of_document("d7"),
    "administrators": lambda u: u.accounts.administrators(),
    "page": lambda u: u.accounts.page(after="user5", limit=50),
    "page of closed ones": lambda u: u.accounts.page(state=AccountState.CLOSED, limit=50),
    "saving": lambda u: u.accounts.save(u.accounts.get("a77")),
    "credentials": lambda u: u.credentials.get("a77"),
    "attempts": lambda u: u.credentials.attempts("k77"),
    "counting": lambda u: u.credentials.put_attempts("k77", Attempts()),
    "forgetting attempts": lambda u: u.credentials.forget_attempts(AT),
    "tickets": lambda u: u.credentials.ticket("t77"),
    "dropping tickets": lambda u: u.credentials.drop_tickets(AT),
    "session": lambda u: u.sessions.find("s77"),
    "sessions of an account": lambda u: u.sessions.of_account("a77"),
    "touching": lambda u: u.sessions.touch("s77", AT, AT),
    "ending": lambda u: u.sessions.end("s77", AT),
    "ending all": lambda u: u.sessions.end_all("a77", AT),
    "purging": lambda u: u.sessions.purge(AT),
    "token": lambda u: u.tokens.find("t77"),
    "tokens of an account": lambda u: u.tokens.of_account("a77"),
    "revoking all": lambda u: u.tokens.revoke_all("a77", AT),
}


def account(number: int) -> Account:
    special = {7: AccountRole.ADMINISTRATOR, 8: AccountRole.EXTERNAL}.get(number % 1000, AccountRole.MEMBER)
    return Account(
        f"a{number}", f"user{number}", "Ad", frozenset({special}), START, person_id=f"p{number}",
        fin=f"F{number:06}", document_id=f"d{number % 50}" if special is AccountRole.EXTERNAL else "",
        state=AccountState.CLOSED if number % 100 == 9 else AccountState.ACTIVE,
    )  # fmt: skip


def rows(number: int) -> dict[str, dict[str, Any]]:
    at = START + timedelta(minutes=number)
    one = account(number)
    session = Session(f"s{number}", one.id, "0" * 64, Means.PASSWORD, "x", at, at, at)
    device = {name: getattr(session, name) for name in ("id", "account_id", "secret_sha256", "started_at", "seen_at")}
    token = {"id": f"t{number}", "account_id": one.id, "secret_sha256": "0" * 64}
    return {
        "accounts": {"id": one.id, **_account_row(one)},
        "sessions": {**device, "means": "password", "device": "x", "expires_at": at, "ended_at": None},
        "service_tokens": {**token, "name": "x", "scopes": "read", "created_at": at, "expires_at": at},
        "login_attempts": {"key": f"k{number}", "failures": 1, "failed_at": at},
        "login_tickets": {**token, "device": "x", "expires_at": at},
    }


@pytest.fixture(scope="module", params=sorted(ENGINES))
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make_engine(ENGINES[request.param](tmp_path_factory.mktemp("indexes")))
    migrate(engine)
    made = [rows(number) for number in range(ROWS)]
    with engine.begin() as connection:
        for table in (accounts, sessions, service_tokens, login_attempts, login_tickets):
            connection.execute(insert(table), [row[table.name] for row in made])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    yield engine
    engine.dispose()


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_table_is_read_from_end_to_end(filled: Engine, name: str) -> None:
    sent: list[tuple[str, Any]] = []

    def listen(_c: object, _cursor: object, statement: str, parameters: Any, _x: object, _many: object) -> None:
        sent.append((statement, parameters))

    with SqlUnitOfWorkFactory(filled)() as unit:
        event.listen(filled, "before_cursor_execute", listen)
        try:
            QUESTIONS[name](unit)
        finally:
            event.remove(filled, "before_cursor_execute", listen)
    asked = [(s, p) for s, p in sent if s.startswith(("SELECT", "UPDATE", "DELETE")) and "advisory" not in s]
    assert asked
    assert {s: found for s, p in asked if (found := scans(filled, s, p))} == {}


def scans(engine: Engine, statement: str, parameters: Any) -> list[str]:
    """Big tables that the plan reads whole."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            return [row[3] for row in plan if row[3] in {f"SCAN {table}" for table in BIG}]
        text = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
        return list(_seq_scans((json.loads(text) if isinstance(text, str) else text)[0]["Plan"]))


def _seq_scans(node: Mapping[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG:
        yield str(node["Relation Name"])
    for child in node.get("Plans", []):
        yield from _seq_scans(child)
