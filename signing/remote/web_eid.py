"""Web eID: smart cards in the browser, by the extension and application of that name (web-eid.eu).

Authentication: the card signs hash(origin) ‖ hash(nonce), which binds the token to this site and to one challenge of
five minutes at most. Signing: the page gets the certificate, the service prepares, the card signs the hash.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from asn1crypto import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import load_der_public_key

from signing.api import CertificateChecker, CertificateInfo, SigningError
from signing.cms_container import load_certificate, signature_algorithm
from signing.remote.api import Answer, Ask, Binding, Identified, Means, Signed, Start, Terms, ToSign
from signing.remote.page_signing import Clock, asked, resume_page, start_session
from signing.remote.web_eid_algorithms import jwa_digest, jwa_verifies, supported
from signing.trust import as_certificate

NONCE_BYTES = 32
"""256 bits, 44 characters in Base64: what the specification demands and the application refuses to go below."""
NONCE_LIFE = timedelta(minutes=5)
_FORMAT = re.compile(r"web-eid:1(\.[0-9]{1,3})?")
_ORIGIN = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?")
_TOKEN_LIMIT = 20_000
OFFERED = "supported_algorithms"
HOLD = timedelta(seconds=150)
"""The library gives the person two minutes, and a little is needed on the way."""


@dataclass(frozen=True, slots=True)
class Nonce:
    """A challenge and when it was given out."""

    value: str
    issued_at: datetime


class NonceStore(Protocol):
    """Challenges by the browser session they were given to: a token from another browser finds none."""

    def put(self, session: str, nonce: Nonce) -> None:
        """Keeps ``nonce``, replacing an earlier one of the session."""
        ...

    def take(self, session: str) -> Nonce | None:
        """Gives the nonce to one caller only and forgets it, in one step."""
        ...


@dataclass(frozen=True, slots=True)
class CertificatePolicies:
    """Object identifiers: one of ``required`` must be in the certificate (none required when empty), none of
    ``forbidden`` may be."""

    required: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()

    def check(self, certificate: x509.Certificate) -> None:
        """Raises ``signing.web_eid_policy``."""
        found = {policy["policy_identifier"].dotted for policy in certificate.certificate_policies_value or ()}
        if found & self.forbidden or (self.required and not found & self.required):
            raise SigningError("signing.web_eid_policy")


@dataclass(frozen=True, slots=True)
class AuthenticationToken:
    """What ``webeid.authenticate`` gave the page; nothing in it is believed before ``WebEidAuthentication`` says so."""

    certificate: bytes
    algorithm: str
    signature: bytes

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> AuthenticationToken:
        """From the page's JSON. Raises ``signing.web_eid_token`` (field), ``signing.web_eid_format``."""
        form = _text(value, "format", "signing.web_eid_token")
        if not _FORMAT.fullmatch(form):
            raise SigningError("signing.web_eid_format", format=form[:40])
        return cls(
            _binary(value, "unverifiedCertificate", "signing.web_eid_token"),
            _text(value, "algorithm", "signing.web_eid_token"),
            _binary(value, "signature", "signing.web_eid_token"),
        )


@dataclass(frozen=True, slots=True)
class Authenticated:
    """Who holds the card. ``revocation`` is "good", or "unknown" where that was allowed."""

    fin: str
    certificate: bytes
    info: CertificateInfo
    revocation: str


class WebEidAuthentication:
    """Challenges, and the judgement of the tokens that answer them.

    ``origin``: of the site as the browser sees it, e.g. "https://docs.example.az", without a path. ``chain``: DER of
    issuing authorities that are not in the trust store, because a token carries none.
    """

    def __init__(
        self,
        checker: CertificateChecker,
        nonces: NonceStore,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
        *,
        origin: str,
        policies: CertificatePolicies = CertificatePolicies(),
        chain: Sequence[bytes] = (),
        allow_unknown_revocation: bool = False,
    ) -> None:
        """Raises ``ValueError`` for an origin that no browser would sign."""
        if not _ORIGIN.fullmatch(origin):
            raise ValueError("the origin must be https://host[:port], in lower case and without a path")
        self._checker = checker
        self._nonces = nonces
        self._clock = clock
        self._random = random_bytes
        self._origin = origin.encode()
        self._policies = policies
        self._chain = tuple(chain)
        self._allow_unknown = allow_unknown_revocation

    def challenge(self, session: str) -> str:
        """A new nonce for the browser session ``session`` (the value of a cookie that only it holds)."""
        value = base64.b64encode(self._random(NONCE_BYTES)).decode()
        self._nonces.put(session, Nonce(value, self._clock.now()))
        return value

    def verify(self, session: str, token: AuthenticationToken, *, expected_fin: str | None = None) -> Authenticated:
        """The holder of the card, or a refusal; the nonce is used up either way.

        Raises ``signing.web_eid_nonce`` (none was given, or it was used), ``signing.web_eid_nonce_expired``,
        ``signing.web_eid_algorithm``, ``signing.web_eid_signature`` (another origin, nonce or key),
        ``signing.web_eid_purpose``, ``signing.web_eid_policy``, retryable ``signing.web_eid_revocation_unknown``,
        ``signing.no_fin`` and what ``CertificateChecker.check`` raises."""
        now = self._clock.now()
        nonce = self._nonces.take(session)
        if nonce is None:
            raise SigningError("signing.web_eid_nonce")
        if not timedelta(0) <= now - nonce.issued_at <= NONCE_LIFE:
            raise SigningError("signing.web_eid_nonce_expired")
        certificate = as_certificate(token.certificate)
        _check_purpose(certificate)
        self._policies.check(certificate)
        self._check_signature(certificate, token, nonce)
        return self._identify(token.certificate, now, expected_fin)

    def _check_signature(self, certificate: x509.Certificate, token: AuthenticationToken, nonce: Nonce) -> None:
        digest = jwa_digest(token.algorithm)
        signed = _hash(digest, self._origin) + _hash(digest, nonce.value.encode())
        if not jwa_verifies(_public_key(certificate), token.signature, signed, token.algorithm):
            raise SigningError("signing.web_eid_signature")

    def _identify(self, certificate: bytes, now: datetime, expected_fin: str | None) -> Authenticated:
        status = self._checker.check(certificate, self._chain, at=now, expected_fin=expected_fin)
        if status.info.fin is None:
            raise SigningError("signing.no_fin")
        if status.revocation != "good" and not self._allow_unknown:
            raise SigningError("signing.web_eid_revocation_unknown", retryable=True)
        return Authenticated(status.info.fin, certificate, status.info, status.revocation)


class WebEidSigner:
    """``HashSigner``: the card signs one hash with one PIN, so the document is held from prepare to signature.

    ``Start.certificate`` is what ``webeid.getSigningCertificate`` gave, ``Start.parameters["supported_algorithms"]``
    its supportedSignatureAlgorithms, e.g. "ECC/SHA-256/NONE ECC/SHA-384/NONE". The page passes ``ToSign.digest`` to
    ``webeid.sign`` and brings back r‖s.
    """

    means = Means.WEB_EID

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def begin(self, start: Start) -> Identified:
        """Refuses a card that could not sign as the engine will ask, before anybody types a PIN.

        Raises ``signing.web_eid_card_algorithm``, ``signing.bad_certificate``, ``signing.unsupported_key``."""
        session = start_session(start.certificate)
        algorithm = signature_algorithm(load_certificate(session.certificate))
        supported(algorithm, start.parameters.get(OFFERED, ""))
        return Identified(session.dump(), session.certificate, start.chain, Terms(Binding.HASHES, 1, HOLD))

    def authorise(self, session: bytes, count: int, tasks: Sequence[ToSign]) -> Ask:
        return asked(session, tasks, self._clock.now() + HOLD, authorises=True)

    def sign(self, session: bytes, tasks: Sequence[ToSign], *, again: bool) -> Ask:
        """A signature that was made and not received binds nobody: the card is asked again."""
        return asked(session, tasks, self._clock.now() + HOLD, authorises=True)

    def resume(self, session: bytes, answer: Answer | None) -> Ask | Signed:
        return resume_page(session, answer, self._clock.now(), authorises=True)

    def cancel(self, session: bytes) -> None:
        """The card holds no authorisation."""


def _check_purpose(certificate: x509.Certificate) -> None:
    """Key usage must name digitalSignature; an extended key usage, where there is one, must name clientAuth: a
    certificate for signing papers alone does not log anybody in."""
    usage = certificate.key_usage_value
    if usage is None or "digital_signature" not in usage.native:
        raise SigningError("signing.web_eid_purpose")
    extended = certificate.extended_key_usage_value
    if extended is not None and "client_auth" not in extended.native:
        raise SigningError("signing.web_eid_purpose")


def _public_key(certificate: x509.Certificate) -> object:
    try:
        return load_der_public_key(certificate.public_key.dump())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SigningError("signing.bad_certificate") from error


def _hash(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize()


def _text(value: Mapping[str, Any], field: str, code: str) -> str:
    text = value.get(field)
    if not isinstance(text, str) or not 0 < len(text) <= _TOKEN_LIMIT:
        raise SigningError(code, field=field)
    return text


def _binary(value: Mapping[str, Any], field: str, code: str) -> bytes:
    try:
        return base64.b64decode(_text(value, field, code), validate=True)
    except (binascii.Error, ValueError):
        raise SigningError(code, field=field) from None
