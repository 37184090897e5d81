"""Spans, as a real OTLP/HTTP receiver gets them."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import Job, JobKind
from doc_service.observability.metered import observed_handler
from doc_service.observability.metrics import Metrics
from doc_service.observability.statements import count_statements
from doc_service.observability.tracing import NoTracing, Tracing, open_tracing
from doc_service.observability.watch import Watch
from doc_service.observability.web import ObserveRequests
from doc_service.persistence.engine import make_engine


class Receiver(ThreadingHTTPServer):
    """The smallest collector: it keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[ExportTraceServiceRequest] = []
        self.paths: list[str] = []

    @property
    def spans(self) -> dict[str, Any]:
        return {s.name: s for r in self.requests for rs in r.resource_spans for ss in rs.scope_spans for s in ss.spans}

    def attributes(self, name: str) -> dict[str, Any]:
        return {
            a.key: getattr(a.value, a.value.WhichOneof("value") or "string_value") for a in self.spans[name].attributes
        }


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        request = ExportTraceServiceRequest()
        request.ParseFromString(body)
        self.server.requests.append(request)
        self.server.paths.append(self.path)
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def watch_with(tracing: Tracing) -> Watch:
    return Watch(Metrics(CollectorRegistry(), version="1", service="test"), tracing)


def traced(receiver: Receiver) -> Tracing:
    return open_tracing(f"http://127.0.0.1:{receiver.server_port}", service="doc-service-test", version="1")


def test_a_job_is_a_span_with_its_statements(receiver: Receiver, tmp_path: Path) -> None:
    tracing = traced(receiver)
    engine = make_engine(f"sqlite:///{tmp_path / 's.db'}")
    count_statements(engine)
    watch = watch_with(tracing)

    def handler(job: Job) -> None:
        with engine.connect() as connection, watch.storage("archive", "read"):
            for _ in range(3):
                connection.execute(text("SELECT 1"))

    job = Job("job-1", JobKind.EXTEND, "extend:doc-1", datetime.now(UTC), {"document_id": "doc-1"})
    observed_handler(handler, watch)(job)
    tracing.close()
    assert receiver.paths == ["/v1/traces"]
    told = receiver.attributes("extend")
    assert (told["doc_service.job.id"], told["doc_service.document.id"]) == ("job-1", "doc-1")
    assert told["db.statements"] >= 3
    assert receiver.spans["storage.read"].parent_span_id == receiver.spans["extend"].span_id


def test_a_failure_is_its_code_and_nothing_of_its_text(receiver: Receiver) -> None:
    tracing = traced(receiver)
    watch = watch_with(tracing)
    for stage, error in (("a", DomainError("render.timeout", "", who="Əliyeva")), ("b", ValueError("Əliyeva Günel"))):
        with pytest.raises(type(error)), watch.stage(stage):
            raise error
    tracing.close()
    assert [receiver.attributes(s)["error.type"] for s in "ab"] == ["render.timeout", "ValueError"]
    assert receiver.spans["a"].status.code == 2
    assert not any("Əliyeva".encode() in r.SerializeToString() for r in receiver.requests)


def test_a_request_goes_on_with_the_caller_s_trace(receiver: Receiver) -> None:
    tracing = traced(receiver)
    app = FastAPI()
    app.add_middleware(ObserveRequests, watch=watch_with(tracing), new_id=lambda: "made-0000001")

    @app.get("/documents/{document_id}")
    def document(document_id: str) -> None:
        """Nothing."""

    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    with TestClient(app) as client:
        client.get("/documents/5ZK2XQ1?token=s3cret", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    tracing.close()
    span = receiver.spans["GET"]
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (trace, "00f067aa0ba902b7")
    told = receiver.attributes("GET")
    assert (told["http.route"], told["http.response.status_code"]) == ("/documents/{document_id}", 200)
    assert not any(b"5ZK2XQ1" in r.SerializeToString() or b"s3cret" in r.SerializeToString() for r in receiver.requests)


def test_a_receiver_that_is_away_costs_no_work() -> None:
    tracing = open_tracing("http://127.0.0.1:9", service="x", version="1")
    with watch_with(tracing).stage("a"):
        pass
    tracing.close()


def test_off_loads_nothing_and_opens_one_object() -> None:
    off = open_tracing("", service="x", version="1")
    assert isinstance(off, NoTracing)
    assert off.span("a") is off.span("b")
    program = (
        "import sys; from doc_service.observability.tracing import open_tracing; from doc_service.observability.web "
        "import ObserveRequests; open_tracing('', service='x', version='1').span('a'); "
        "print([m for m in sys.modules if m.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
