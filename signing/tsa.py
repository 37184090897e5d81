"""RFC 3161 time-stamp client: asks, checks the answer against the question, and retries a little."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from asn1crypto import cms, core, tsp, x509
from pyhanko.sign.general import CMSStructuralError, ValueErrorWithMessage, extract_certificate_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from signing.api import SigningError, TimeStampAuthority
from signing.cms_container import time_stamp_info
from signing.http import HttpError, HttpTransport

_GRANTED = ("granted", "granted_with_mods")
_DIGESTS = ("sha256", "sha384", "sha512")
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError)
_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class BadTimeStampError(ValueError):
    """A token that does not answer what was asked."""


class _Response(core.Sequence):  # type: ignore[misc]
    """TimeStampResp (RFC 3161, 2.4.2); asn1crypto's own demands a token in refusals too."""

    _fields: ClassVar[list[tuple[Any, ...]]] = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class TimeStamper(TimeStampAuthority):
    """``TimeStampAuthority`` over HTTP (RFC 3161, 3.4) for signature, document and audit time stamps alike.

    Every token is checked before it is handed out: status, imprint, nonce, its own signature, and the critical
    time-stamping purpose of its certificate (RFC 3161, 2.3). ``attempts`` with ``pause`` seconds between them bound the
    retries."""

    def __init__(
        self,
        transport: HttpTransport,
        url: str,
        *,
        attempts: int = 2,
        pause: float = 0.2,
        headers: Sequence[tuple[str, str]] = (),
        nonce: Callable[[], int] = lambda: secrets.randbits(63) | (1 << 62),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._transport = transport
        self._url = url
        self._attempts = attempts
        self._pause = pause
        self._headers = {**dict(headers), **_HEADERS}
        self._nonce = nonce
        self._sleep = sleep

    def stamp(self, digest: bytes) -> bytes:
        """DER time-stamp token over the SHA-256 ``digest``.

        Raises ``signing.tsa_unavailable`` (retryable) when no answer came, ``signing.tsa_refused`` when the authority
        said no, ``signing.tsa_bad_token`` when its answer is not about ``digest`` or not properly signed."""
        nonce = self._nonce()
        request = tsp.TimeStampReq(
            {
                "version": 1,
                "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
                "nonce": nonce,
                "cert_req": True,
            }
        )
        body = self._ask(request.dump())
        try:
            token = _granted_token(body)
            check_token(token, lambda algorithm: digest if algorithm == "sha256" else b"", nonce)
        except BadTimeStampError as error:
            raise SigningError("signing.tsa_bad_token", reason=str(error)) from error
        return token

    def _ask(self, request: bytes) -> bytes:
        for attempt in range(self._attempts):
            if attempt:
                self._sleep(self._pause)
            try:
                answer = self._transport.post(self._url, request, self._headers)
            except HttpError:
                continue
            if answer.content_type == "application/timestamp-reply":
                return answer.body
        raise SigningError("signing.tsa_unavailable", retryable=True)


def _granted_token(body: bytes) -> bytes:
    try:
        response = _Response.load(body, strict=True)
        status = response["status"]["status"].native
        if status not in _GRANTED:
            text = "; ".join(response["status"]["status_string"].native or ())
            raise SigningError("signing.tsa_refused", status=str(status), reason=text)
        token: bytes = response["time_stamp_token"].dump()
    except (ValueError, TypeError, KeyError) as error:
        raise BadTimeStampError("not a time-stamp response") from error
    return token


def check_token(token: bytes, digest: Callable[[str], bytes], nonce: int | None = None) -> x509.Certificate:
    """The certificate that signed ``token``; raises ``BadTimeStampError`` unless the token is over ``digest``
    (called with the name of the token's algorithm, such as "sha256"), carries ``nonce``, and is properly signed by an
    included time-stamping certificate."""
    try:
        _check_info(time_stamp_info(token), digest, nonce)
        return _check_signature(cms.ContentInfo.load(token)["content"])
    except BadTimeStampError:
        raise
    except (SignatureValidationError, CMSStructuralError, ValueErrorWithMessage, *_MALFORMED) as error:
        raise BadTimeStampError("malformed token") from error


def _check_info(info: tsp.TSTInfo, digest: Callable[[str], bytes], nonce: int | None) -> None:
    imprint = info["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    if algorithm not in _DIGESTS or imprint["hashed_message"].native != digest(algorithm):
        raise BadTimeStampError("imprint")
    if nonce is not None and info["nonce"].native != nonce:
        raise BadTimeStampError("nonce")


def _check_signature(signed: cms.SignedData) -> x509.Certificate:
    certificate: x509.Certificate = extract_certificate_info(signed).signer_cert
    purpose = certificate.extended_key_usage_value
    if purpose is None or purpose.native != ["time_stamping"] or not _is_critical(certificate, "extended_key_usage"):
        raise BadTimeStampError("purpose of the certificate")
    signer = signed["signer_infos"][0]
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(signed["encap_content_info"]["content"]))
    if signer["signed_attrs"] is core.VOID:
        raise BadTimeStampError("signed attributes")
    intact, valid = validate_sig_integrity(signer, certificate, "tst_info", digest.digest())
    if not (intact and valid):
        raise BadTimeStampError("signature")
    return certificate


def _is_critical(certificate: x509.Certificate, extension: str) -> bool:
    return extension in certificate.critical_extensions
