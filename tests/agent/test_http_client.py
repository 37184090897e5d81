"""The agent's HTTP against a server that misbehaves, and what it takes for an address of a service."""

from __future__ import annotations

import http.server
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from doc_service.agent import http_client
from doc_service.agent.http_client import TRIES, HttpClient, RefusedError, UnreachableError
from doc_service.agent.origins import origin_of
from doc_service.agent.service_client import ServiceClient
from doc_service.domain.errors import DomainError

Answer = tuple[int, dict[str, str], bytes] | None


@dataclass
class Script:
    """What the server answers, in order; None: hangs up. ``asked``: the requests."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)
    url: str = ""
    slept: list[float] = field(default_factory=list)

    def client(self) -> HttpClient:
        client = HttpClient(self.url, sleep=self.slept.append)
        client.bearer("secret")
        return client


@pytest.fixture
def script() -> Iterator[Script]:
    made = Script()

    class Handler(http.server.BaseHTTPRequestHandler):
        def _any(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            made.asked.append((self.command, self.path, self.headers["idempotency-key"], self.headers["authorization"]))
            answer = made.answers.pop(0)
            if answer is None:
                self.close_connection = True
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = _any  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield made
        server.shutdown()


def said(status: int, value: Any = None, **headers: str) -> Answer:
    return status, {name.replace("_", "-"): text for name, text in headers.items()}, json.dumps(value or {}).encode()


def test_repeated_posts_carry_one_key(script: Script) -> None:
    script.answers = [None, said(503), said(429, retry_after="3"), said(200, {"ok": 1})]
    assert script.client().post("/v1/x", {}) == {"ok": 1}
    assert len({key for _, _, key, _ in script.asked}) == 1
    assert script.slept == [0.5, 1.0, 3.0]
    script.answers = [said(200, {})]
    script.client().post("/v1/x", {})
    assert len({key for _, _, key, _ in script.asked}) == 2


def test_nobody_waits_for_ever(script: Script) -> None:
    script.answers = [None] * TRIES
    with pytest.raises(UnreachableError):
        script.client().get("/v1/x")
    script.answers = [said(503, retry_after="86400")] * TRIES
    with pytest.raises(RefusedError):
        script.client().get("/v1/x")
    assert max(script.slept) == 30.0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422, 500])
def test_refusals_are_final_and_keep_their_code(script: Script, status: int) -> None:
    script.answers = [said(status, {"code": "lease.lost", "detail": "səbəb", "title": "Conflict"})]
    with pytest.raises(RefusedError) as caught:
        script.client().post("/v1/x", {})
    assert (caught.value.status, caught.value.reason) == (status, "lease.lost")
    assert caught.value.faults[0].params["text"] == "səbəb"
    assert len(script.asked) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"x"', b"\xff"])
def test_answers_that_are_no_objects(script: Script, body: bytes) -> None:
    script.answers = [(502, {}, body)] * TRIES
    with pytest.raises(RefusedError) as refused:
        script.client().get("/v1/x")
    assert refused.value.reason == "http.502"
    script.answers = [(200, {}, body)]
    with pytest.raises(DomainError) as caught:
        script.client().get("/v1/x")
    assert caught.value.code == "agent.bad_answer"


def test_the_session_follows_no_redirect(script: Script) -> None:
    script.answers = [said(302, location="http://127.0.0.1:1/steal")]
    with pytest.raises(RefusedError) as caught:
        script.client().get("/v1/x")
    assert caught.value.reason == "http.302"
    assert len(script.asked) == 1


def test_answers_have_a_limit(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "ANSWER_LIMIT", 1000)
    script.answers = [(200, {}, b"x" * 1001)]
    with pytest.raises(DomainError) as caught:
        script.client().read("/v1/x")
    assert caught.value.code == "agent.too_large"


@pytest.mark.parametrize(
    "content", ["http://evil.example.com/x.pdf", "//evil.example.com/x", "/v1/../x", "/other", "", None, "/v1//x"]
)
def test_the_service_sends_the_session_nowhere_else(script: Script, content: str | None) -> None:
    script.answers = [said(200, {"content": content, "sha256": "0" * 64})]
    with pytest.raises(DomainError) as caught:
        ServiceClient(script.client()).shown("r1")
    assert caught.value.code == "agent.bad_answer"
    assert len(script.asked) == 1


def test_bytes_that_are_not_those_named(script: Script) -> None:
    view = said(200, {"content": "/v1/signature-requests/r1/content", "sha256": "0" * 64})
    script.answers = [view, (200, {}, b"%PDF")] * 5
    with pytest.raises(DomainError) as caught:
        ServiceClient(script.client()).shown("r1")
    assert caught.value.faults[0].params == {"part": "sha256"}


def test_service_in_the_name_of_another(tmp_path: Path) -> None:
    """TLS with a certificate that nobody vouches for, and then with its authority named."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with quiet_server() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"https://localhost:{server.server_address[1]}"
        slept: list[float] = []
        with pytest.raises(DomainError) as caught:
            HttpClient(url, sleep=slept.append).get("/v1/x")
        assert (caught.value.code, slept) == ("agent.untrusted_service", [])
        assert HttpClient(url, ca=tmp_path / "cert.pem").get("/v1/x") == {"ok": 1}
        server.shutdown()


def quiet_server() -> http.server.ThreadingHTTPServer:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "9")
            self.end_headers()
            self.wfile.write(b'{"ok": 1}')

        def log_message(self, *_: object) -> None:
            return

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that distrusts hangs up."""

    return Server(("127.0.0.1", 0), Handler)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Docs.Example.AZ", "https://docs.example.az"),
        ("https://docs.example.az/", "https://docs.example.az"),
        ("https://docs.example.az:443/sign", "https://docs.example.az"),
        ("https://docs.example.az:8443", "https://docs.example.az:8443"),
        ("https://sənədlər.example.az", "https://xn--sndlr-elcbc.example.az"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_origins_as_browsers_write_them(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://docs.example.az", "agent.insecure_service"),
        ("http://127.0.0.1.evil.com", "agent.insecure_service"),
        ("http://localhost.evil.com", "agent.insecure_service"),
        ("https://user@docs.example.az", "agent.bad_service"),
        ("https://:@docs.example.az", "agent.bad_service"),
        ("https://docs.example.az?x=1", "agent.bad_service"),
        ("https://docs.example.az:99999", "agent.bad_service"),
        ("docs.example.az", "agent.bad_service"),
        ("file:///etc/passwd", "agent.bad_service"),
        ("https://", "agent.bad_service"),
        ("", "agent.bad_service"),
        ("https://[::1", "agent.bad_service"),
    ],
)
def test_addresses_of_no_service(url: str, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        origin_of(url)
    assert caught.value.code == code


@given(st.text(max_size=60))
def test_any_text_is_an_origin_or_refused(text: str) -> None:
    try:
        origin = origin_of("https://" + text)
    except DomainError:
        return
    assert origin_of(origin) == origin
    assert origin.startswith("https://")
    assert not set(origin[8:]) & set("/?#@ \\")
