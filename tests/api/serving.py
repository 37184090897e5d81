"""The service as a process of its own, over a data directory that was prepared before."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.api.conftest import PROGRAM, free_port

UNLIMITED = {
    "DOC_SERVICE_RATE_PER_ADDRESS": "0",
    "DOC_SERVICE_RATE_PER_ACCOUNT": "0",
    "DOC_SERVICE_RATE_LOGINS": "0",
    "DOC_SERVICE_RATE_VERIFICATIONS": "0",
}


@contextmanager
def serving(data: Path, log: Path) -> Iterator[str]:
    """The address of ``doc-service up`` over ``data``; what it says goes to ``log``."""
    port = free_port()
    settings = {**os.environ, **UNLIMITED, "DOC_SERVICE_PORT": str(port), "DOC_SERVICE_JOB_LEASE": "PT2S"}
    with log.open("w") as told:
        process = subprocess.Popen(
            [PROGRAM, "up", "--data", data], stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.PIPE, text=True,
            start_new_session=True, env=settings,
        )  # fmt: skip
        try:
            assert process.stderr is not None
            said = process.stderr.readline().strip()
            assert said == f"http://127.0.0.1:{port}", said + process.stderr.read()
            yield said
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
