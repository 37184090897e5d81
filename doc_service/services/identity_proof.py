"""The proof of a signer's identity: kept when the certificate was checked, read and judged again ever after.

What was seen is kept before the signature exists, since answers about revocation go stale and responders come and go;
a document at level B-LT carries its own as well. A check is judged by the trust of its own time: withdrawing an anchor
later takes nothing from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import NotFoundError
from doc_service.domain.identity import EvidenceKind, IdentityProof
from doc_service.domain.signatures import SignatureRequest
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from signing.api import CertificateStatus, IdentityEvidence, IdentityVerdict, IdentityVerifier


def keep_identity(uow: UnitOfWork, request: SignatureRequest, status: CertificateStatus, bound_sha256: str) -> str:
    """Keeps what ``status`` rests on, in the open transaction. The proof's id belongs into the details of the event
    that is recorded with it ("identity_proof"); "" from a checker that keeps no evidence."""
    evidence = status.evidence
    if evidence is None:
        return ""
    proof = IdentityProof(
        request_id=request.id,
        document_id=request.document_id,
        signer_id=request.signer.id,
        bound_sha256=bound_sha256,
        checked_at=evidence.checked_at,
        revocation=status.revocation,
        chain=_digests(evidence.chain),
        responses=_digests(evidence.responses),
        lists=_digests(evidence.lists),
    )
    seen = {
        EvidenceKind.CERTIFICATE: evidence.chain,
        EvidenceKind.OCSP: evidence.responses,
        EvidenceKind.CRL: evidence.lists,
    }
    uow.identity.put([(kind, der) for kind, found in seen.items() for der in found])
    uow.identity.add(proof)
    return proof.id


def _digests(found: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(hashlib.sha256(der).hexdigest() for der in found)


def identity_of(uow: UnitOfWork, request: SignatureRequest, bound_sha256: str) -> str:
    """Id of the proof kept for ``bound_sha256``, "" without one: for the event of the finished signature."""
    proofs = [p for p in uow.identity.of_request(request.id) if p.bound_sha256 == bound_sha256]
    return proofs[-1].id if proofs else ""


@dataclass(frozen=True, slots=True)
class KeptIdentity:
    """A proof, its DER by digest, and what it is worth today. ``recorded``: the audit event of the signature names it.
    ``level``: what the signed document carries itself (B-LT and above hold validation data of their own)."""

    proof: IdentityProof
    contents: Mapping[str, bytes]
    verdict: IdentityVerdict
    recorded: bool
    level: str


@dataclass(frozen=True, slots=True)
class ReadIdentityProof:
    """Reads the proof of a request: of its signature when it is signed, else of the newest check.

    Raises ``NotFoundError`` "signature_request.not_found", "identity.not_found", "identity.evidence_missing";
    ``DomainError`` "identity.evidence_damaged"."""

    work: Workspace
    verifier: IdentityVerifier

    def __call__(self, request_id: str) -> KeptIdentity:
        with self.work.uow.reading() as uow:
            request = uow.signatures.get(request_id)
            named = named_proof(uow, request)
            proofs = uow.identity.of_request(request_id)
            proof = next((p for p in proofs if p.id == named), None) if named else next(reversed(proofs), None)
            if proof is None:
                raise NotFoundError("identity.not_found", "request_id", request=request_id)
            contents = uow.identity.contents([*proof.chain, *proof.responses, *proof.lists])
            head = uow.documents.get(request.document_id).head
        level = (head.level if head else None) or request.level or ""
        return KeptIdentity(proof, contents, self.verifier.verify(evidence_of(proof, contents)), bool(named), level)


def named_proof(uow: UnitOfWork, request: SignatureRequest) -> str:
    """The proof that the event of the finished signature names; "" before, or for signatures older than proofs."""
    for event in reversed(uow.audit.of_subject("document", request.document_id)):
        if event.action is Action.SIGNATURE_COMPLETED and event.details.get("request") == request.id:
            return str(event.details.get("identity_proof", ""))
    return ""


def evidence_of(proof: IdentityProof, contents: Mapping[str, bytes]) -> IdentityEvidence:
    chain, responses, lists = (
        tuple(contents[digest] for digest in kind) for kind in (proof.chain, proof.responses, proof.lists)
    )
    return IdentityEvidence(proof.checked_at, chain, responses, lists)
