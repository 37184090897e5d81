"""Signing operations on every engine: found by request, person, correlation and time-out; one writer wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.signing_operations import (
    ItemState,
    OperationAction,
    OperationItem,
    OperationState,
    SigningOperation,
)
from doc_service.persistence.uow import SqlUnitOfWork, SqlUnitOfWorkFactory
from tests.persistence import samples
from tests.persistence.test_lists import statements_of

NOW = samples.NOW


@pytest.fixture
def requests(units: SqlUnitOfWorkFactory) -> SqlUnitOfWorkFactory:
    """Three requests "r1" to "r3"."""
    with units() as unit:
        for number in (1, 2, 3):
            unit.signatures.add(samples.request(f"r{number}", number))
        unit.commit()
    return units


def operation(name: str = "o1", *requests: str, **fields: object) -> SigningOperation:
    items = tuple(OperationItem(r, "d1", f"№ {r}") for r in requests or ("r1",))
    values = {"created_at": NOW, "expires_at": NOW + timedelta(minutes=5), **fields}
    return SigningOperation(name, "p1", "csc", "milli", items, **values)  # type: ignore[arg-type]


def add(units: SqlUnitOfWorkFactory, *operations: SigningOperation) -> None:
    with units() as unit:
        for each in operations:
            unit.operations.add(each)
        unit.commit()


def test_what_was_kept_comes_back(requests: SqlUnitOfWorkFactory) -> None:
    whole = operation(
        "o1", "r1", "r2", state=OperationState.AUTHORISED, code="", prompt={"kind": "wait", "fields": [{"a": 1.5}]},
        certificate="AAA=", chain=("BBB=",), binding="hashes", batch=200, hold=300, correlation="ab" * 32, asked=1,
        attempted=True, authorised_at=NOW, authorised_until=NOW + timedelta(hours=1), claim="c",
        session="c2VhbGVk",
    )  # fmt: skip
    whole = whole.with_item("r2", state=ItemState.SIGNED, signature="c2ln", prepared_sha256="cd" * 32)
    add(requests, whole)
    with requests.reading() as unit:
        assert unit.operations.get("o1") == whole
        assert unit.operations.find_by_correlation("ab" * 32) == whole
        assert unit.operations.find_by_correlation("cd" * 32) is None
        assert unit.operations.find_by_past_correlation("ab" * 32) == whole
        with pytest.raises(NotFoundError, match=r"signing_operation\.not_found"):
            unit.operations.get("o2")


def test_names_and_correlations_are_given_once(requests: SqlUnitOfWorkFactory) -> None:
    add(requests, operation("o1", correlation="ab" * 32), operation("o2"), operation("o3"))
    for again in (operation("o1"), operation("o4", correlation="ab" * 32)):
        with requests() as unit, pytest.raises(ConflictError, match=r"operation\.exists"):
            unit.operations.add(again)
    with pytest.raises(DomainError, match=r"persistence\.unknown_reference"):
        add(requests, operation("o5", "r9"))


def test_an_older_state_does_not_replace_a_newer_one(requests: SqlUnitOfWorkFactory) -> None:
    add(requests, operation())
    with requests() as unit:
        first = unit.operations.get("o1")
        saved = unit.operations.save(first.moved(OperationAction.ASK))
        unit.commit()
    assert saved.version == 1
    with requests() as unit, pytest.raises(ConflictError, match=r"state\.stale"):
        unit.operations.save(first.moved(OperationAction.CANCEL))
    with requests() as unit, pytest.raises(NotFoundError):
        unit.operations.save(operation("o9"))


def test_live_operations_of_requests(requests: SqlUnitOfWorkFactory) -> None:
    ended = replace(operation("o1", "r1"), state=OperationState.DONE, finished_at=NOW)
    add(requests, ended, operation("o2", "r1", "r2"), operation("o3", "r3"))
    with requests.reading() as unit:
        found = unit.operations
        assert [o.id for o in found.live_of_requests(["r1", "r2"])] == ["o2"]
        assert [o.id for o in found.live_of_requests(["r1", "r3"])] == ["o2", "o3"]
        assert found.live_of_requests([]) == []
        assert [o.id for o in found.of_request("r1")] == ["o2", "o1"]
        assert [o.id for o in found.of_signer("p1", limit=2)] == ["o3", "o2"]
        assert found.of_signer("p2") == []


def test_overdue_ones(requests: SqlUnitOfWorkFactory) -> None:
    add(
        requests,
        operation("late", expires_at=NOW - timedelta(seconds=2)),
        operation("later", expires_at=NOW - timedelta(seconds=1)),
        operation("now", expires_at=NOW),
        operation("soon", expires_at=NOW + timedelta(microseconds=1)),
        replace(operation("ended", expires_at=NOW - timedelta(1)), state=OperationState.FAILED, finished_at=NOW),
    )
    with requests.reading() as unit:
        assert [o.id for o in unit.operations.overdue(NOW)] == ["late", "later", "now"]
        assert [o.id for o in unit.operations.overdue(NOW, limit=1)] == ["late"]


def test_of_two_that_drive_at_once_one_does(requests: SqlUnitOfWorkFactory, engine: Engine) -> None:
    add(requests, operation())
    took: list[str] = []
    gate = threading.Barrier(4)

    def claim(name: str) -> None:
        gate.wait()
        with requests() as unit:
            if unit.operations.take("o1", name, NOW, NOW + timedelta(seconds=30)):
                unit.commit()
                took.append(name)

    threads = [threading.Thread(target=claim, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(took) == 1
    with requests() as unit:
        assert unit.operations.hold("o1", took[0], NOW + timedelta(seconds=60))
        unit.commit()


def test_a_claim_is_one_call_s_while_that_lives(requests: SqlUnitOfWorkFactory) -> None:
    add(requests, operation())
    span = timedelta(seconds=10)
    with requests() as unit:
        claims = unit.operations
        assert claims.take("o1", "a", NOW, NOW + span)
        assert not claims.take("o1", "b", NOW + span / 2, NOW + 2 * span)
        assert claims.take("o1", "a", NOW + span / 2, NOW + span)
        assert not claims.hold("o1", "b", NOW + 3 * span)
        assert claims.hold("o1", "a", NOW + 2 * span)
        assert not claims.take("o1", "b", NOW + 2 * span - timedelta(microseconds=1), NOW + 3 * span)
        assert claims.take("o1", "b", NOW + 2 * span, NOW + 3 * span)
        assert not claims.hold("o1", "a", NOW + 9 * span)
        claims.let_go("o1", "a")
        assert not claims.take("o1", "c", NOW + 2 * span, NOW + 9 * span)
        claims.let_go("o1", "b")
        assert not claims.hold("o1", "b", NOW + 9 * span)
        assert claims.take("o1", "c", NOW, NOW + span)
        unit.commit()
    with requests() as unit, pytest.raises(DomainError, match=r"persistence\.unknown_reference"):
        unit.operations.take("o9", "a", NOW, NOW + span)


def test_a_claim_is_renewed_beside_whoever_changes_the_operation(requests: SqlUnitOfWorkFactory) -> None:
    """A renewing thread must neither wait for the driving one nor make its copy old."""
    add(requests, operation())
    with requests() as unit:
        assert unit.operations.take("o1", "a", NOW, NOW + timedelta(seconds=10))
        mine = unit.operations.get("o1")
        unit.commit()
    with requests() as unit:
        assert unit.operations.hold("o1", "a", NOW + timedelta(seconds=20))
        unit.commit()
    with requests() as unit:
        assert unit.operations.save(mine).version == mine.version + 1


LISTS: dict[str, Callable[[SqlUnitOfWork], object]] = {
    "one": lambda u: u.operations.get("o1"),
    "by correlation": lambda u: u.operations.find_by_correlation("ab" * 32),
    "by past correlation": lambda u: u.operations.find_by_past_correlation("ab" * 32),
    "live of requests": lambda u: u.operations.live_of_requests(["r1", "r2"]),
    "of a request": lambda u: u.operations.of_request("r1"),
    "of a person": lambda u: u.operations.of_signer("p1"),
    "overdue": lambda u: u.operations.overdue(NOW),
}


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_found_by_an_index(requests: SqlUnitOfWorkFactory, engine: Engine, name: str) -> None:
    add(requests, *(operation(f"o{n}", "r1") for n in range(30)))

    def step() -> None:
        with requests() as unit:
            LISTS[name](unit)

    for statement, parameters in statements_of(engine, step):
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
                plan = [str(row[3]) for row in rows]
            else:
                connection.exec_driver_sql("SET enable_seqscan = off")
                plan = list(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
        assert not [line for line in plan if line.strip().startswith(("SCAN ", "->  Seq Scan", "Seq Scan"))], plan
