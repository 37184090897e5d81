"""The proxy as it is deployed, run natively before a tiny service of the tests' own."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest

from tools.servers.binaries import find
from tools.servers.process import Process, free_port, listens, scratch

ROOT = Path(__file__).resolve().parents[2]
NGINX = ROOT / "deploy" / "nginx"


class Upstream(BaseHTTPRequestHandler):
    """Says what reached it; ``/…/events`` sends one event and the second only when the test has seen the first."""

    protocol_version = "HTTP/1.1"
    server: Service

    def do_GET(self) -> None:
        if self.path.endswith("/events"):
            self._events()
        elif self.path == "/own-headers":
            own = {"Content-Security-Policy": "default-src 'self'", "Cache-Control": "private", "Server": "secret/1.0"}
            self._answer(200, b"{}", own)
        elif self.path == "/limited":
            told = {"Retry-After": "20", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}
            self._answer(429, b"{}", {**told, "Strict-Transport-Security": "max-age=63072000"})
        elif self.path == "/refused":
            self._answer(503, b'{"code":"of.the.service"}')
        else:
            self._answer(200, "\n".join(f"{k}: {v}" for k, v in self.headers.items()).encode())

    def do_POST(self) -> None:
        size = len(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(200, str(size).encode())

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _events(self) -> None:
        self.send_response_only(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self.wfile.write(b"data: first\n\n")
        self.wfile.flush()
        if self.server.first_was_seen.wait(60):
            self.wfile.write(b"data: second\n\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return


class Service(ThreadingHTTPServer):
    """The upstream."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Upstream)
        self.first_was_seen = Event()


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where the running proxy answers."""

    http: int
    https: int
    health: int
    config: Path
    service: Service
    certificate: Path

    def client(self) -> httpx.Client:
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        return httpx.Client(base_url=f"https://localhost:{self.https}", verify=trusted, timeout=60, trust_env=False)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """nginx with the deployed files; only ports, paths and the API's address are the test's."""
    place = scratch("proxy")
    service = Service()
    Thread(target=service.serve_forever, daemon=True).start()
    ports = {"8080": free_port(), "8443": free_port(), "8081": free_port()}
    _certificate(place)
    _configuration(place, ports, f"127.0.0.1:{service.server_port}")
    given = Proxy(ports["8080"], ports["8443"], ports["8081"], place / "nginx.conf", service, place / "tls.crt")
    command = [find("nginx"), "-p", str(place), "-c", str(given.config), "-g", "daemon off;"]
    with Process("nginx", command, lambda: all(map(listens, ports.values())), log=place / "log"):
        yield given
        service.first_was_seen.set()
        service.shutdown()
        service.server_close()


def _certificate(place: Path) -> None:
    """By the command of docker-compose.yml's development profile."""
    script = ROOT / "deploy" / "compose" / "certificate.sh"
    subprocess.run(["/bin/sh", script, place], check=True, capture_output=True)


def _configuration(place: Path, ports: dict[str, int], service: str) -> None:
    for source in NGINX.glob("*.conf"):
        text = source.read_text(encoding="utf-8")
        text = text.replace("/tmp/", f"{place}/tmp/").replace("worker_processes auto", "worker_processes 1")
        text = text.replace("/etc/nginx/doc-service", str(place)).replace("/etc/nginx/tls", str(place))
        text = text.replace("api:8000", service)
        text = text.replace("/dev/stdout", f"{place}/access.log").replace("/dev/stderr", f"{place}/error.log")
        for named, port in ports.items():
            text = text.replace(f"listen {named}", f"listen 127.0.0.1:{port}")
            text = text.replace(f"127.0.0.1:{named}", f"127.0.0.1:{port}")
        (place / source.name).write_text(text, encoding="utf-8")
    (place / "tmp").mkdir(mode=0o777)
    (place / "tmp").chmod(0o777)
