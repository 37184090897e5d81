"""The running development PKI for any test folder: ``pytest_plugins = ["tests.pki_fixtures"]``.

``dev_pki`` lives for the session; its certificates cover today. ``dev_pki.person(...)`` gives keys, ``dev_pki.faults``
takes services down.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from signing.api import CertificateChecker, SigningError, SigningKey
from signing.devpki import DevelopmentPki, Holder, IssuedKey, KeyType, Profile
from signing.devpki.server import PkiServer
from signing.keys.pkcs12 import Pkcs12Key
from signing.trust import TrustStore

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PIN = "1234"
HOLDER = Holder("5ABC1D2", "Quliyeva", "Nərmin", "İlqar qızı", "KOBİA")


@contextmanager
def refused(code: str) -> Iterator[list[SigningError]]:
    """Demands a ``SigningError`` with exactly this code; the error is in the list afterwards."""
    errors: list[SigningError] = []
    with pytest.raises(SigningError) as caught:
        yield errors
    errors.append(caught.value)
    assert caught.value.code == code, caught.value


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Faults:
    """WSGI middleware that takes "ocsp", "crl", "tsa" or "certs" down, slows them, and counts what was asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._down: set[str] = set()
        self._delay: dict[str, float] = {}
        self.requests: Counter[str] = Counter()

    def wrap(self, application: WSGIApplication) -> WSGIApplication:
        def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            service = str(environ["PATH_INFO"]).split("/")[1]
            with self._lock:
                self.requests[service] += 1
                down = service in self._down
                delay = self._delay.get(service, 0.0)
            time.sleep(delay)
            if down:
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return []
            return application(environ, start_response)

        return call

    def pause(self, *services: str) -> None:
        """Answers 503 until ``resume``."""
        with self._lock:
            self._down.update(services)

    def slow(self, service: str, seconds: float) -> None:
        with self._lock:
            self._delay[service] = seconds

    def resume(self) -> None:
        """Every service is well again."""
        with self._lock:
            self._down.clear()
            self._delay.clear()


@dataclass
class RunningPki:
    """``pki`` served by ``server``; ``faults`` stands between them."""

    pki: DevelopmentPki
    server: PkiServer
    faults: Faults

    @property
    def trust(self) -> TrustStore:
        return self.pki.trust()

    def issue(self, holder: Holder = HOLDER, profile: Profile = Profile()) -> IssuedKey:  # noqa: B008
        return self.pki.issue(holder, PIN, profile)

    def person(self, holder: Holder = HOLDER, profile: Profile = Profile()) -> Pkcs12Key:  # noqa: B008
        return Pkcs12Key.load(self.issue(holder, profile).pkcs12, PIN)

    def variant(self, name: str, holder: Holder = HOLDER) -> Pkcs12Key:
        """ "expired", "not-yet-valid", "revoked", "no-fin", "rsa" or "p384" certificate of ``holder``."""
        now = self.pki.clock.now().replace(microsecond=0)
        day = timedelta(days=1)
        profile = {
            "expired": Profile("expired", not_before=now - 2 * day, not_after=now - day),
            "not-yet-valid": Profile("not-yet-valid", not_before=now + day, not_after=now + 9 * day),
            "revoked": Profile("revoked"),
            "no-fin": Profile("no-fin", include_fin=False),
            "rsa": Profile("rsa", key_type=KeyType.RSA2048),
            "p384": Profile("p384", key_type=KeyType.P384),
        }[name]
        key = self.person(holder, profile)
        if name == "revoked":
            self.pki.revoke(holder.fin, now - timedelta(hours=1), label="revoked")
        return key


def check(checker: CertificateChecker, key: SigningKey, *, fin: str | None = HOLDER.fin, **at: int) -> str:
    """The revocation status that ``checker`` finds now, moved by ``at`` (arguments of ``timedelta``)."""
    moment = datetime.now(UTC) + timedelta(**at)
    return checker.check(key.certificate, key.chain, at=moment, expected_fin=fin).revocation


def running_pki(directory: Path) -> Iterator[RunningPki]:
    """Makes (or loads) a PKI in ``directory`` and serves it until the generator ends."""
    faults = Faults()
    pki = DevelopmentPki(directory, SystemClock())
    with PkiServer(pki, wrap=faults.wrap) as server:
        yield RunningPki(pki, server, faults)


@pytest.fixture(scope="session")
def session_pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPki]:
    yield from running_pki(tmp_path_factory.mktemp("devpki"))


@pytest.fixture
def dev_pki(session_pki: RunningPki) -> Iterator[RunningPki]:
    """The session's PKI with every service well, before and after the test."""
    session_pki.faults.resume()
    session_pki.faults.requests.clear()
    yield session_pki
    session_pki.faults.resume()


@pytest.fixture(scope="session")
def foreign_pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPki]:
    """Another PKI, with another root, that nobody trusts."""
    yield from running_pki(tmp_path_factory.mktemp("foreign-pki"))
