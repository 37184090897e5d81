"""Proofs of signers' identity as the interface shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import ConfigDict

from doc_service.api.v1.schemas.common import View
from doc_service.services.identity_proof import KeptIdentity
from signing.api import CertificateInfo, IdentityVerdict


class EvidenceView(View):
    """An object that was kept: fetch ``content``; its SHA-256 is ``sha256``. ``size`` in bytes."""

    sha256: str
    size: int
    content: str


class CertificateView(EvidenceView):
    """``subject`` and ``issuer`` are common names."""

    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    key_algorithm: str


class IdentityVerdictView(View):
    """What the proof is worth, from what was kept alone. ``revocation`` at the time of the check: "good", "revoked" or
    "unknown". ``withdrawn_on``: when trust in the anchor ended, which takes nothing from earlier checks."""

    trusted: bool
    revocation: str
    anchor: str
    withdrawn_on: date | None


_OBJECT = {
    "sha256": "ab" * 32,
    "size": 812,
    "content": "/v1/signature-requests/r-1/identity-proof/objects/" + "ab" * 32,
}
_EXAMPLE: dict[str, Any] = {
    "id": "cd" * 32,
    "request_id": "r-1",
    "document_id": "d-1",
    "signer_id": "kq-01",
    "bound_sha256": "ef" * 32,
    "checked_at": "2026-03-09T09:00:00.000000Z",
    "revocation": "good",
    "chain": [
        {**_OBJECT, "subject": "QULİYEVA NƏRMİN İLQAR QIZI", "issuer": "Verən SXM", "serial": "01AB23CD45",
         "not_before": "2026-01-01T00:00:00Z", "not_after": "2029-01-01T00:00:00Z", "key_algorithm": "P-256"}
    ],
    "ocsp_responses": [_OBJECT],
    "crls": [],
    "recorded": True,
    "level": "B-LTA",
    "verdict": {"trusted": True, "revocation": "good", "anchor": "Kök SXM", "withdrawn_on": None},
}  # fmt: skip


class IdentityProofView(View):
    """``id``: SHA-256 of the record, which the audit event of the signature names when ``recorded``. ``bound_sha256``:
    what the check was made for. ``chain``: the certificate first, the trust anchor last. ``revocation``: as the check
    found it; "unknown" when nobody could be asked. ``level``: what the signed document carries by itself ("": nothing
    is signed)."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: str
    request_id: str
    document_id: str
    signer_id: str
    bound_sha256: str
    checked_at: datetime
    revocation: str
    chain: list[CertificateView]
    ocsp_responses: list[EvidenceView]
    crls: list[EvidenceView]
    recorded: bool
    level: str
    verdict: IdentityVerdictView


def identity_proof_view(kept: KeptIdentity, inspect: Callable[[bytes], CertificateInfo]) -> IdentityProofView:
    """``inspect`` reads a certificate."""
    proof = kept.proof
    chain = [_certificate(evidence, inspect(kept.contents[evidence.sha256])) for evidence in _kept(kept, proof.chain)]
    return IdentityProofView(
        id=proof.id,
        request_id=proof.request_id,
        document_id=proof.document_id,
        signer_id=proof.signer_id,
        bound_sha256=proof.bound_sha256,
        checked_at=proof.checked_at,
        revocation=proof.revocation,
        chain=chain,
        ocsp_responses=_kept(kept, proof.responses),
        crls=_kept(kept, proof.lists),
        recorded=kept.recorded,
        level=kept.level,
        verdict=_verdict(kept.verdict),
    )


def _kept(kept: KeptIdentity, digests: Sequence[str]) -> list[EvidenceView]:
    place = f"/v1/signature-requests/{kept.proof.request_id}/identity-proof/objects"
    return [EvidenceView(sha256=d, size=len(kept.contents[d]), content=f"{place}/{d}") for d in digests]


def _certificate(evidence: EvidenceView, info: CertificateInfo) -> CertificateView:
    return CertificateView(
        **evidence.model_dump(),
        subject=info.subject,
        issuer=info.issuer,
        serial=info.serial,
        not_before=info.not_before,
        not_after=info.not_after,
        key_algorithm=info.key_algorithm,
    )


def _verdict(verdict: IdentityVerdict) -> IdentityVerdictView:
    return IdentityVerdictView(
        trusted=verdict.trusted,
        revocation=verdict.revocation,
        anchor=verdict.anchor,
        withdrawn_on=verdict.withdrawn_on,
    )
