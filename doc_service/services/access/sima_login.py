"""Log-in with SİMA: the browser shows a QR code, the person's phone signs a challenge, the browser is let in.

Whoever scans the code logs in the browser that shows it, so the browser must hold what it was given at the start
(``browser``), the phone shows the service's name, and an attempt lives for minutes and is used once.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.ports_access import Secrets
from doc_service.ports_operations import SealedBox
from doc_service.ports_sima import SimaAttempt
from doc_service.services.access.attempts import ANONYMOUS
from doc_service.services.access.signature_login import EnterByCertificate
from doc_service.services.access.start_session import Started
from doc_service.services.base import Workspace
from signing.api import SigningError
from signing.remote.api import Called
from signing.remote.sima.api import Links, LoginOffer, SimaIdentity, SimaLogins

CHALLENGE_NAME = "challenge.txt"


@dataclass(frozen=True, slots=True)
class SimaBegun:
    """``links`` are shown to the person; ``browser`` comes back with every question whether the phone has answered."""

    links: Links
    offer: LoginOffer
    browser: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SimaAuthentication:
    """Who is at the phone: begun by a browser, answered by a phone, claimed once by the browser."""

    work: Workspace
    logins: SimaLogins
    box: SealedBox
    secrets: Secrets

    def begin(self, redirect_url: str = "") -> SimaBegun:
        """``redirect_url``: where the app leads afterwards. Raises ``SigningError`` "sima.redirect_not_allowed"."""
        offer = self.logins.offer(redirect_url=redirect_url)
        browser, key = self.secrets.token(), _digest(offer.operation_id)
        attempt = SimaAttempt(key, _digest(browser), self.box.seal(offer.session, _context(key)), offer.until)
        with self.work.uow() as uow:
            uow.sima.purge(self.work.clock.now())
            uow.sima.add(attempt)
            uow.commit()
        return SimaBegun(offer.links, offer, browser)

    def knows(self, operation_id: str) -> bool:
        """Whether a phone that names this operation means a log-in."""
        with self.work.uow.reading() as uow:
            return uow.sima.of_operation(_digest(operation_id)) is not None

    def data(self, operation_id: str, call: Called) -> tuple[str, bytes]:
        """The name and the bytes of the challenge. Raises ``NotFoundError`` "sima.unknown_operation",
        ``DomainError`` "sima.finished", ``SigningError`` as ``SimaLogins.data``."""
        attempt = self._attempt(operation_id)
        if attempt.proven:
            raise DomainError("sima.finished")
        return CHALLENGE_NAME, self.logins.data(self._open(attempt), call)

    def answer(self, operation_id: str, call: Called) -> None:
        """The phone's callback. A call that is repeated after it was accepted changes nothing, whoever makes it.
        Refusals are recorded. Raises as ``data``."""
        attempt = self._attempt(operation_id)
        if attempt.proven:
            return
        try:
            identity = self.logins.judge(self._open(attempt), call)
        except SigningError as refusal:
            if not refusal.retryable:
                self._record(refusal)
            raise
        content = {"fin": identity.fin, "certificate": b64encode(identity.certificate).decode()}
        sealed = self.box.seal(json.dumps(content).encode(), _context(attempt.operation_sha256))
        with self.work.uow() as uow:
            uow.sima.prove(attempt.operation_sha256, sealed)
            uow.commit()

    def claim(self, browser: str) -> SimaIdentity | None:
        """Who answered, once; None while nobody has. Raises ``DomainError`` "login.challenge_invalid" for an attempt
        that is unknown, used, expired or another browser's."""
        key = _digest(browser)
        with self.work.uow() as uow:
            known = uow.sima.of_browser(key)
            taken = uow.sima.take(key)
            uow.commit()
        if known is None or not known.live(self.work.clock.now()):
            raise DomainError("login.challenge_invalid", "challenge")
        if taken is None:
            return None
        content = json.loads(self._open(taken))
        return SimaIdentity(content["fin"], b64decode(content["certificate"]), "good")

    def _attempt(self, operation_id: str) -> SimaAttempt:
        with self.work.uow.reading() as uow:
            attempt = uow.sima.of_operation(_digest(operation_id))
        if attempt is None:
            raise NotFoundError("sima.unknown_operation")
        return attempt

    def _open(self, attempt: SimaAttempt) -> bytes:
        return self.box.open(attempt.sealed, _context(attempt.operation_sha256))

    def _record(self, refusal: SigningError) -> None:
        with self.work.uow() as uow:
            details = {"step": "sima", "code": refusal.code}
            self.work.record(uow, ANONYMOUS, Action.LOGIN_FAILED, ("login", "unknown"), details)
            uow.commit()


@dataclass(frozen=True, slots=True)
class FinishSimaLogin:
    """The browser's question; a session when the phone has answered."""

    authentication: SimaAuthentication
    enter: EnterByCertificate

    def __call__(self, browser: str, device: str = "", document_id: str = "") -> Started | None:
        """None while the phone has not answered. Raises as ``SimaAuthentication.claim`` and ``EnterByCertificate``."""
        identity = self.authentication.claim(browser)
        if identity is None:
            return None
        return self.enter(identity.fin, identity.certificate, "sima", device, document_id)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _context(operation_sha256: str) -> str:
    return f"sima-login:{operation_sha256}"
