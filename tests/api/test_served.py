"""The running process: downloads in parts, event streams, and an end that waits for no stream."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from doc_service.bootstrap import open_container
from doc_service.domain.principals import AccountRole, Means
from doc_service.services.access.open_account import NewAccount
from doc_service.settings import Settings
from tests.api.conftest import PROGRAM, free_port
from tests.api.serving import UNLIMITED

pytestmark = pytest.mark.xdist_group("api")


@dataclass
class Served:
    process: subprocess.Popen[str]
    http: httpx.Client
    signed: bytes
    finished: str
    waiting: str


@pytest.fixture(scope="module")
def served(prepared_data: tuple[Path, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Over a copy of a directory with a finished document and one that is still to be rendered."""
    prepared, signed = prepared_data
    data = tmp_path_factory.mktemp("served-again") / "data"
    shutil.copytree(prepared, data)
    with open_container(Settings(data_dir=data), services=False) as container:
        roles = frozenset({AccountRole.SECRETARIAT})
        account = container.access.open_account(NewAccount("katib", "Katib", roles), "system")
        secret = container.access.start_session(account.id, Means.PASSWORD_TOTP).secret
    port = free_port()
    process = subprocess.Popen(
        [PROGRAM, "up", "--data", data], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, start_new_session=True, env={**os.environ, **UNLIMITED, "DOC_SERVICE_PORT": str(port)},
    )  # fmt: skip
    assert process.stderr is not None
    said = process.stderr.readline().strip()
    assert said == f"http://127.0.0.1:{port}", said + process.stderr.read()
    with httpx.Client(base_url=said, timeout=60, headers={"authorization": f"Bearer {secret}"}) as http:
        yield Served(process, http, signed, "doc-1", "doc-2")
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_document_is_downloaded_in_parts(served: Served) -> None:
    place = f"/v1/documents/{served.finished}/content"
    whole = served.http.get(place)
    assert (whole.status_code, whole.content) == (200, served.signed)
    middle = len(served.signed) // 2
    parts = [
        served.http.get(place, headers={"range": r, "if-range": whole.headers["etag"]})
        for r in (f"bytes=0-{middle}", f"bytes={middle + 1}-")
    ]
    assert [p.status_code for p in parts] == [206, 206]
    assert b"".join(p.content for p in parts) == served.signed
    assert served.http.get(place, headers={"if-none-match": whole.headers["etag"]}).status_code == 304


def test_what_the_background_does_is_heard(served: Served) -> None:
    heard: list[str] = []
    with served.http.stream("GET", f"/v1/documents/{served.waiting}/events", headers={"last-event-id": "0"}) as stream:
        assert stream.headers["content-type"] == "text/event-stream"
        for line in stream.iter_lines():
            if line.startswith("data: ") and "action" in line:
                heard.append(json.loads(line[6:])["action"])
            if "signing.opened" in heard:
                break
    assert heard.index("document.drafted") < heard.index("document.registered") < heard.index("document.rendered")


def test_security_headers_and_description(served: Served) -> None:
    answer = served.http.get("/openapi.json")
    assert answer.json()["openapi"].startswith("3.")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers
    missing = served.http.get("/v1/nothing", headers={"x-request-id": "asked-by-a-test"})
    assert (missing.status_code, missing.json()["request_id"]) == (404, "asked-by-a-test")
    assert missing.headers["x-request-id"] == "asked-by-a-test"


def test_an_open_stream_does_not_hold_up_the_end(served: Served) -> None:
    """Comes last: it stops the service."""
    with served.http.stream("GET", f"/v1/documents/{served.waiting}/events") as stream:
        lines = stream.iter_lines()
        while "event: ready" not in next(lines):
            pass
        began = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        rest = list(lines)
        assert served.process.wait(30) == 0
    assert time.monotonic() - began < 15
    assert "event: ready" not in rest
    assert served.process.stderr is not None
    assert served.process.stderr.read() == ""
