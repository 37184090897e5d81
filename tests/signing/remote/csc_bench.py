"""A person with keys at the stand-in CSC service, and the steps of a signature as the driver takes them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from signing.remote.api import Ask, Authorised, Entered, Identified, PromptKind, Returned, Signed, Start, Step, ToSign
from signing.remote.csc.provider import CscProvider, Version
from signing.remote.csc.signer import CscSigner
from signing.remote.http import RemoteHttp
from tests.pki_fixtures import HOLDER, PIN, RunningPki, SystemClock
from tools.standins.csc_process import CLIENT_ID, CLIENT_SECRET, RETURN_URL, CscProcess

USER = "nermin"


def tasks(count: int = 1, algorithm: str = "sha256_ecdsa") -> list[ToSign]:
    digest = algorithm.partition("_")[0]
    contents = [f"signed attributes {number}".encode() for number in range(count)]
    return [
        ToSign(f"r{n}", f"3-21-5/KQ-{n}/2026", data, hashlib.new(digest, data).digest(), digest, algorithm)
        for n, data in enumerate(contents)
    ]


@dataclass
class Bench:
    """``answers``: what the person does on the service's page; by default logs in and agrees."""

    process: CscProcess
    version: Version
    options: dict[str, Any] = field(default_factory=dict)
    clock: Any = field(default_factory=SystemClock)

    def signer(self, **options: Any) -> CscSigner:
        fields: dict[str, Any] = {
            "name": "sinaq",
            "base_url": self.process.base(1 if self.version is Version.V1 else 2),
            "version": self.version,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        }
        provider = CscProvider(**{**fields, **self.options, **options})
        return CscSigner(provider, RemoteHttp(timeout=2.0, total=4.0), self.clock)

    def start(self, count: int = 1, **parameters: str) -> Start:
        return Start("op-1", HOLDER.fin, count, return_url=RETURN_URL, parameters=parameters)

    def identify(self, signer: CscSigner, start: Start | None = None) -> Identified:
        step = signer.begin(start or self.start())
        if isinstance(step, Ask):
            assert not step.authorises
            step = signer.resume(step.session, Returned(self.process.approve(step.prompt.url, USER)))
        assert isinstance(step, Identified), step
        return step

    def authorise(self, signer: CscSigner, found: Identified, wanted: Sequence[ToSign], count: int = 0) -> Authorised:
        step: Step = signer.authorise(found.session, count or len(wanted), wanted)
        for _ in range(10):
            if isinstance(step, Authorised):
                return step
            assert isinstance(step, Ask), step
            step = signer.resume(step.session, self._answer(step))
        raise AssertionError("never authorised")

    def _answer(self, ask: Ask) -> Returned | Entered | None:
        if ask.prompt.kind is PromptKind.REDIRECT:
            return Returned(self.process.approve(ask.prompt.url, USER))
        values = {"PIN": "12345678", "OTP": "947012"}
        return Entered(values) if ask.prompt.kind is PromptKind.ENTER else None

    def signed(self, signer: CscSigner, wanted: Sequence[ToSign]) -> Signed:
        found = self.identify(signer, self.start(len(wanted)))
        ready = self.authorise(signer, found, wanted)
        return self.finish(signer, signer.sign(ready.session, wanted, again=False))

    def finish(self, signer: CscSigner, step: Step) -> Signed:
        for _ in range(10):
            if isinstance(step, Signed):
                return step
            assert isinstance(step, Ask), step
            step = signer.resume(step.session, None)
        raise AssertionError("never signed")


def person(pki: RunningPki, name: str = "K1", **fields: Any) -> dict[str, Any]:
    """A credential of the person, as the stand-in's configuration describes it."""
    issued = pki.issue(HOLDER)
    return {"id": name, "user": USER, "pkcs12": issued.path, "password": PIN, **fields}


Open = Callable[..., Bench]


@contextmanager
def benches(directory: Path) -> Iterator[Open]:
    """``open(version, credentials, **switches)``; the processes end with the block."""
    running: list[CscProcess] = []

    def open_bench(version: Version, credentials: Sequence[dict[str, Any]], **switches: Any) -> Bench:
        place = directory / str(len(running))
        place.mkdir()
        process = CscProcess(place, credentials, **switches)
        running.append(process.__enter__())
        return Bench(process, version)

    try:
        yield open_bench
    finally:
        for process in running:
            process.__exit__()
