"""The service as ``doc-service up`` starts it, on a free port, and a signed document to verify."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from doc_service.bootstrap import Container, open_container
from doc_service.settings import Settings
from tests.api.probe import Inside, People, opened
from tests.services.conftest import running_service

PROGRAM = Path(sys.executable).with_name("doc-service")


@dataclass
class Up:
    """A running service; ``signed`` is a finished original of its archive."""

    process: subprocess.Popen[str]
    http: httpx.Client
    data: Path
    temporary: Path
    signed: bytes

    def stop(self) -> str:
        """Asks it to end, as a service manager does; gives the rest of its stderr."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=30)[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def prepared_data(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A data directory with one archived document, one that waits to be rendered, and the archived file."""
    data = tmp_path_factory.mktemp("served") / "data"
    opened = running_service(data)
    service = next(opened)
    document = service.signing()
    service.sign_all(document)
    service.container.runner.run_until_idle(timedelta(seconds=60))
    head = service.document(document).head
    signed = service.container.store.read(head.key)
    service.registered()
    next(opened, None)
    return data, signed


@pytest.fixture(scope="module")
def up(prepared_data: tuple[Path, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    data, signed = prepared_data
    temporary, port = tmp_path_factory.mktemp("tmp"), free_port()
    process = subprocess.Popen(
        [PROGRAM, "up", "--data", data],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env=os.environ | {"DOC_SERVICE_PORT": str(port), "TMPDIR": str(temporary), "DOC_SERVICE_JOB_LEASE": "PT2S"},
    )  # fmt: skip
    assert process.stderr is not None
    told = process.stderr.readline().strip()
    assert told == f"http://127.0.0.1:{port}", told + process.stderr.read()
    with httpx.Client(base_url=told, timeout=60) as http:
        yield Up(process, http, data, temporary, signed)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="session")
def container(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """The real service in this process, over SQLite."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("inside") / "data", rate_per_address=0)
    with open_container(settings) as service:
        yield service


@pytest.fixture
def people() -> People:
    return People()


@pytest.fixture
def inside(container: Container, people: People) -> Iterator[Inside]:
    """The application in this process with routes to try the foundation on."""
    yield from opened(container, people)
