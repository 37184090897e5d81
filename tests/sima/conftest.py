"""SİMA's parts over the running development PKI, and the stand-in phone with a service of two routes before it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

import httpx
import pytest

from signing.api import SigningError
from signing.appearance_font import AppearanceFont
from signing.certificates import X509Checker
from signing.fields import PdfFieldPlacer
from signing.http import HttpxTransport
from signing.remote.api import Ask, Called, FileToSign, SignedFile, Start
from signing.remote.sima.accept_pdf import ReturnedPdf
from signing.remote.sima.calls import PhoneCalls
from signing.remote.sima.container import Seal, SimaClient
from signing.remote.sima.login import SimaLogin
from signing.remote.sima.requests import PhoneRequests
from signing.remote.sima.signer import SimaSigner
from signing.trust import TrustStore
from signing.validate import PadesValidator
from tests.pki_fixtures import HOLDER, RunningPki
from tests.signing.conftest import BASE, Pdf, boxes
from tools.standins.sima_phone import Fault, SimaPhone

MASTER_KEY = b"sinaq-acari-1234567890"
CLIENT = SimaClient(1082, "KOBIA (sinaq)", "http://127.0.0.1/icon.png", "http://service.test")


def payload(name: str, data: bytes) -> dict[str, str]:
    return {"filename": name, "data": b64encode(data).decode()}


class MovingClock:
    """The present, moved by ``shift``."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.shift


@dataclass
class Station:
    """What stands where the service will be: it keeps the session of one operation and answers the phone's calls."""

    pki: RunningPki
    calls: PhoneCalls
    requests: PhoneRequests
    signer: SimaSigner
    login: SimaLogin
    checker: ReturnedPdf
    clock: MovingClock
    base: bytes
    session: bytes = b""
    link: str = ""
    results: list[Any] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    touch: Callable[[httpx.Request], httpx.Request] = lambda request: request

    def ask(self, fin: str = HOLDER.fin, base: bytes | None = None) -> Ask:
        self.base = base or self.base
        ask = self.signer.offer(
            Start("operation", fin, 1),
            [FileToSign("istek", "protokol.pdf", sha256(self.base).hexdigest(), len(self.base))],
        )
        self.session, self.link = ask.session, ask.prompt.url
        return ask

    def ask_login(self) -> None:
        offer = self.login.offer()
        self.session, self.link = offer.session, offer.links.content_url

    def phone(self, *faults: Fault, key: Any = None, **more: Any) -> SimaPhone:
        http = httpx.Client(transport=httpx.MockTransport(self._answer))
        return SimaPhone(key or self.pki.person(), MASTER_KEY, http, "imza0", frozenset(faults), **more)

    def code(self, *faults: Fault, **more: Any) -> str:
        """The code with which the phone's run was refused, "" when it was accepted."""
        self.refused.clear()
        answer = self.phone(*faults, **more).run(self.link)
        assert answer.is_success == (not self.refused)
        return self.refused[0] if self.refused else ""

    def _answer(self, request: httpx.Request) -> httpx.Response:
        request = self.touch(request)
        call = Called(request.method, request.url.raw_path.decode(), dict(request.headers), request.content)
        try:
            return httpx.Response(200, json=self._judged(call))
        except SigningError as refusal:
            self.refused.append(refusal.code)
            return httpx.Response(400, json={"errormessage": refusal.code})

    def _judged(self, call: Called) -> dict[str, Any]:
        signing = b'"type":"Sign"' in self.session
        if call.method == "GET":
            if not signing:
                return payload("challenge", self.login.data(self.session, call))
            assert self.signer.fetch(self.session, call) == "istek"
            return payload("protokol.pdf", self.base)
        if not signing:
            self.results.append(self.login.judge(self.session, call))
            return {"status": "success"}
        step = self.signer.resume(self.session, call)
        assert isinstance(step, SignedFile)
        field_name, now = "imza0", self.clock()
        self.results.append(
            (self.checker.check(self.base, step.pdf, field=field_name, expected_fin=HOLDER.fin, at=now), step.pdf)
        )
        return {"status": "success"}


@pytest.fixture(scope="session")
def placed_pdf() -> bytes:
    return Pdf(PdfFieldPlacer(AppearanceFont.load()).place(BASE.read_bytes(), boxes(5)))


@pytest.fixture
def station(dev_pki: RunningPki, placed_pdf: bytes) -> Iterator[Station]:
    transport = HttpxTransport(timeout=5)
    yield make_station(dev_pki, dev_pki.trust, placed_pdf, transport)
    transport.close()


def make_station(pki: RunningPki, trust: TrustStore, base: bytes, transport: HttpxTransport) -> Station:
    clock, numbers = MovingClock(), count(1)
    requests = PhoneRequests(X509Checker(trust, transport))
    calls = PhoneCalls(CLIENT, Seal(MASTER_KEY), requests)

    def new_id() -> str:
        return f"0f3c2a10-0000-4000-8000-{next(numbers):012d}"

    return Station(
        pki=pki,
        calls=calls,
        requests=requests,
        signer=SimaSigner(calls, clock, new_id, timedelta(minutes=3)),
        login=SimaLogin(
            calls, clock, new_id, lambda: b64encode(bytes(24)).decode(), "service.test", timedelta(minutes=3)
        ),
        checker=ReturnedPdf(PadesValidator(trust, clock), requests),
        clock=clock,
        base=base,
    )
