"""deploy/nginx, run for real."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.deploy.conftest import Proxy
from tools.servers.binaries import find


def test_the_configuration_is_accepted(proxy: Proxy) -> None:
    done = subprocess.run([find("nginx"), "-t", "-q", "-c", proxy.config], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_plain_http_is_sent_to_tls(proxy: Proxy) -> None:
    answer = httpx.get(f"http://127.0.0.1:{proxy.http}/a?b=c", headers={"Host": "sened.example"}, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "https://sened.example/a?b=c")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_speaks_current_tls(proxy: Proxy, version: ssl.TLSVersion) -> None:
    assert _handshake(proxy, version) in ("TLSv1.2", "TLSv1.3")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_refuses_old_tls(proxy: Proxy) -> None:
    with pytest.raises(ssl.SSLError, match="alert protocol version"):
        _handshake(proxy, ssl.TLSVersion.TLSv1_1)


def _handshake(proxy: Proxy, version: ssl.TLSVersion) -> str | None:
    context = ssl.create_default_context(cafile=str(proxy.certificate))
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection(("127.0.0.1", proxy.https), 30) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        return secure.version()


@pytest.mark.parametrize("path", ["/", "/metrics", "/refused"])
def test_every_answer_has_the_security_headers(proxy: Proxy, path: str) -> None:
    with proxy.client() as client:
        headers = client.get(path).headers
    assert headers["strict-transport-security"] == "max-age=63072000"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["server"] == "nginx"


def test_what_the_service_says_of_itself_wins(proxy: Proxy) -> None:
    with proxy.client() as client:
        headers = client.get("/own-headers").headers
    assert headers.get_list("content-security-policy") == ["default-src 'self'"]
    assert headers.get_list("cache-control") == ["private"]
    assert headers["server"] == "nginx"


def test_no_header_comes_twice(proxy: Proxy) -> None:
    with proxy.client() as client:
        headers = client.get("/limited").headers
    assert headers.get_list("retry-after") == ["20"]
    for name in ("x-content-type-options", "x-frame-options", "strict-transport-security"):
        assert len(headers.get_list(name)) == 1, name


def test_the_address_a_client_claims_is_thrown_away(proxy: Proxy) -> None:
    claims = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X-Request-ID": "mine"}
    with proxy.client() as client:
        seen = client.get("/", headers=claims).text
    assert "203.0.113.9" not in seen
    assert "mine" not in seen
    assert "X-Forwarded-For: 127.0.0.1" in seen
    assert "X-Forwarded-Proto: https" in seen


def test_a_file_up_to_the_services_limit_passes_and_a_larger_one_is_refused(proxy: Proxy) -> None:
    limit = 64 * 1024 * 1024
    with proxy.client() as client:
        assert client.post("/verify", content=bytes(limit)).text == str(limit)
        refused = client.post("/verify", content=bytes(limit + 1))
    assert refused.status_code == 413
    assert refused.headers["content-type"] == "application/problem+json"
    assert json.loads(refused.text)["limit"] == limit


def test_events_arrive_one_by_one(proxy: Proxy) -> None:
    """The second is sent only after the first has arrived: a proxy that collected them would never deliver it."""
    with proxy.client() as client, client.stream("GET", "/api/v1/documents/7/events") as stream:
        events = stream.iter_text()
        assert next(events) == "data: first\n\n"
        proxy.service.first_was_seen.set()
        assert next(events) == "data: second\n\n"


def test_too_many_requests_are_refused_and_told_when_to_come_again(proxy: Proxy) -> None:
    """Six wait their turn at one in half a second, so of twenty at once some must be refused, and some not."""

    def ask(number: int) -> httpx.Response:
        with proxy.client() as client:
            return client.post(f"/verify?{number}", content=b"x")

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, range(20)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert len(refused) < len(answers)
    assert {answer.headers["retry-after"] for answer in refused} == {"1"}
    assert refused[0].json()["title"] == "Too Many Requests"


@pytest.mark.parametrize("path", ["/metrics", "/health/ready", "/health/", "/_problem/503"])
def test_the_operators_paths_are_not_shown_outside(proxy: Proxy, path: str) -> None:
    with proxy.client() as client:
        answer = client.get(path)
    assert (answer.status_code, answer.json()) == (404, {"type": "about:blank", "title": "Not Found", "status": 404})


def test_health_paths(proxy: Proxy) -> None:
    assert httpx.get(f"http://127.0.0.1:{proxy.health}/health", trust_env=False).text == "ok\n"
    with proxy.client() as client:
        assert client.get("/health/live").status_code == 200


def test_a_refusal_of_the_service_passes_as_it_is(proxy: Proxy) -> None:
    with proxy.client() as client:
        answer = client.get("/refused")
    assert (answer.status_code, answer.json()) == (503, {"code": "of.the.service"})


def test_a_service_that_is_away_gives_a_problem(proxy: Proxy) -> None:
    proxy.service.shutdown()
    proxy.service.server_close()
    with proxy.client() as client:
        answer = client.get("/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["title"] == "Service Unavailable"


def test_the_log_holds_no_query_and_no_agent(proxy: Proxy) -> None:
    with proxy.client() as client:
        client.get("/search?name=Leyla", headers={"User-Agent": "somebody's", "Referer": "https://x/?fin=1"})
        client.get("/")
    lines = (proxy.config.parent / "access.log").read_text().splitlines()
    assert json.loads(lines[0])["path"] == "/search"
    assert "Leyla" not in lines[0]
    assert "somebody" not in lines[0]
