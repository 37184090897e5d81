"""A running agent with a key of the development PKI, and a person in front of it whose answers are written down."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from doc_service.agent.confirm import ShownDocument
from doc_service.agent.keys import KeySource, Pkcs12Source
from doc_service.agent.local_server import LocalAgent, listening
from signing.cms_container import load_certificate, signature_algorithm, signed_attributes
from tests.pki_fixtures import PIN, RunningPki

ORIGIN = "https://senedler.example.az"
SECOND = "https://sinaq.example.az"
FOREIGN = "https://evil.example.com"


@dataclass
class Person:
    """Plays the person at the agent (a ``Confirmer``): only tests answer without one."""

    says: bool = True
    pin_given: str | None = PIN
    delay: float = 0.0
    codes: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, tuple[ShownDocument, ...]]] = field(default_factory=list)
    log_ins: list[str] = field(default_factory=list)
    pins: int = 0
    told: list[str] = field(default_factory=list)

    def show_code(self, origin: str, code: str) -> None:
        self.codes.append((origin, code))

    def agrees(self, origin: str, documents: Sequence[ShownDocument]) -> bool:
        self.asked.append((origin, tuple(documents)))
        time.sleep(self.delay)
        return self.says

    def agrees_log_in(self, origin: str) -> bool:
        self.log_ins.append(origin)
        return self.says

    def pin(self, label: str) -> str | None:
        self.pins += 1
        return self.pin_given

    def tell(self, code: str, /, **params: str | int) -> None:
        self.told.append(code)


@dataclass
class RunningAgent:
    """The agent on a port of its own, and what a page does with it."""

    port: int
    person: Person
    token: str = ""

    def send(self, method: str, path: str, body: Any = None, **headers: str | None) -> httpx.Response:
        """As a page on ``ORIGIN`` would; ``headers`` (with _ for -) replace, None leaves out."""
        fields: dict[str, str | None] = {
            "origin": ORIGIN,
            "authorization": f"Bearer {self.token}" if self.token else None,
            "sec-fetch-mode": "cors",
        }
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        options: dict[str, Any] = {} if body is None else {"json": body}
        if isinstance(body, bytes):
            options = {"content": body}
        kept = {name: value for name, value in fields.items() if value is not None}
        return httpx.request(
            method, f"http://127.0.0.1:{self.port}{path}", headers=kept, timeout=20, trust_env=False, **options
        )

    def pair(self, origin: str = ORIGIN) -> str:
        """Pairs as a person does: reads the code at the agent, types it in the page."""
        assert self.send("POST", "/v1/pair", {}, origin=origin).status_code == 200
        shown_to, code = self.person.codes[-1]
        assert shown_to == origin
        answer = self.send("POST", "/v1/pair", {"code": code}, origin=origin)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    def certificate(self) -> dict[str, Any]:
        answer = self.send("GET", "/v1/certificates")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["certificates"][0]
        return found

    def approve(self, certificate: str, *documents: dict[str, str]) -> httpx.Response:
        return self.send("POST", "/v1/approvals", {"certificate": certificate, "documents": list(documents)})


def document(text: str = "sənəd", request: str = "r1") -> dict[str, str]:
    """A document as a page names it."""
    return {"request": request, "name": "Protokol № 5", "sha256": hashlib.sha256(text.encode()).hexdigest()}


def to_sign(der: bytes, text: bytes = b"prepared") -> tuple[bytes, str]:
    """Signed attributes as the service prepares them, and the algorithm."""
    certificate = load_certificate(der)
    algorithm = signature_algorithm(certificate)
    digest = hashlib.new(algorithm.partition("_")[0], text).digest()
    return signed_attributes(digest, certificate), algorithm


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@contextmanager
def running_agent(
    source: KeySource, person: Person, *, origins: Sequence[str] = (ORIGIN, SECOND), pin_seconds: float = 60.0
) -> Iterator[RunningAgent]:
    """Serves in a thread, as ``doc-service agent serve`` does in its process."""
    agent = LocalAgent(source, person, frozenset(origins), pin_seconds)
    with listening(None) as listener, agent.server(listener) as server:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield RunningAgent(listener.getsockname()[1], person)
        finally:
            server.should_exit = True
            thread.join(10)


@pytest.fixture
def person() -> Person:
    return Person()


@pytest.fixture
def key_file(session_pki: RunningPki) -> Path:
    return session_pki.issue().path


@pytest.fixture
def agent(key_file: Path, person: Person) -> Iterator[RunningAgent]:
    with running_agent(Pkcs12Source(key_file), person) as running:
        yield running


@pytest.fixture
def paired(agent: RunningAgent) -> RunningAgent:
    agent.token = agent.pair()
    return agent
