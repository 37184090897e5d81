"""Requests: ids, figures by template, and nothing about the caller."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry, generate_latest

from doc_service.observability.context import bound
from doc_service.observability.logs import configure_logging
from doc_service.observability.metrics import Metrics
from doc_service.observability.watch import Watch
from doc_service.observability.web import ObserveRequests


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    handler = configure_logging("json", "INFO", stream=stream)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
    for old in before:
        if old not in root.handlers:
            root.addHandler(old)


@pytest.fixture
def watch() -> Watch:
    return Watch(Metrics(CollectorRegistry(), version="1", service="api"))


@pytest.fixture
def client(watch: Watch) -> Iterator[TestClient]:
    app = FastAPI()
    app.add_middleware(ObserveRequests, watch=watch, new_id=lambda: "made-0000001")

    @app.get("/documents/{document_id}")
    def document(document_id: str) -> dict[str, str]:
        logging.getLogger("use_case").warning("looked at")
        return dict(bound())

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("Əliyeva Günel")

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_a_request_id_is_taken_over_and_named(client: TestClient) -> None:
    answer = client.get("/documents/1", headers={"X-Request-ID": "proxy-12345678"})
    assert answer.headers["x-request-id"] == "proxy-12345678"
    assert answer.json() == {"request": "proxy-12345678"}


@pytest.mark.parametrize("bad", ["short", "x" * 65, "with space in it", 'quote"injection', "-begins-wrong"])
def test_any_other_is_replaced(client: TestClient, bad: str) -> None:
    assert client.get("/documents/1", headers={"X-Request-ID": bad}).headers["x-request-id"] == "made-0000001"


def test_the_trace_of_the_caller_is_bound(client: TestClient) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    good = client.get("/documents/1", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    assert good.json()["trace"] == trace
    bad = client.get("/documents/1", headers={"traceparent": f"00-{'0' * 32}-00f067aa0ba902b7-01"})
    assert "trace" not in bad.json()


def test_figures_are_by_template(client: TestClient, watch: Watch) -> None:
    for path in ("/documents/1", "/documents/2", "/documents/5ZK2XQ1", "/nowhere/5ZK2XQ1", "/broken"):
        client.get(path)
    client.request("BREW", "/documents/1")
    text = generate_latest(watch.metrics.registry).decode()
    counted = dict(re.findall(r"doc_service_http_requests_total\{(.*?)\} (\S+)", text))
    assert counted == {
        'method="GET",route="/documents/{document_id}",status="200"': "3.0",
        'method="GET",route="unmatched",status="404"': "1.0",
        'method="GET",route="/broken",status="500"': "1.0",
        'method="OTHER",route="/documents/{document_id}",status="405"': "1.0",
    }
    assert "5ZK2XQ1" not in text


def test_the_log_has_the_id_and_not_the_caller(client: TestClient, log: io.StringIO) -> None:
    """002 §7.1.1: log of access and operation."""
    client.get(
        "/documents/5ZK2XQ1?token=s3cret", headers={"X-Request-ID": "abcdefgh1", "X-Forwarded-For": "203.0.113.77"}
    )
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    ours = [line for line in lines if line.get("request") == "abcdefgh1"]
    assert [line["logger"] for line in ours] == ["use_case", "doc_service.requests"]
    assert ours[1]["route"] == "/documents/{document_id}"
    assert ours[1]["status"] == 200
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", ours[1]["time"])
    for secret in ("5ZK2XQ1", "s3cret", "203.0.113"):
        assert secret not in log.getvalue()


def test_foreign_loggers_speak_through_the_same_handler(log: io.StringIO) -> None:
    stray = logging.StreamHandler(io.StringIO())
    logging.getLogger("uvicorn").addHandler(stray)
    configure_logging("json", "INFO", stream=log)
    assert logging.getLogger("uvicorn").handlers == []
    logging.getLogger("uvicorn.error").info("started by gunel@example.az")
    logging.getLogger("uvicorn.access").info('203.0.113.7 - "GET /x?fin=5ZK2XQ1"')
    assert [json.loads(line)["message"] for line in log.getvalue().splitlines()] == ["started by [email]"]


def test_no_such_level() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        configure_logging("json", "LOUD")
