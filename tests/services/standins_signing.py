"""Stand-ins of renderer, engine and certificates for tests of rules: text instead of PDF, a hash instead of a key.

They keep the contracts of ``ports.Renderer``, ``signing.api.SigningEngine`` and ``signing.api.CertificateChecker``, so
that thousands of signatures can be walked through; real files and keys are in test_signing_flow and test_many_signers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from doc_service.ports import RenderedPdf, RenderRequest
from signing.api import (
    Appearance,
    CertificateInfo,
    CertificateStatus,
    Level,
    PreparedSignature,
    SignedRevision,
    SigningError,
)

TEMPLATE_SHA256 = "ab" * 32
LINE = b"\nSIGNED "
_LONG_AGO, _FAR = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


class TextRenderer:
    """The signature table as JSON."""

    def __init__(self) -> None:
        self.requests: list[RenderRequest] = []

    def template_sha256(self, template: str) -> str:
        return TEMPLATE_SHA256

    def render(self, request: RenderRequest) -> RenderedPdf:
        self.requests.append(request)
        printed = {"provenance": request.provenance, "signatories": request.context["signatories"]}
        text = json.dumps(printed, ensure_ascii=False, sort_keys=True, default=str)
        return RenderedPdf(text.encode(), b"", TEMPLATE_SHA256, 1)


class HashEngine:
    """A signature is the SHA-256 of what is to be signed and the certificate; it becomes one line of the file."""

    def prepare(
        self,
        base: bytes,
        *,
        field: str,
        certificate: bytes,
        chain: Sequence[bytes],
        appearance: Appearance,
        signing_time: datetime,
        reason: str = "",
        location: str = "",
    ) -> PreparedSignature:
        if any(line["field"] == field for line in signed_lines(base)):
            raise SigningError("signing.field_already_signed")
        sha256 = hashlib.sha256(base).hexdigest()
        line = {"field": field, "base": sha256, "shown": list(appearance.lines), "at": signing_time.isoformat()}
        to_be_signed = json.dumps(line, ensure_ascii=False).encode()
        return PreparedSignature(field, sha256, to_be_signed, "stand-in", certificate, b"{}")

    def complete(self, base: bytes, prepared: PreparedSignature, signature: bytes, *, level: Level) -> SignedRevision:
        if hashlib.sha256(base).hexdigest() != prepared.base_sha256:
            raise SigningError("signing.stale_base")
        if signature != sign(prepared.to_be_signed, prepared.certificate):
            raise SigningError("signing.bad_signature")
        return SignedRevision(base + LINE + prepared.to_be_signed, level)

    def extend(self, pdf: bytes, *, target: Level) -> SignedRevision:
        return SignedRevision(pdf, target)


def sign(to_be_signed: bytes, certificate: bytes) -> bytes:
    return hashlib.sha256(to_be_signed + certificate).digest()


def signed_lines(pdf: bytes) -> list[dict[str, object]]:
    """The signatures of a file; each must be over exactly what precedes it."""
    first, *lines = pdf.split(LINE)
    found, before = [], first
    for line in lines:
        content = json.loads(line)
        assert content["base"] == hashlib.sha256(before).hexdigest(), "a signature over other bytes"
        before += LINE + line
        found.append(content)
    return found


def certificate_of(fin: str) -> bytes:
    return f"CERT {fin}".encode()


class FinChecker:
    """The certificate is the text ``CERT <FİN>``."""

    def inspect(self, certificate: bytes) -> CertificateInfo:
        fin = certificate.decode().removeprefix("CERT ")
        sha256 = hashlib.sha256(certificate).hexdigest()
        return CertificateInfo(sha256, fin, fin, None, sha256[:8].upper(), "stand-in", _LONG_AGO, _FAR, "none")

    def check(
        self,
        certificate: bytes,
        chain: Sequence[bytes],
        *,
        at: datetime,
        expected_fin: str | None,
        expected_organisation: str | None = None,
    ) -> CertificateStatus:
        info = self.inspect(certificate)
        if info.fin != expected_fin:
            raise SigningError("signing.wrong_person")
        return CertificateStatus(info, "good")
