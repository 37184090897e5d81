"""What other pages, rebound names and other programs try with the agent."""

from __future__ import annotations

import base64
import socket

import pytest

from doc_service.agent import pairing
from doc_service.agent.pairing import ATTEMPTS, CODE_LIFE, CODES, WINDOW, Pairing
from doc_service.domain.errors import ConflictError, DomainError
from tests.agent.conftest import FOREIGN, ORIGIN, SECOND, Person, RunningAgent, b64, document, to_sign

PATHS = [
    ("GET", "/v1/status"),
    ("POST", "/v1/pair"),
    ("GET", "/v1/certificates"),
    ("POST", "/v1/log-in"),
    ("POST", "/v1/approvals"),
    ("POST", "/v1/sign"),
]
NEEDS_TOKEN = PATHS[2:]
CORS = ("access-control-allow-origin", "access-control-allow-private-network", "access-control-allow-headers")


def raw(port: int, request: str) -> str:
    """An answer to bytes that no well-behaved client would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer.decode()


@pytest.mark.parametrize(
    "origin",
    [
        FOREIGN,
        None,
        "null",
        "",
        "https://senedler.example.az.evil.com",
        "https://evil-senedler.example.az",
        "http://senedler.example.az",
        "https://senedler.example.az:8443",
        "https://senedler.example.az/",
        "https://SENEDLER.example.az",
        "*",
    ],
)
def test_foreign_pages_learn_nothing(paired: RunningAgent, origin: str | None) -> None:
    """Even with the token: it never was theirs."""
    for method, path in PATHS:
        answer = paired.send(method, path, {} if method == "POST" else None, origin=origin)
        assert (answer.status_code, answer.json()["code"]) == (403, "agent.foreign_origin")
        assert not any(name in answer.headers for name in CORS)
    assert paired.person.pins == 0


@pytest.mark.parametrize(
    "host", ["evil.example.com:{port}", "localhost:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", "127.1:{port}"]
)
def test_rebound_names_are_refused(paired: RunningAgent, host: str) -> None:
    for method, path in PATHS:
        body = {} if method == "POST" else None
        answer = paired.send(method, path, body, host=host.format(port=paired.port))
        assert (answer.status_code, answer.json()["code"]) == (421, "agent.wrong_host")
        assert not any(name in answer.headers for name in CORS)


def test_two_origins_are_nobodys(paired: RunningAgent) -> None:
    answer = raw(
        paired.port,
        f"GET /v1/status HTTP/1.1\nHost: 127.0.0.1:{paired.port}\nOrigin: {ORIGIN}\nOrigin: {FOREIGN}\n"
        "Connection: close\n\n",
    )
    assert answer.startswith("HTTP/1.1 403")


def test_two_hosts_are_nobodys(paired: RunningAgent) -> None:
    answer = raw(
        paired.port,
        f"GET /v1/status HTTP/1.1\nHost: 127.0.0.1:{paired.port}\nHost: evil.example.com\nOrigin: {ORIGIN}\n"
        "Connection: close\n\n",
    )
    assert answer.startswith(("HTTP/1.1 421", "HTTP/1.1 400"))


def test_navigation_and_images_are_refused(paired: RunningAgent) -> None:
    for mode in ("navigate", "no-cors", "websocket", "same-origin"):
        answer = paired.send("GET", "/v1/status", sec_fetch_mode=mode)
        assert answer.status_code == 403


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic {token}", "{token}"])
def test_without_the_token(paired: RunningAgent, header: str | None) -> None:
    value = None if header is None else header.format(token=paired.token)
    for method, path in NEEDS_TOKEN:
        answer = paired.send(method, path, {} if method == "POST" else None, authorization=value)
        assert (answer.status_code, answer.json()["code"]) == (401, "agent.not_paired")
        assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert paired.person.pins == 0


def test_token_of_another_origin(paired: RunningAgent) -> None:
    """Both services may speak with the agent; each has its own token."""
    for method, path in NEEDS_TOKEN:
        answer = paired.send(method, path, {} if method == "POST" else None, origin=SECOND)
        assert (answer.status_code, answer.json()["code"]) == (401, "agent.not_paired")
    assert paired.send("GET", "/v1/status", origin=SECOND).json()["paired"] is False
    assert paired.send("GET", "/v1/status").json()["paired"] is True


def test_agreement_of_another_origin(paired: RunningAgent) -> None:
    certificate = paired.certificate()
    shown = document()
    approval = paired.approve(certificate["id"], shown).json()["approval"]
    paired.token = paired.pair(SECOND)
    data, algorithm = to_sign(base64.b64decode(certificate["certificate"]))
    body = {
        "approval": approval,
        "certificate": certificate["id"],
        "request": shown["request"],
        "sha256": shown["sha256"],
        "to_be_signed": b64(data),
        "algorithm": algorithm,
    }
    answer = paired.send("POST", "/v1/sign", body, origin=SECOND)
    assert (answer.status_code, answer.json()["code"]) == (403, "agent.not_agreed")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_simple_posts_are_refused(paired: RunningAgent, media_type: str | None) -> None:
    """What a form on a page could send without a preflight."""
    answer = paired.send("POST", "/v1/pair", b"{}", content_type=media_type)
    assert answer.status_code == 415
    assert len(paired.person.codes) == 1


def test_large_bodies_are_refused(paired: RunningAgent) -> None:
    answer = paired.send("POST", "/v1/pair", b" " * 300_000, content_type="application/json")
    assert answer.status_code == 413
    chunked = raw(
        paired.port,
        f"POST /v1/pair HTTP/1.1\nHost: 127.0.0.1:{paired.port}\nOrigin: {ORIGIN}\nContent-Type: application/json\n"
        "Transfer-Encoding: chunked\nConnection: close\n\n2\n{}\n0\n\n",
    )
    assert chunked.startswith("HTTP/1.1 413")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "TRACE"])
def test_other_methods(paired: RunningAgent, method: str) -> None:
    assert paired.send(method, "/v1/status").status_code == 405


def test_answers_are_for_the_page_alone(paired: RunningAgent) -> None:
    answer = paired.send("GET", "/v1/status")
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "Origin" in answer.headers["vary"]
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-credentials" not in answer.headers
    assert "server" not in answer.headers


def preflight(agent: RunningAgent, **headers: str | None) -> tuple[int, dict[str, str]]:
    asked: dict[str, str | None] = {
        "access_control_request_method": "POST",
        "access_control_request_headers": "authorization,content-type",
        "access_control_request_private_network": "true",
    }
    answer = agent.send("OPTIONS", "/v1/sign", **{**asked, **headers})
    return answer.status_code, {name: answer.headers[name] for name in answer.headers if name.startswith("access-")}


def test_preflight_of_the_service(agent: RunningAgent) -> None:
    status, headers = preflight(agent)
    assert status == 204
    assert headers == {
        "access-control-allow-origin": ORIGIN,
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "authorization, content-type",
        "access-control-allow-private-network": "true",
        "access-control-max-age": "60",
    }
    assert (
        "access-control-allow-private-network" not in preflight(agent, access_control_request_private_network=None)[1]
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": FOREIGN},
        {"origin": None},
        {"host": "evil.example.com"},
        {"access_control_request_method": "DELETE"},
        {"access_control_request_headers": "x-evil"},
        {"access_control_request_method": None},
    ],
)
def test_other_preflights_allow_nothing(agent: RunningAgent, headers: dict[str, str | None]) -> None:
    status, allowed = preflight(agent, **headers)
    assert status in (403, 421)
    assert allowed == {}


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_guessing_the_code(agent: RunningAgent) -> None:
    """All that a program on the computer, with the right headers, can try: 25 codes of 10⁸ in ten minutes."""
    tried, codes = 0, []
    while True:
        begun = agent.send("POST", "/v1/pair", {})
        if begun.status_code == 409:
            break
        for _ in range(ATTEMPTS + 2):
            wrong = f"{(int(agent.person.codes[-1][1]) + 1) % 10**8:08d}"
            answer = agent.send("POST", "/v1/pair", {"code": wrong})
            assert answer.status_code == 403
            tried += answer.json()["code"] == "agent.pairing_wrong"
            codes.append(answer.json()["code"])
    assert begun.json()["code"] == "agent.pairing_locked"
    assert tried == ATTEMPTS * CODES
    assert codes[ATTEMPTS] == "agent.pairing_none"
    assert agent.send("POST", "/v1/pair", {"code": agent.person.codes[-1][1]}).status_code == 403


def test_codes_are_short_lived_single_and_bound_to_the_page() -> None:
    time, person = Time(), Person()
    pairing_desk = Pairing(person, time)
    pairing_desk.begin(ORIGIN)
    code = person.codes[-1][1]
    with pytest.raises(DomainError) as other:
        pairing_desk.finish(SECOND, code)
    assert other.value.code == "agent.pairing_none"
    token = pairing_desk.finish(ORIGIN, f" {code[:4]} {code[4:]} ")
    assert pairing_desk.knows(ORIGIN, token)
    with pytest.raises(DomainError):
        pairing_desk.finish(ORIGIN, code)
    pairing_desk.begin(ORIGIN)
    time.now += CODE_LIFE
    with pytest.raises(DomainError):
        pairing_desk.finish(ORIGIN, person.codes[-1][1])
    time.now += pairing.TOKEN_LIFE
    assert not pairing_desk.knows(ORIGIN, token)


def test_lock_of_pairing_ends() -> None:
    time, person = Time(), Person()
    desk = Pairing(person, time)
    for _ in range(CODES):
        desk.begin(ORIGIN)
    with pytest.raises(ConflictError):
        desk.begin(ORIGIN)
    time.now += WINDOW
    desk.begin(ORIGIN)
    assert len({code for _, code in person.codes}) == CODES + 1
    assert all(len(code) == 8 and code.isdecimal() for _, code in person.codes)
