"""What a server far away can do to us: gone, slow, full, locked. Each as it really happens, and what remains."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

from doc_service.domain.errors import DomainError
from doc_service.jobs.policy import is_retryable
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWork, SqlUnitOfWorkFactory
from tests.persistence import samples
from tools.servers.postgres import PostgresServer
from tools.servers.process import scratch

Units = SqlUnitOfWorkFactory


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """One of our own, to be killed."""
    server = PostgresServer().start()
    yield server
    server.remove()


@pytest.fixture
def engine_of_server(server: PostgresServer, request: pytest.FixtureRequest) -> Iterator[Engine]:
    server.thaw()
    server.start()
    name = f"t{abs(hash(request.node.name))}"
    engine = make_engine(server.create_database(name))
    migrate(engine)
    yield engine
    engine.dispose()


def refused(step: Callable[[], object]) -> DomainError:
    with pytest.raises(DomainError) as caught:
        step()
    return caught.value


def numbers(units: Units) -> list[int]:
    with units.reading() as unit:
        return [entry.seq for entry in unit.journals.entries("KQ", 2026)]


def register(units: Units, document_id: str) -> None:
    with units() as unit:
        unit.journals.register(samples.JOURNAL, document_id, samples.NOW)
        unit.commit()


# The server is killed


def test_a_kill_in_the_middle_of_a_transaction_loses_that_transaction_alone(
    server: PostgresServer, engine_of_server: Engine
) -> None:
    units = samples.fill(engine_of_server, ["d1", "d2"])
    register(units, "d1")

    def interrupted() -> None:
        with units() as unit:
            unit.journals.register(samples.JOURNAL, "d2", samples.NOW)
            server.kill()
            unit.documents.get("d2")

    error = refused(interrupted)
    assert error.code == "persistence.unavailable"
    assert is_retryable(error)
    down = refused(lambda: register(units, "d2"))
    assert down.code == "persistence.unavailable"
    assert server.owner_password not in str(down.faults[0].params)
    server.start()
    register(units, "d2")
    assert numbers(units) == [1, 2]


def test_connections_broken_by_a_restart_are_replaced_before_anybody_sees_them(
    server: PostgresServer, engine_of_server: Engine
) -> None:
    units = samples.fill(engine_of_server, [f"d{n}" for n in range(8)])
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: register(units, f"d{n}"), range(4)))
    server.kill()
    server.start()
    for number in range(4, 8):
        register(units, f"d{number}")
    assert numbers(units) == list(range(1, 9))


def test_a_commit_whose_answer_is_lost_is_told_as_unknown(server: PostgresServer, engine_of_server: Engine) -> None:
    """The killed server cannot have committed here; on the wire this looks the same as when it has."""
    units = samples.fill(engine_of_server)
    unit = units()

    def commit_into_the_void() -> None:
        with unit:
            unit.journals.register(samples.JOURNAL, "d1", samples.NOW)
            server.kill()
            unit.commit()

    error = refused(commit_into_the_void)
    assert error.code == "persistence.answer_lost"
    assert is_retryable(error)
    server.start()
    register(units, "d1")
    assert numbers(units) == [1]


def test_writers_through_many_restarts_lose_and_double_nothing(
    server: PostgresServer, engine_of_server: Engine
) -> None:
    documents = [f"d{n:03}" for n in range(120)]
    units = samples.fill(engine_of_server, documents)
    failures: list[DomainError] = []

    def register_at_last(document_id: str) -> None:
        while True:
            try:
                register(units, document_id)
            except DomainError as error:
                failures.append(error)
            else:
                return

    with ThreadPoolExecutor(6) as pool:
        work = [pool.submit(register_at_last, document_id) for document_id in documents]
        for quarter in (20, 60, 90):
            work[quarter].result()
            server.kill()
            server.start()
        for done in work:
            done.result()
    assert numbers(units) == list(range(1, 121))
    assert {error.code for error in failures} <= {"persistence.unavailable", "persistence.answer_lost"}
    assert all(map(is_retryable, failures))


def test_a_frozen_server_is_waited_for(server: PostgresServer, engine_of_server: Engine) -> None:
    units = samples.fill(engine_of_server)
    server.freeze()
    timer = threading.Timer(0.5, server.thaw)
    timer.start()
    register(units, "d1")
    timer.join()
    assert numbers(units) == [1]


# Locks


@pytest.fixture
def impatient(new_postgres_url: Callable[[], str]) -> Iterator[Engine]:
    engine = make_engine(new_postgres_url(), lock_timeout=timedelta(milliseconds=300))
    migrate(engine)
    yield engine
    engine.dispose()


def test_a_lock_that_is_not_given_back_ends_in_busy_and_nothing_else(impatient: Engine) -> None:
    units = samples.fill(impatient, ["d1", "d2"])
    with units() as holder:
        holder.documents.get("d1")
        error = refused(lambda: register(units, "d1"))
        assert error.code == "persistence.busy"
        assert is_retryable(error)
        register(units, "d2")
    register(units, "d1")
    assert numbers(units) == [1, 2]


def test_a_deadlock_fails_one_of_the_two_as_busy(postgres_engine: Engine) -> None:
    units = samples.fill(postgres_engine, ["d1", "d2"])
    both = threading.Barrier(2)

    def lock(first: str, second: str) -> str:
        with units() as unit:
            unit.documents.get(first)
            both.wait(10)
            try:
                unit.documents.get(second)
            except DomainError as error:
                return error.code
            return "got"

    with ThreadPoolExecutor(2) as pool:
        outcomes = [pool.submit(lock, *pair) for pair in (("d1", "d2"), ("d2", "d1"))]
        assert sorted(outcome.result() for outcome in outcomes) == ["got", "persistence.busy"]


def test_a_statement_that_takes_too_long_is_broken_off(postgres_engine: Engine) -> None:
    def slow() -> None:
        with postgres_engine.begin() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 100"))
            connection.execute(text("SELECT pg_sleep(30)"))

    error = refused(slow)
    assert error.code == "persistence.statement_timeout"
    assert is_retryable(error)


def test_whoever_stops_in_a_transaction_loses_it(postgres_engine: Engine) -> None:
    units = samples.fill(postgres_engine)

    @event.listens_for(postgres_engine, "begin")
    def hurry(connection: object) -> None:
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 200")  # type: ignore[attr-defined]

    with units() as stopped:
        stopped.documents.get("d1")
        register(units, "d1")
        assert refused(lambda: stopped.documents.get("d1")).code == "persistence.unavailable"
    assert numbers(units) == [1]


# Units


def test_a_reading_unit_cannot_write_nor_lock(postgres_engine: Engine) -> None:
    units = samples.fill(postgres_engine)
    with units.reading() as reader:
        reader.documents.get("d1")
        with units() as writer:
            writer.documents.save(replace(writer.documents.get("d1"), title="Dəyişdi"))
            writer.commit()
        assert reader.documents.get("d1").title == "Protokol"
        assert refused(lambda: reader.jobs.enqueue(samples.job())).code == "persistence.unavailable"


def test_a_unit_with_a_failed_statement_cannot_be_committed(postgres_engine: Engine) -> None:
    """PostgreSQL answers such a COMMIT with a silent ROLLBACK."""
    units = samples.fill(postgres_engine)
    with units() as unit:
        unit.journals.register(samples.JOURNAL, "d1", samples.NOW)
        with suppress(DomainError):
            unit.documents.add(replace(samples.document("d2"), body_id="x"))
        assert refused(lambda: unit.documents.get("d1")).code == "persistence.unit_failed"
        assert refused(unit.commit).code == "persistence.unit_failed"
    assert numbers(units) == []


def test_text_that_the_engine_cannot_hold_is_refused(postgres_engine: Engine) -> None:
    units = samples.fill(postgres_engine)
    with units() as unit:
        error = refused(lambda: unit.documents.add(replace(samples.document("d2"), title="a\x00b")))
    assert error.code == "persistence.not_storable"
    assert not is_retryable(error)


def test_every_session_is_durable_and_bounded(postgres_engine: Engine) -> None:
    with postgres_engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("synchronous_commit", "lock_timeout", "statement_timeout", "timezone", "application_name",
                         "idle_in_transaction_session_timeout", "transaction_isolation", "transaction_read_only")
        }  # fmt: skip
    assert settings == {
        "synchronous_commit": "on", "lock_timeout": "10s", "statement_timeout": "1min", "timezone": "UTC",
        "application_name": "doc-service", "idle_in_transaction_session_timeout": "1min",
        "transaction_isolation": "read committed", "transaction_read_only": "off",
    }  # fmt: skip
    with SqlUnitOfWorkFactory(postgres_engine).reading() as unit:
        connection = unit._connection  # type: ignore[assignment]
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar_one() == "repeatable read"
        assert connection.exec_driver_sql("SHOW transaction_read_only").scalar_one() == "on"


def test_what_a_wrong_address_says(server: PostgresServer) -> None:
    url = server.url("nowhere")
    error = refused(lambda: make_engine(url).connect())
    assert error.code == "persistence.unavailable"
    assert server.owner_password not in str(error.faults[0].params)
    with pytest.raises(ValueError, match="psycopg2"):
        make_engine(url.replace("+psycopg", "+psycopg2"))
    with pytest.raises(ValueError, match="no database"):
        make_engine("postgresql://host")
    short = make_engine(server.create_database("short").replace("postgresql+psycopg", "postgres"))
    assert migrate(short)
    short.dispose()


# The disk is full


@pytest.fixture
def small_server() -> Iterator[tuple[PostgresServer, Path]]:
    """A cluster on a disk of 160 MB."""
    place = scratch("small-disk")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m,mode=755", "tmpfs", place], check=True)
    server = PostgresServer(place, settings={"max_wal_size": "32MB", "min_wal_size": "32MB", "wal_recycle": "on"})
    try:
        yield server.start(), place
    finally:
        server.kill()
        subprocess.run(["umount", "-l", place], check=True)
        place.rmdir()


def test_a_full_disk_stores_nothing_and_loses_nothing(small_server: tuple[PostgresServer, Path]) -> None:
    server, place = small_server
    engine = make_engine(server.create_database("full"))
    migrate(engine)
    units = samples.fill(engine, ["d1", "d2"])
    register(units, "d1")

    def store_much(unit: SqlUnitOfWork) -> None:
        for number in range(4000):
            unit.jobs.enqueue(replace(samples.job(f"big{number}"), payload={"x": f"{number}" + "y" * 7000}))

    def overflow() -> None:
        with units() as unit:
            unit.journals.register(samples.JOURNAL, "d2", samples.NOW)
            store_much(unit)
            unit.commit()

    ballast = place / "ballast"
    with ballast.open("wb") as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
            file.flush()
    error = refused(overflow)
    assert error.code == "persistence.no_space", error.faults
    assert is_retryable(error)
    assert numbers(units) == [1]
    ballast.unlink()
    register(units, "d2")
    assert numbers(units) == [1, 2]
    engine.dispose()
