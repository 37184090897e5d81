"""Whether a request really comes from the phone of the person who was asked.

Each request carries ``ts-cert`` (base64 DER), ``ts-sign`` (base64 DER ECDSA) and ``ts-sign-alg``. A GET is signed over
the raw path and query, a POST over the raw body. Integrations seen elsewhere stop at the signature, which anybody can
make with a certificate of their own: here the chain to SİMA's anchors, revocation, validity and the person count too.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from signing.api import CertificateChecker, CertificateStatus, SigningError
from signing.certificates import mask_fin
from signing.cms_container import load_certificate, verify_raw
from signing.remote.sima.container import Seal
from signing.validate_der import is_ecdsa_signature

REQUEST_ALGORITHM = "ECDSA_SHA256"
_RAW_ALGORITHM = "sha256_ecdsa"
_MAX_CERTIFICATE = 12_000
_MAX_SIGNATURE = 300


@dataclass(frozen=True, slots=True)
class PhoneHeaders:
    """``ts-cert``, ``ts-sign`` and ``ts-sign-alg`` as they came; "" when one is missing."""

    certificate: str
    signature: str
    algorithm: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who the phone belongs to. ``revocation``: "good" or "unknown" (no responder answered)."""

    fin: str
    certificate: bytes
    status: CertificateStatus

    @property
    def revocation(self) -> str:
        return self.status.revocation


@dataclass(frozen=True, slots=True)
class Window:
    """When an operation may be carried out: from ``not_before``, before ``expires_at``."""

    not_before: datetime
    expires_at: datetime

    def require(self, now: datetime) -> None:
        """Raises ``sima.not_yet_valid``, ``sima.expired``."""
        if now < self.not_before:
            raise SigningError("sima.not_yet_valid")
        if now >= self.expires_at:
            raise SigningError("sima.expired")


class PhoneRequests:
    """Judges requests by ``checker``, which must trust SİMA's anchors and nobody else's."""

    def __init__(self, checker: CertificateChecker, chain: Sequence[bytes] = ()) -> None:
        self._checker = checker
        self._chain = tuple(chain)

    def caller(self, headers: PhoneHeaders, signed: bytes, assignees: Sequence[str], at: datetime) -> Caller:
        """``signed``: the bytes that ``ts-sign`` must be over.

        Raises ``sima.headers_missing``, ``sima.bad_headers``, ``sima.algorithm``, ``sima.bad_request_signature``,
        ``sima.foreign_fin``, and for the certificate what ``CertificateChecker.check`` raises."""
        certificate, signature = _decoded(headers)
        parsed = load_certificate(certificate)
        if parsed.public_key.algorithm != "ec" or not is_ecdsa_signature(signature):
            raise SigningError("sima.bad_request_signature")
        try:
            verify_raw(parsed, _RAW_ALGORITHM, signed, signature)
        except SigningError:
            raise SigningError("sima.bad_request_signature") from None
        return self.person(certificate, assignees, at)

    def person(self, certificate: bytes, assignees: Sequence[str], at: datetime) -> Caller:
        """The holder of ``certificate``, when it is one of ``assignees`` (empty: anybody) and good at ``at``."""
        fin = self._checker.inspect(certificate).fin
        if fin is None:
            raise SigningError("signing.no_fin")
        if assignees and fin not in assignees:
            raise SigningError("sima.foreign_fin", found=mask_fin(fin))
        return Caller(fin, certificate, self._checker.check(certificate, self._chain, at=at, expected_fin=fin))


def _decoded(headers: PhoneHeaders) -> tuple[bytes, bytes]:
    if not headers.certificate or not headers.signature or not headers.algorithm:
        raise SigningError("sima.headers_missing")
    if headers.algorithm != REQUEST_ALGORITHM:
        raise SigningError("sima.algorithm", algorithm=headers.algorithm[:40])
    if len(headers.certificate) > _MAX_CERTIFICATE or len(headers.signature) > _MAX_SIGNATURE:
        raise SigningError("sima.bad_headers")
    try:
        return b64decode(headers.certificate, validate=True), b64decode(headers.signature, validate=True)
    except (ValueError, binascii.Error):
        raise SigningError("sima.bad_headers") from None


def require_container(query: str, issued: str, seal: Seal) -> None:
    """The container that the phone shows must be the very one that was issued for this operation.

    Raises ``sima.bad_container``, ``sima.bad_seal``, ``sima.other_container`` (ours, but of another operation)."""
    seal.open(query)
    if not hmac.compare_digest(query.encode(), issued.encode()):
        raise SigningError("sima.other_container")
