"""The service's own worker and beat, as programs, by settings alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from doc_service.domain.jobs import JobKind
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.tables import jobs
from tests.persistence.engines import ENGINES
from tests.worker.fleet import ROOT, until
from tools.servers.process import Process
from tools.servers.rabbitmq import RabbitMq

PROGRAM = [sys.executable, "-c", "from doc_service.cli import main; main()"]


@contextmanager
def running(name: str, directory: Path, environment: dict[str, str]) -> Iterator[Process]:
    """A command that shows that it lives; ended by SIGTERM to the one process, in order."""
    alive = directory / f"{name}.alive"
    process = Process(
        name, [*PROGRAM, name, "--alive-file", str(alive)], alive.exists,
        log=directory / f"{name}.log", environment=environment,
    )  # fmt: skip
    with process.start():
        yield process
        os.kill(process.pid, signal.SIGTERM)
        until(lambda: not process.running)
        assert process._process is not None
        assert process._process.returncode == 0, process.log_tail()


@pytest.fixture
def own_rabbitmq(tmp_path: Path) -> Iterator[str]:
    """The programs' queues have the names of production: they need a broker of their own."""
    with RabbitMq(tmp_path / "rabbitmq") as server:
        yield server.url


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_a_checkpoint_that_beat_asks_for_is_made_by_a_worker(engine: str, tmp_path: Path, own_rabbitmq: str) -> None:
    url = ENGINES[engine](tmp_path)
    environment = {
        "PYTHONPATH": str(ROOT),
        "DOC_SERVICE_DATA_DIR": str(tmp_path / "data"),
        "DOC_SERVICE_DATABASE_URL": url,
        "DOC_SERVICE_JOBS": "celery",
        "DOC_SERVICE_BROKER_URL": own_rabbitmq,
        "DOC_SERVICE_WORKER_PROCESSES": "1",
    }
    database = make_engine(url)
    migrate(database)

    def checkpoints() -> list[str]:
        with database.connect() as connection:
            return list(connection.scalars(select(jobs.c.state).where(jobs.c.kind == JobKind.CHECKPOINT)))

    with running("beat", tmp_path, environment):
        until(lambda: checkpoints() == ["ready"])
        with running("worker", tmp_path, environment):
            until(lambda: checkpoints() == ["done"])
    database.dispose()


@pytest.mark.parametrize("command", ["worker", "beat"])
def test_without_a_broker_they_say_what_is_missing(command: str, tmp_path: Path) -> None:
    done = _run(command, environment={"DOC_SERVICE_DATA_DIR": str(tmp_path)})
    assert done.returncode == 2
    assert "worker.no_broker" in done.stderr
    assert "DOC_SERVICE_BROKER_URL" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["--queues", "convert,post"], ["--autoscale", "2"], ["--autoscale", "1,2"], ["--autoscale", "x,1"]]
)
def test_arguments_that_mean_nothing_are_refused(arguments: list[str]) -> None:
    assert _run("worker", *arguments).returncode == 2


def _run(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
    )  # fmt: skip
