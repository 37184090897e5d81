"""A worker's forked processes are scraped as one, and a killed one takes no figures with it."""

from __future__ import annotations

import json
import re
import socket
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from doc_service.domain.jobs import JobKind
from doc_service.jobs.celery_app import BrokerOptions, make_celery
from tests.persistence.engines import ENGINES
from tests.worker.fleet import LEASE, ROOT, CeleryFleet, until
from tools.servers.process import Process, free_port


@pytest.fixture
def fleet(rabbitmq: str, tmp_path: Path, broker_options: Callable[[str], BrokerOptions]) -> Iterator[CeleryFleet]:
    made = CeleryFleet(ENGINES["postgresql"](tmp_path), broker_options(rabbitmq), tmp_path)
    yield made
    made.close()


def counted(port: int) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return {name: float(value) for name, value in re.findall(r"^(\w+\{?.*?\}?) (\S+)$", text, re.MULTILINE)}


def test_processes_are_counted_together_also_killed_ones(fleet: CeleryFleet, tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    port, name = free_port(), f"counting@{socket.gethostname()}"
    given = {
        "broker": fleet.options.url, "namespace": fleet.options.namespace, "database": fleet.database, "name": name,
        "lease": LEASE.total_seconds(), "metrics": str(tmp_path / "metrics"), "port": port,
    }  # fmt: skip
    worker = Process(
        "counting", [sys.executable, "-m", "tests.observability.counting_worker", json.dumps(given)],
        lambda: bool(make_celery(fleet.options).control.inspect([name], timeout=1.0).ping()),
        log=tmp_path / "worker.log", environment={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    with worker:
        fleet.start_relay()
        fleet.enqueue(*(f"job-{n}" for n in range(20)))
        fleet.until_idle()
        assert len({pid for n in range(20) for pid in fleet.pids(f"job-{n}")}) == 2
        done = 'doc_service_jobs_total{kind="render",outcome="ok"}'
        until(lambda: counted(port).get(done) == 20.0, 20)
        assert counted(port)['doc_service_stage_seconds_count{outcome="ok",stage="render"}'] == 20.0
        fleet.enqueue("killed", kind=JobKind.EXTEND, die="1")
        fleet.until_idle()
        fleet.enqueue(*(f"later-{n}" for n in range(10)))
        fleet.until_idle()
        until(lambda: counted(port).get(done) == 30.0, 20)
        assert counted(port)['doc_service_jobs_total{kind="extend",outcome="ok"}'] == 1.0
        files = sorted(path.name for path in (tmp_path / "metrics").rglob("*.db"))
        assert files
        assert {name.split("_")[-1] for name in files} <= {"main.db", "slot0.db", "slot1.db"}, files
        info = [key for key in counted(port) if key.startswith("doc_service_build_info")]
        assert len(info) == 1
    assert not list((tmp_path / "metrics").rglob("*.db"))
    log = (tmp_path / "worker.log").read_text()
    stray = [line for line in log.splitlines() if line and not line.startswith(("{", "worker: "))]
    assert stray == [], "only what Celery says from its signal handler is no record"
    assert any("exited with" in json.loads(line)["message"] for line in log.splitlines() if line.startswith("{"))
