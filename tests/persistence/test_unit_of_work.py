"""One unit, one transaction; and what happens when the database cannot do it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.jobs import Job
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWork, SqlUnitOfWorkFactory
from tests.persistence import samples

Units = SqlUnitOfWorkFactory


def change_everything(unit: SqlUnitOfWork) -> None:
    unit.documents.save(replace(unit.documents.get("d1"), title="Dəyişdi"))
    unit.documents.add_revision(samples.revision())
    unit.journals.register(samples.JOURNAL, "d1", samples.NOW)
    unit.jobs.enqueue(samples.job())
    unit.audit.append(AuditEvent("e1", samples.NOW, "p1", Action.DOCUMENT_REGISTERED, "document", "d1"))


def state(units: Units) -> tuple[object, ...]:
    with units.reading() as unit:
        return (
            unit.documents.get("d1"),
            tuple(unit.documents.revisions("d1")),
            tuple(unit.journals.entries("KQ", 2026)),
            tuple(unit.jobs.pending()),
            tuple(unit.audit.of_subject("document", "d1")),
        )


# All or nothing


def test_without_commit_everything_is_undone(units: Units) -> None:
    before = state(units)
    with units() as unit:
        change_everything(unit)
    assert state(units) == before


def test_an_error_undoes_everything(units: Units) -> None:
    before = state(units)

    def fails() -> None:
        with units() as unit:
            change_everything(unit)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert state(units) == before


def test_commit_keeps_everything(units: Units) -> None:
    with units() as unit:
        change_everything(unit)
        unit.commit()
    document, revisions, entries, jobs, events = state(units)
    assert document == replace(samples.document(), title="Dəyişdi", version=1)
    assert [len(kept) for kept in (revisions, entries, jobs, events)] == [1, 1, 1, 1]  # type: ignore[arg-type]


def test_what_follows_a_commit_is_another_transaction(units: Units) -> None:
    with units() as unit:
        unit.jobs.enqueue(samples.job("j1"))
        unit.commit()
        unit.jobs.enqueue(samples.job("j2"))
    with units() as unit:
        assert [job.id for job in unit.jobs.pending()] == ["j1"]


def test_a_unit_may_be_entered_again_but_not_twice_at_once(units: Units) -> None:
    unit = units()
    with unit, pytest.raises(RuntimeError), unit:
        pass
    with unit:
        assert unit.bodies.find("kq") is not None
    with pytest.raises(RuntimeError):
        unit.commit()


def test_the_runner_is_woken_after_the_commit_and_not_before(engine: Engine) -> None:
    woken: list[tuple[list[str], int]] = []
    plain = SqlUnitOfWorkFactory(engine)

    def wake(committed: Sequence[Job]) -> None:
        with plain.reading() as unit:
            woken.append(([job.id for job in committed], len(unit.jobs.pending())))

    units = SqlUnitOfWorkFactory(engine, on_enqueue=wake)
    with units() as unit:
        unit.jobs.enqueue(samples.job())
    assert woken == []
    for _ in range(2):
        with units() as unit:
            unit.jobs.enqueue(samples.job())
            assert len(woken) <= 1
            unit.commit()
            unit.commit()
    assert woken == [(["j1"], 1)]


# Units at the same time


def test_a_reader_sees_one_state_and_waits_for_nobody(units: Units) -> None:
    with units.reading() as reader:
        before = reader.documents.get("d1")
        with units() as writer:
            change_everything(writer)
            assert reader.documents.get("d1") == before
            writer.commit()
        assert reader.documents.get("d1") == before
    with units.reading() as reader:
        assert reader.documents.get("d1").title == "Dəyişdi"


def test_a_reading_unit_cannot_write_and_leaves_no_trace_on_its_connection(units: Units) -> None:
    for _ in range(3):
        with units.reading() as unit, pytest.raises(DomainError):
            unit.jobs.enqueue(samples.job())
        with units() as unit:
            assert unit.jobs.enqueue(samples.job())


def test_units_that_read_and_then_write_never_deadlock_nor_lose_a_change(units: Units) -> None:
    def add_one(_: int) -> None:
        with units() as unit:
            document = unit.documents.get("d1")
            unit.documents.save(replace(document, data={"n": int(document.data.get("n", 0)) + 1}))
            unit.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(80)))
    with units() as unit:
        document = unit.documents.get("d1")
    assert (document.data["n"], document.version) == (80, 80)


def test_of_two_that_read_the_same_version_one_is_refused(units: Units) -> None:
    with units.reading() as unit:
        seen = unit.documents.get("d1")

    def save(title: str) -> str:
        try:
            with units() as unit:
                unit.documents.save(replace(seen, title=title))
                unit.commit()
        except ConflictError as error:
            return error.code
        return "saved"

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(save, "abcdef"))
    assert outcomes == ["saved", *["state.stale"] * 5]


# A database that cannot be used: SQLite's own failures, as they really happen


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "own" / "main.db"


@pytest.fixture
def impatient(sqlite_file: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{sqlite_file}", busy_timeout=0.2)
    yield engine
    engine.dispose()


def refused(step: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as caught:
        step()
    assert caught.value.faults[0].params["reason"]
    return caught.value.code


def use(engine: Engine) -> None:
    with SqlUnitOfWorkFactory(engine)() as unit:
        unit.jobs.enqueue(samples.job())
        unit.commit()


def test_a_locked_database_is_unavailable_and_later_usable(impatient: Engine, sqlite_file: Path) -> None:
    migrate(impatient)
    with closing(sqlite3.connect(sqlite_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        assert refused(lambda: use(impatient)) == "persistence.unavailable"
        assert 0.15 < time.monotonic() - started < 5
        other.execute("ROLLBACK")
    use(impatient)


def test_a_writer_waits_for_another(engine: Engine) -> None:
    units = samples.fill(engine)
    held = threading.Event()

    def hold() -> None:
        with units() as unit:
            unit.documents.get("d1")
            unit.jobs.enqueue(samples.job("first"))
            held.set()
            time.sleep(0.3)
            unit.commit()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert held.wait(10)
        with units() as unit:
            unit.documents.get("d1")
            assert unit.jobs.find("key:first") is not None
        holding.result()


def test_a_full_disk_stores_nothing(impatient: Engine, sqlite_file: Path) -> None:
    migrate(impatient)
    units = samples.fill(impatient)
    before = state(units)
    with impatient.connect() as connection:
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    impatient_units = SqlUnitOfWorkFactory(impatient)

    def store_much() -> None:
        with impatient_units() as unit:
            change_everything(unit)
            for number in range(200):
                unit.jobs.enqueue(replace(samples.job(f"big{number}"), payload={"x": "y" * 2000}))
            unit.commit()

    assert refused(store_much) == "persistence.no_space"
    impatient.dispose()
    assert state(units) == before
    store_much()
    with closing(sqlite3.connect(sqlite_file)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_no_free_connection_is_unavailable(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'main.db'}", busy_timeout=0.1)
    connections = [engine.connect() for _ in range(50)]
    with pytest.raises(DomainError, match="unavailable"):
        SqlUnitOfWorkFactory(engine)().__enter__()
    for connection in connections:
        connection.close()
    with SqlUnitOfWorkFactory(engine)():
        pass
    engine.dispose()


def test_a_file_that_is_no_database_is_damaged(impatient: Engine, sqlite_file: Path) -> None:
    sqlite_file.write_bytes(b"this is not a database at all" * 100)
    assert refused(lambda: use(impatient)) == "persistence.damaged"


def test_a_database_without_schema_says_what_to_do(impatient: Engine) -> None:
    assert refused(lambda: use(impatient)) == "persistence.not_migrated"


def test_a_path_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "main.db").mkdir()
    engine = make_engine(f"sqlite:///{tmp_path / 'main.db'}")
    assert refused(lambda: use(engine)) == "persistence.unavailable"
    (tmp_path / "file").touch()
    assert refused(lambda: make_engine(f"sqlite:///{tmp_path / 'file' / 'main.db'}")) == "persistence.unavailable"


def test_only_the_account_of_the_service_can_read_the_database(impatient: Engine, sqlite_file: Path) -> None:
    migrate(impatient)
    with SqlUnitOfWorkFactory(impatient)() as unit:
        unit.jobs.enqueue(samples.job())
        modes = {file.name: file.stat().st_mode & 0o777 for file in sqlite_file.parent.iterdir()}
    assert modes == {"main.db": 0o600, "main.db-wal": 0o600, "main.db-shm": 0o600}
    assert sqlite_file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/x"])
def test_urls_that_cannot_be_used_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="database"):
        make_engine(url)


def test_every_connection_is_durable_and_keeps_references(impatient: Engine) -> None:
    with impatient.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 200}
