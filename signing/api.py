"""Contracts of the signing library: levels, prepared signatures, reports. No vendor types appear here.

PAdES baseline levels are those of ETSI EN 319 142-1. All coordinates are PDF points from the lower left corner, all
times are timezone-aware, all digests are lower-case hexadecimal SHA-256 unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

Param = str | int


class SigningError(Exception):
    """A refusal or failure with a stable ``code`` ("signing.…") and the parameters of its message.

    ``retryable`` says that nothing was wrong with the input: a service was out of reach.
    """

    def __init__(self, code: str, *, retryable: bool = False, **params: Param) -> None:
        self.code = code
        self.retryable = retryable
        self.params: Mapping[str, Param] = params
        super().__init__(f"{code} {params}" if params else code)


class Level(StrEnum):
    """Baseline levels, lowest first."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


@dataclass(frozen=True, slots=True)
class FieldBox:
    """Where a signature field goes. ``page`` counts from 0; ``tooltip`` becomes /TU and the structure's text."""

    name: str
    page: int
    x: float
    y: float
    width: float
    height: float
    tooltip: str


class FieldPlacer(Protocol):
    def place(self, pdf: bytes, boxes: Sequence[FieldBox]) -> bytes:
        """Adds empty, tagged signature fields and the font resource their appearances will use.

        The same input gives the same bytes. PDF/A-3b and tagging are kept. Raises ``signing.field_exists``,
        ``signing.unreadable_pdf``."""
        ...


@dataclass(frozen=True, slots=True)
class Appearance:
    """Text drawn in the field: ``title`` first, then ``lines``; ``warning`` stands out (development signatures)."""

    title: str
    lines: tuple[str, ...]
    warning: str = ""


@dataclass(frozen=True, slots=True)
class CertificateInfo:
    """What a certificate says of its holder. ``fin``: subject serialNumber, with any "PNOAZ-" prefix removed, or None.
    ``serial``: hexadecimal upper-case serial number. ``organisation_id``: VÖEN of a seal certificate, or None."""

    sha256: str
    subject: str
    fin: str | None
    organisation_id: str | None
    serial: str
    issuer: str
    not_before: datetime
    not_after: datetime
    key_algorithm: str


@dataclass(frozen=True, slots=True)
class IdentityEvidence:
    """What a check of a certificate rested on, in DER, so that anybody can judge it again without the network.

    ``chain``: from the certificate up to the trust anchor, both included. ``responses``: OCSP; ``lists``: CRLs; both
    empty when nothing could be had. ``checked_at``: the moment that was judged."""

    checked_at: datetime
    chain: tuple[bytes, ...]
    responses: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class CertificateStatus:
    """Result of a check before signing. ``revocation`` is "good" or "unknown" (responder out of reach).
    ``evidence``: what the check saw; None from a checker that keeps none."""

    info: CertificateInfo
    revocation: str
    evidence: IdentityEvidence | None = None


@dataclass(frozen=True, slots=True)
class IdentityVerdict:
    """Evidence judged again. ``trusted``: the chain holds and its anchor was trusted at the moment of the check.
    ``revocation``: "good", "revoked" or "unknown" at that moment, by the answers kept. ``anchor``: the anchor's label,
    "" when the store never knew it. ``withdrawn_on``: the day on which trust in the anchor ended, which takes nothing
    from what was checked before it."""

    trusted: bool
    revocation: str
    anchor: str = ""
    withdrawn_on: date | None = None


class IdentityVerifier(Protocol):
    def verify(self, evidence: IdentityEvidence) -> IdentityVerdict:
        """Neither network nor the present time; raises ``signing.bad_certificate`` for evidence that is no DER."""
        ...


class SigningKey(Protocol):
    """A key that can sign now, with its certificate. Implementations load or log in once and keep the handle."""

    @property
    def certificate(self) -> bytes:
        """DER."""
        ...

    @property
    def chain(self) -> tuple[bytes, ...]:
        """DER of the intermediate certificates."""
        ...

    def sign(self, data: bytes, algorithm: str) -> bytes:
        """Raw signature over ``data`` with e.g. "sha256_ecdsa" or "sha256_rsa" (asn1crypto's names).
        ECDSA in DER."""
        ...

    def close(self) -> None: ...


class CertificateChecker(Protocol):
    def inspect(self, certificate: bytes) -> CertificateInfo:
        """Raises ``signing.bad_certificate``."""
        ...

    def check(
        self,
        certificate: bytes,
        chain: Sequence[bytes],
        *,
        at: datetime,
        expected_fin: str | None,
        expected_organisation: str | None = None,
    ) -> CertificateStatus:
        """A person is known by FİN, a seal by the organisation's VÖEN; None: not looked at.

        Raises ``signing.wrong_person``, ``signing.no_fin``, ``signing.wrong_organisation``, ``signing.no_voen``,
        ``signing.certificate_expired``, ``signing.certificate_not_yet_valid``, ``signing.certificate_revoked``,
        ``signing.untrusted_certificate``, ``signing.key_usage``. An unreachable OCSP/CRL service gives revocation
        "unknown", never an error."""
        ...


@dataclass(frozen=True, slots=True)
class PreparedSignature:
    """State between prepare and complete. ``to_be_signed`` are the DER signed attributes; ``algorithm`` how to sign
    them; ``state`` is private to the engine, plain data (never pickled) and bound to ``base_sha256``."""

    field: str
    base_sha256: str
    to_be_signed: bytes
    algorithm: str
    certificate: bytes
    state: bytes


@dataclass(frozen=True, slots=True)
class SignedRevision:
    """A new revision: always ``base`` plus appended bytes. ``level`` is what was reached; ``pending`` names why a
    wanted level was not (e.g. "signing.tsa_unavailable"), empty when it was."""

    pdf: bytes
    level: Level
    pending: tuple[str, ...] = ()


class TimeStampAuthority(Protocol):
    """Proves that something existed at a time (RFC 3161); used for signatures, documents and audit checkpoints."""

    def stamp(self, digest: bytes) -> bytes:
        """DER time-stamp token over a SHA-256 ``digest`` (32 bytes), checked against the request.

        Raises ``signing.tsa_unavailable`` (retryable), ``signing.tsa_refused``, ``signing.tsa_bad_token``."""
        ...


class SigningEngine(Protocol):
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
        """Fills the field's appearance and computes what the signer's device must sign.

        Raises ``signing.no_such_field``, ``signing.field_already_signed``, ``signing.document_locked``,
        ``signing.unreadable_pdf``, ``signing.encrypted_pdf``."""
        ...

    def complete(self, base: bytes, prepared: PreparedSignature, signature: bytes, *, level: Level) -> SignedRevision:
        """Verifies the raw signature, then embeds it. Raises ``signing.stale_base`` (other base bytes than prepared),
        ``signing.bad_signature``. For B-T a missing TSA gives B-B with ``pending``; for B-LT see ``extend``."""
        ...

    def extend(self, pdf: bytes, *, target: Level) -> SignedRevision:
        """Adds what is missing up to ``target`` as new revisions: revocation data of every signature and time stamp
        (DSS), and for B-LTA one document time stamp. Safe to repeat: a document at the target comes back as it is.
        Raises retryable ``signing.tsa_unavailable`` / ``signing.revocation_unavailable``,
        or ``signing.certificate_revoked``."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason or remark of a report."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature or document time stamp (``kind`` "signature" | "timestamp").

    ``proof``: "signature-time-stamp", "document-time-stamp" or "" when ``proven_time`` is None.
    ``revocation``: "good" | "revoked" | "unknown". ``revocation_source``: "ocsp" | "crl" | "".
    ``changes``: what later revisions did: "none", "extension" (DSS, time stamps), "signatures" (fields signed),
    "illegal". ``valid`` is False when any of ``findings`` speaks against it.
    """

    kind: str
    field: str
    signer: str
    fin: str | None
    certificate_sha256: str
    certificate_serial: str
    issuer: str
    claimed_time: datetime | None
    proven_time: datetime | None
    proof: str
    level: Level | None
    intact: bool
    trusted: bool
    chain: tuple[str, ...]
    revocation: str
    revocation_source: str
    changes: str
    valid: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the document itself declares it must carry when finished: required fields and the final level."""

    fields: tuple[str, ...]
    level: Level


@dataclass(frozen=True, slots=True)
class Report:
    """Verdict on a file. ``valid``: every signature and time stamp validates, the whole file is covered, and the
    expectation (if any) is met. ``level``: the lowest level over all signatures, None when there is none.
    ``pdfa``: the claim in XMP such as "3B", or "". ``development``: trust rests on a development PKI."""

    valid: bool
    sha256: str
    size: int
    pdfa: str
    level: Level | None
    signatures: tuple[SignatureReport, ...]
    findings: tuple[Finding, ...]
    development: bool
    validated_at: datetime


class Validator(Protocol):
    def validate(self, pdf: bytes, *, at: datetime | None = None, expectation: Expectation | None = None) -> Report:
        """A signed file that is whole but damaged beyond reading is not valid ("signing.damaged_file").

        Raises ``SigningError`` for files that cannot be judged: ``signing.unreadable_pdf`` (truncated, not a PDF),
        ``signing.encrypted_pdf``, ``signing.decode_limit`` (decompression bomb), ``signing.no_signatures`` is a
        finding, not an error."""
        ...
