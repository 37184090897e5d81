"""Who asks: bearer tokens, the session cookie, other sites, and what a role may."""

from __future__ import annotations

import pytest

from doc_service.api.principal import COOKIE
from tests.api.probe import Inside

ONE = "/v1/probe/things/one"


def test_without_credentials_there_is_a_challenge(inside: Inside) -> None:
    answer = inside.http.get(ONE)
    assert (answer.status_code, answer.json()["code"]) == (401, "access.unauthenticated")
    assert answer.headers["www-authenticate"] == 'Bearer realm="doc-service"'


@pytest.mark.parametrize(
    "header", ["Bearer nobody", "Basic c2VjcmV0YXJpYXQ=", "Bearer", "Bearer ", "Bearer " + "x" * 600]
)
def test_credentials_that_do_not_count(inside: Inside, header: str) -> None:
    answer = inside.http.get(ONE, headers={"authorization": header})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_a_session_cookie_reads(inside: Inside) -> None:
    assert inside.http.get(ONE, headers={"cookie": f"{COOKIE}=auditor"}).status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 201),
        ({"sec-fetch-site": "same-origin", "origin": "https://service.test"}, 201),
        ({"origin": "https://service.test"}, 201),
        ({}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.test"}, 403),
        ({"origin": "https://evil.test"}, 403),
        ({"origin": "http://service.test"}, 403),
        ({"origin": "https://service.test.evil.test"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_changes_with_the_cookie_need_the_same_origin(inside: Inside, sent: dict[str, str], status: int) -> None:
    headers = {"cookie": f"{COOKIE}=secretariat", "idempotency-key": "k" + str(sent), **sent}
    headers["idempotency-key"] = str(abs(hash(str(sent))))
    answer = inside.http.post("/v1/probe/things", json={"name": "x"}, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "csrf.refused"
        assert inside.things.made == []


def test_a_bearer_token_is_nothing_that_another_site_can_send(inside: Inside) -> None:
    headers = {"idempotency-key": "from-a-script", "origin": "https://other.test"}
    assert inside.ask("POST", "/v1/probe/things", json={"name": "x"}, headers=headers).status_code == 201


def test_an_authorization_header_counts_before_the_cookie(inside: Inside) -> None:
    answer = inside.http.get(ONE, headers={"cookie": f"{COOKIE}=auditor", "authorization": "Bearer nobody"})
    assert answer.status_code == 401


def test_the_account_is_asked_for_once_a_request(inside: Inside) -> None:
    inside.people.asked = 0
    inside.ask("GET", "/v1/probe/who", "auditor")
    assert inside.people.asked == 1
