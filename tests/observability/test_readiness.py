"""Readiness asks the real dependencies, also frozen ones, and answers within its limits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from doc_service.api.health import health_routes
from doc_service.bootstrap.readiness import Dependencies, checks_of, stored
from doc_service.observability.health import Check, HealthMonitor, Status
from doc_service.observability.probes import agrees, kept, listens
from doc_service.persistence.engine import make_engine
from doc_service.settings import Settings
from doc_service.system import SystemClock
from storage.filesystem import FilesystemStore
from storage.s3.location import Access, S3Location
from storage.s3.store import S3Store
from tests.fixtures_s3 import S3Server
from tools.servers.minio import Minio
from tools.servers.postgres import PostgresServer
from tools.servers.process import free_port


def now() -> datetime:
    return datetime.now(UTC)


def statuses(monitor: HealthMonitor) -> dict[str, tuple[str, str]]:
    return {c.name: (str(c.status), c.reason) for c in monitor.health().checks}


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with PostgresServer() as running:
        yield running


def test_a_frozen_database_is_told_within_the_limit(server: PostgresServer, tmp_path: Path) -> None:
    engine = make_engine(server.create_database("frozen"))
    settings = Settings(data_dir=tmp_path)
    store = FilesystemStore(settings.archive_dir, SystemClock())
    given = Dependencies(engine, store, SystemClock(), alive=lambda: True, office=lambda: True)
    monitor = HealthMonitor(checks_of(given, settings), now, fresh=0.0)
    assert monitor.health().status is Status.OK, statuses(monitor)
    app = FastAPI()
    app.include_router(health_routes(monitor))
    with TestClient(app) as client:
        assert client.get("/health/ready").json()["checks"]["database"]["status"] == "ok"
        server.freeze()
        try:
            frozen = client.get("/health/ready")
            assert frozen.status_code == 503
            assert frozen.json()["checks"]["database"]["reason"] == "no_answer"
            assert frozen.json()["checks"]["archive"]["status"] == "ok"
            assert client.get("/health/live").status_code == 200
            threads = threading.active_count()
            for _ in range(3):
                monitor.health()
            assert threading.active_count() <= threads
        finally:
            server.thaw()
        deadline = time.monotonic() + 60
        while client.get("/health/ready").status_code != 200:
            assert time.monotonic() < deadline
    engine.dispose()


def test_a_frozen_store_is_told_within_the_limit() -> None:
    with Minio() as minio:
        owner = S3Server("minio", minio.url, minio.access_key, minio.secret_key)
        owner.client().make_bucket(bucket_name="archive", object_lock=True)
        store = S3Store(
            S3Location.parse(minio.bucket_url("archive")), Access(minio.access_key, minio.secret_key), SystemClock()
        )
        monitor = HealthMonitor([Check("archive", stored(store), limit=3.0)], now, fresh=0.0)
        deadline = time.monotonic() + 60
        while statuses(monitor) != {"archive": ("ok", "")}:
            assert time.monotonic() < deadline, statuses(monitor)
        minio.freeze()
        try:
            assert statuses(monitor) == {"archive": ("failed", "no_answer")}
        finally:
            minio.thaw()
        minio.kill()
        deadline = time.monotonic() + 60
        while statuses(monitor)["archive"][1] == "no_answer":
            assert time.monotonic() < deadline


def test_what_is_not_critical_only_degrades() -> None:
    monitor = HealthMonitor(
        [Check("database", lambda: None), Check("tsa", listens(f"http://127.0.0.1:{free_port()}"), critical=False)], now
    )
    health = monitor.health()
    assert (health.status, health.ready) == (Status.DEGRADED, True)
    assert statuses(monitor)["tsa"] == ("degraded", "ConnectionRefusedError")


def test_all_hanging_at_once_cost_one_limit() -> None:
    """Begun before any is waited for: each of the ten probes lets the others go on."""
    together = threading.Barrier(10)
    checks = [Check(f"c{n}", lambda: together.wait(60) and None, limit=60.0) for n in range(10)]
    assert HealthMonitor(checks, now).health().status is Status.OK


def test_an_answer_is_kept_and_shared() -> None:
    asked: list[int] = []
    moment = [0.0]

    def probe() -> None:
        asked.append(1)

    monitor = HealthMonitor([Check("a", probe)], now, monotonic=lambda: moment[0])
    callers = [threading.Thread(target=monitor.health) for _ in range(20)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(asked) == 1
    moment[0] = 2.0
    monitor.health()
    assert len(asked) == 2


def test_no_text_of_an_error_is_shown() -> None:
    def probe() -> None:
        raise RuntimeError("postgresql://doc:s3cret@db/doc refused Əliyeva Günel")

    view = str(HealthMonitor([Check("database", probe)], now).health().view)
    assert "RuntimeError" in view
    assert "s3cret" not in view


def test_clocks_that_differ() -> None:
    there = datetime(2026, 1, 1, tzinfo=UTC)
    assert agrees(lambda: there, lambda: there)() is None
    assert agrees(now, lambda: there)() == "clock.differs"


def test_a_clock_that_cannot_be_asked_is_no_fault_of_the_clock(tmp_path: Path) -> None:
    with PostgresServer() as gone:
        engine = make_engine(gone.create_database("clocks"))
        store = FilesystemStore(tmp_path, SystemClock())
        checks = checks_of(Dependencies(engine, store, SystemClock()), Settings(data_dir=tmp_path))
        monitor = HealthMonitor([c for c in checks if c.name in ("clock", "database")], now, fresh=0.0)
        assert {name: status for name, (status, _) in statuses(monitor).items()} == {"clock": "ok", "database": "ok"}
        gone.stop()
        assert {name: status for name, (status, _) in statuses(monitor).items()} == {
            "clock": "ok",
            "database": "failed",
        }
    engine.dispose()


def test_a_costly_probe_is_not_repeated_while_it_is_well() -> None:
    answers, asked, moment = [None, "bad", "bad", None], [], [0.0]

    def probe() -> str | None:
        asked.append(moment[0])
        return answers[len(asked) - 1]

    thrifty = kept(probe, 60.0, lambda: moment[0])
    assert [thrifty(), thrifty()] == [None, None]
    moment[0] = 60.0
    assert [thrifty(), thrifty(), thrifty()] == ["bad", "bad", None]
