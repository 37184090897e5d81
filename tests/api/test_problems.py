"""Every refusal and failure is a problem (RFC 9457), in the caller's language, without the service's inside."""

from __future__ import annotations

import logging

import pytest

from doc_service.api.language import preferred
from tests.api.probe import Inside


def test_a_fault_names_its_field_in_the_callers_language(inside: Inside) -> None:
    answer = inside.ask("GET", "/v1/probe/errors/several", headers={"accept-language": "en-GB, az;q=0.5"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (answer.headers["content-language"], answer.headers["vary"]) == ("en", "Accept-Language")
    told = answer.json()
    assert told["type"] == "urn:doc-service:agenda.empty"
    assert told["detail"] == told["messages"]["en"] == "The agenda needs at least one item."
    assert [(e["field"], e["code"]) for e in told["errors"]] == [
        ("agenda", "agenda.empty"), ("members[0].fin", "person.bad_fin"),
    ]  # fmt: skip
    assert "FİN" in told["errors"][1]["message"]


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("one", 422, "agenda.empty"),
        ("missing", 404, "body.not_found"),
        ("conflict", 409, "state.stale"),
        ("unlisted", 409, "verify.unlisted"),
        ("signer", 422, "signing.wrong_person"),
        ("tsa", 503, "signing.tsa_unavailable"),
        ("archive", 503, "storage.unavailable"),
        ("database", 503, "persistence.unavailable"),
        ("busy", 409, "lease.busy"),
    ],
)
def test_status_of_each_kind_of_error(inside: Inside, name: str, status: int, code: str) -> None:
    answer = inside.ask("GET", f"/v1/probe/errors/{name}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"] == answer.json()["messages"]["az"]
    assert ("retry-after" in answer.headers) == (status == 503 or name == "busy")


@pytest.mark.parametrize(
    ("name", "inner"),
    [("tsa", "10.0.0.7"), ("archive", "/var/lib"), ("database", "u1"), ("unknown", "SELECT")],
)
def test_what_failed_inside_is_logged_and_not_told(
    inside: Inside, caplog: pytest.LogCaptureFixture, name: str, inner: str
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = inside.ask("GET", f"/v1/probe/errors/{name}")
    assert answer.status_code in (500, 503)
    assert inner not in answer.text
    assert inner in caplog.text


def test_an_unforeseen_error_is_a_problem(inside: Inside) -> None:
    answer = inside.ask("GET", "/v1/probe/errors/unknown")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal.error")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_forms_of_a_request_are_told_by_field(inside: Inside) -> None:
    answer = inside.ask("POST", "/v1/probe/things", json={"nam": "x", "count": 9}, headers={"idempotency-key": "k"})
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "request.invalid")
    assert {(e["field"], e["code"]) for e in told["errors"]} == {
        ("name", "data.missing"), ("count", "data.out_of_range"), ("nam", "data.unknown_field"),
    }  # fmt: skip
    query = inside.ask("GET", "/v1/probe/things?limit=201").json()
    assert [(e["field"], e["code"]) for e in query["errors"]] == [("query.limit", "data.out_of_range")]


def test_a_body_that_is_no_json(inside: Inside) -> None:
    answer = inside.ask(
        "POST", "/v1/probe/things", content=b"{", headers={"idempotency-key": "k", "content-type": "application/json"}
    )
    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("", "data.not_json")]


def test_what_http_itself_refuses(inside: Inside) -> None:
    for path, method, status, code in (
        ("/nothing", "GET", 404, "http.not_found"),
        ("/verify", "GET", 405, "http.method_not_allowed"),
    ):
        answer = inside.http.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "az"), ("en", "en"), ("en;q=0.4, az;q=0.6", "az"), ("ru, en-US;q=0.1", "en"), ("*", "az"),
        ("en;q=x", "az"), ("az;q=0, en;q=0.2", "en"), (";;,,=", "az"), ("EN", "en"),
    ],
)  # fmt: skip
def test_language(header: str, language: str) -> None:
    assert preferred(header) == language
