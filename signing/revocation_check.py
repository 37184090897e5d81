"""Is a certificate revoked now: OCSP first (RFC 6960), CRL where OCSP gave no answer (RFC 5280 §6.3).

Answers are judged by pyhanko-certvalidator (signature, the responder's authority, freshness); this module only fetches
them. It is called for paths whose every signature has been verified up to an anchor, so that addresses come from
authorities that are trusted and an invented certificate cannot make the service call anybody. Judging the answers
validates the path.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl, ocsp, x509
from cryptography import x509 as cx509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as cocsp
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import (
    PathBuildingError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.validate import async_validate_path

from signing.http import HttpError, HttpTransport
from signing.kept_lists import KeptLists

_MOST_URLS = 3
_NONCE_BYTES = 16
_OCSP_HEADERS = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
_CRL_HEADERS = {"Accept": "application/pkix-crl"}
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Revoked:
    """``at`` UTC; ``reason`` as in RFC 5280 §5.3.1, with underscores."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The verdict as in ``RevocationCheck.judge``, and every answer that it rests on."""

    verdict: Revoked | bool
    responses: tuple[ocsp.OCSPResponse, ...]
    lists: tuple[crl.CertificateList, ...]


class RevocationCheck:
    """Asks the services that the certificates of a path name.

    About a person it asks each time; the lists about authorities are kept for some minutes (``KeptLists``).
    """

    def __init__(
        self, transport: HttpTransport, *, nonce: Callable[[], bytes] = lambda: secrets.token_bytes(_NONCE_BYTES)
    ) -> None:
        self._transport = transport
        self._nonce = nonce
        self._kept = KeptLists()

    async def judge(self, path: ValidationPath, others: Sequence[x509.Certificate], at: datetime) -> Revoked | bool:
        """``Revoked``, True when every certificate below the root is known to be good at ``at``, False when that
        could not be found out."""
        return (await self.ask(path, others, at)).verdict

    async def ask(self, path: ValidationPath, others: Sequence[x509.Certificate], at: datetime) -> Asked:
        """As ``judge``, with the answers."""
        responses: list[ocsp.OCSPResponse] = []
        lists: list[crl.CertificateList] = []
        pairs = list(with_issuers(path))
        for certificate, issuer in pairs:
            found = self.ocsp(certificate, issuer)
            responses.extend(found)
            if not found:
                lists.extend(self._kept.of(certificate, at) or self.crls(certificate))
        verdict = await judge_path(path, others, at, responses, lists)
        if verdict is True:
            self._kept.keep(pairs, lists, at)
        if verdict is False and responses:
            lists.extend(found for certificate, _ in pairs for found in self.crls(certificate))
            verdict = await judge_path(path, others, at, responses, lists)
        return Asked(verdict, tuple(responses), tuple(lists))

    def ocsp(self, certificate: x509.Certificate, issuer: x509.Certificate) -> list[ocsp.OCSPResponse]:
        """The first fresh answer of the certificate's responders, not judged yet; empty when there was none."""
        for url in certificate.ocsp_urls[:_MOST_URLS]:
            nonce = self._nonce()
            request = _ocsp_request(certificate, issuer, nonce)
            try:
                answer = self._transport.post(url, request, _OCSP_HEADERS)
                parsed = ocsp.OCSPResponse.load(answer.body, strict=True)
                _ = parsed["response_status"].native, parsed.basic_ocsp_response.native
                if _answers(parsed, nonce):
                    return [parsed]
            except (HttpError, *_MALFORMED):
                continue
        return []

    def crls(self, certificate: x509.Certificate) -> list[crl.CertificateList]:
        """The first list of the certificate's distribution points, not judged yet; empty when there was none."""
        urls = [point.url for point in certificate.crl_distribution_points if point.url]
        for url in urls[:_MOST_URLS]:
            try:
                body = self._transport.get(url, _CRL_HEADERS).body
                parsed = crl.CertificateList.load(body, strict=True)
                _ = parsed.native
                return [parsed]
            except (HttpError, *_MALFORMED):
                continue
        return []


def with_issuers(path: ValidationPath) -> Iterator[tuple[x509.Certificate, x509.Certificate]]:
    """Every certificate below the root, from the root down, with its issuer."""
    certificates = list(path.iter_certs(include_root=True))
    return zip(certificates[1:], certificates[:-1], strict=True)


def _ocsp_request(certificate: x509.Certificate, issuer: x509.Certificate, nonce: bytes) -> bytes:
    """SHA-1 here only names the certificate, and is the one algorithm that every responder knows (RFC 5019 §2.1.1)."""
    subject = cx509.load_der_x509_certificate(certificate.dump())
    authority = cx509.load_der_x509_certificate(issuer.dump())
    builder = cocsp.OCSPRequestBuilder().add_certificate(subject, authority, hashes.SHA1())  # noqa: S303
    request = builder.add_extension(cx509.OCSPNonce(nonce), critical=False).build()
    return request.public_bytes(Encoding.DER)


def _answers(response: ocsp.OCSPResponse, nonce: bytes) -> bool:
    """Successful, and not an old answer replayed: a nonce in it must be ours (RFC 9654)."""
    if response["response_status"].native != "successful":
        return False
    returned = response.nonce_value
    return returned is None or returned.native == nonce


async def judge_path(
    path: ValidationPath,
    others: Sequence[x509.Certificate],
    at: datetime,
    responses: Sequence[ocsp.OCSPResponse],
    lists: Sequence[crl.CertificateList],
) -> Revoked | bool:
    """As ``RevocationCheck.judge``, from answers at hand."""
    try:
        context = ValidationContext(
            trust_roots=[path.trust_anchor],
            other_certs=others,
            moment=at,
            revocation_mode="require",
            retroactive_revinfo=True,
            ocsps=responses,
            crls=lists,
        )
        await async_validate_path(context, path)
    except RevokedError as error:
        return Revoked(error.revocation_dt, str(error.reason.native))
    except (ValidationError, PathBuildingError, InvalidSignature, UnsupportedAlgorithm, *_MALFORMED):
        return False
    return True
