"""Log-in by enhanced e-signature (002 §3.6, §4.1.1): the holder of a certificate signs a challenge."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.outside_login import CHALLENGE_LIFE, LoginChallenge
from doc_service.domain.principals import Means
from doc_service.ports_access import Secrets
from doc_service.ports_login import RawSignatures
from doc_service.services.access.attempts import ANONYMOUS
from doc_service.services.access.start_session import Started, StartSession
from doc_service.services.base import Workspace
from signing.api import CertificateChecker, SigningError


@dataclass(frozen=True, slots=True)
class Challenged:
    """``browser``: what only the browser (or agent) that asked has; it comes back with the signature."""

    challenge: LoginChallenge
    browser: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BeginSignatureLogin:
    """``origin``: where the service is reached; it stands in what is signed, so that a challenge of another service
    that somebody passes on is of no use there."""

    work: Workspace
    secrets: Secrets
    origin: str

    def __call__(self) -> Challenged:
        browser, now = self.secrets.token(), self.work.clock.now()
        challenge = LoginChallenge(
            self.work.ids.new(), self.secrets.token(), self.origin, _digest(browser), now + CHALLENGE_LIFE
        )
        with self.work.uow() as uow:
            uow.logins.purge(now)
            uow.logins.add_challenge(challenge)
            uow.commit()
        return Challenged(challenge, browser)


@dataclass(frozen=True, slots=True)
class EnterByCertificate:
    """A session for the account that the FİN of a proven certificate opens. ``way`` says how it was proven ("agent",
    "web_eid", "sima"); the caller has checked signature, chain and revocation."""

    work: Workspace
    start: StartSession

    def __call__(self, fin: str, certificate: bytes, way: str, device: str = "", document_id: str = "") -> Started:
        """``document_id``: enter as the external party of that document. Raises ``DomainError`` "login.no_account"."""
        sha256 = hashlib.sha256(certificate).hexdigest()
        with self.work.uow() as uow:
            account = next((a for a in uow.accounts.of_fin(fin) if a.document_id == document_id), None)
            if account is None:
                details = {"step": way, "certificate_sha256": sha256}
                self.work.record(uow, ANONYMOUS, Action.LOGIN_FAILED, ("login", "unknown"), details)
                uow.commit()
                raise DomainError("login.no_account")
            started = self.start.within(uow, account, Means.SIGNATURE, device)
            details = {"way": way, "certificate_sha256": sha256, "session": started.session.id}
            self.work.record(uow, account.id, Action.LOGIN_CERTIFICATE, ("account", account.id), details)
            uow.commit()
        return started


@dataclass(frozen=True, slots=True)
class Proof:
    """``signature``: over the challenge's text, ECDSA in DER or RSA PKCS#1 v1.5; ``algorithm``: e.g. "sha256_ecdsa"."""

    certificate: bytes
    chain: Sequence[bytes]
    signature: bytes
    algorithm: str


@dataclass(frozen=True, slots=True)
class FinishSignatureLogin:
    """Judges the signature, then the certificate: chain, validity and revocation, which must be known good, since
    nobody waits for this to be completed later. The challenge is used up first."""

    work: Workspace
    checker: CertificateChecker
    signatures: RawSignatures
    enter: EnterByCertificate

    def __call__(
        self, challenge_id: str, browser: str, proof: Proof, device: str = "", document_id: str = ""
    ) -> Started:
        """Raises ``DomainError`` "login.challenge_invalid" (unknown, used, expired, another browser's),
        "login.no_account"; ``SigningError`` for signature and certificate, retryable "login.revocation_unknown"."""
        challenge = self._take(challenge_id, browser)
        try:
            fin = self._proven(challenge, proof)
        except SigningError as refusal:
            with self.work.uow() as uow:
                details = {"step": "signature", "code": refusal.code}
                self.work.record(uow, ANONYMOUS, Action.LOGIN_FAILED, ("login", "unknown"), details)
                uow.commit()
            raise
        return self.enter(fin, proof.certificate, "agent", device, document_id)

    def _proven(self, challenge: LoginChallenge, proof: Proof) -> str:
        self.signatures.verify(proof.certificate, challenge.text, proof.signature, proof.algorithm)
        status = self.checker.check(proof.certificate, proof.chain, at=self.work.clock.now(), expected_fin=None)
        if status.info.fin is None:
            raise SigningError("signing.no_fin")
        if status.revocation != "good":
            raise SigningError("login.revocation_unknown", retryable=True)
        return status.info.fin

    def _take(self, challenge_id: str, browser: str) -> LoginChallenge:
        with self.work.uow() as uow:
            challenge = uow.logins.take_challenge(challenge_id)
            uow.commit()
        live = challenge is not None and challenge.live(self.work.clock.now())
        if challenge is None or not live or not hmac.compare_digest(challenge.browser_sha256, _digest(browser)):
            raise DomainError("login.challenge_invalid", "challenge")
        return challenge


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
