"""The verification report as a stable JSON document (schema: docs/schemas/verify.schema.json).

The FİN is masked: a report may be shown to anybody who holds a copy (002 §7.1.11).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from doc_service.domain.identifiers import mask_fin
from doc_service.services.verify_file import Verification
from signing.api import Finding, Report, SignatureReport


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FindingView(_View):
    """One reason or remark; ``code`` is stable, the texts are in doc_service/messages."""

    code: str
    params: dict[str, str | int] = Field(default_factory=dict)


class SignatureView(_View):
    """One signature or document time stamp, in the order of the file."""

    kind: Literal["signature", "timestamp"]
    field: str
    signer: str
    fin_masked: str | None = Field(description="First three characters of the FİN, the rest hidden")
    certificate_serial: str
    certificate_sha256: str
    issuer: str
    chain: list[str] = Field(description="Subjects from the certificate to the trust anchor")
    claimed_time: datetime | None = Field(description="Time written by the signer, not proven")
    proven_time: datetime | None = Field(description="The moment before which the signature is proven to exist")
    proof: str = Field(description="signature-time-stamp, document-time-stamp or empty")
    level: str | None = Field(description="PAdES baseline level reached: B-B, B-T, B-LT, B-LTA")
    intact: bool
    trusted: bool
    revocation: str = Field(description="good, revoked or unknown")
    revocation_source: str = Field(description="ocsp, crl or empty")
    changes_after: str = Field(description="none, extension, signatures or illegal")
    valid: bool
    findings: list[FindingView]


class DocumentView(_View):
    """What the document says of itself; empty for files of other origin."""

    instrument: str
    number: str
    registered_on: str
    required_fields: list[str]
    required_level: str | None


class VerificationView(_View):
    """Verdict on one file."""

    schema_version: Literal[1] = 1
    valid: bool
    level: str | None = Field(description="The lowest level over all signatures")
    sha256: str
    size: int
    pdfa_claim: str = Field(description="PDF/A part and conformance claimed, such as 3B; empty: none")
    development: bool = Field(description="Trust rests on a development PKI: no legal force")
    validated_at: datetime
    document: DocumentView
    signatures: list[SignatureView]
    findings: list[FindingView]


def verification_view(verification: Verification) -> VerificationView:
    """The report of a verification, ready to be serialised."""
    report, expected = verification.report, verification.expectation
    return VerificationView(
        valid=report.valid,
        level=str(report.level) if report.level else None,
        sha256=report.sha256,
        size=report.size,
        pdfa_claim=report.pdfa,
        development=report.development,
        validated_at=report.validated_at,
        document=DocumentView(
            instrument=verification.instrument,
            number=verification.number,
            registered_on=verification.registered_on,
            required_fields=list(expected.fields) if expected else [],
            required_level=str(expected.level) if expected else None,
        ),
        signatures=[_signature(s) for s in report.signatures],
        findings=_findings(report),
    )


def _signature(report: SignatureReport) -> SignatureView:
    return SignatureView(
        kind="timestamp" if report.kind == "timestamp" else "signature",
        field=report.field,
        signer=report.signer,
        fin_masked=mask_fin(report.fin) if report.fin else None,
        certificate_serial=report.certificate_serial,
        certificate_sha256=report.certificate_sha256,
        issuer=report.issuer,
        chain=list(report.chain),
        claimed_time=report.claimed_time,
        proven_time=report.proven_time,
        proof=report.proof,
        level=str(report.level) if report.level else None,
        intact=report.intact,
        trusted=report.trusted,
        revocation=report.revocation,
        revocation_source=report.revocation_source,
        changes_after=report.changes,
        valid=report.valid,
        findings=_findings(report),
    )


def _findings(report: Report | SignatureReport) -> list[FindingView]:
    return [_finding(f) for f in report.findings]


def _finding(finding: Finding) -> FindingView:
    return FindingView(code=finding.code, params=dict(finding.params))
