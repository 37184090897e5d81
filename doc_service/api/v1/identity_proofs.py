"""What proves who signed: the certificate, its chain and what was known of them when it was checked (602-IIQ).

Read by whoever may read the signature request: its signer, the secretariat, auditors. Objects are handed out as they
were kept, by their digest, for anybody's own tools.
"""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from doc_service.api.etags import etag, shown
from doc_service.api.problem_docs import problems
from doc_service.api.ranges import disposition
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED, Responses
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.requests import MISSING, RequestId
from doc_service.api.v1.schemas.identity_proofs import IdentityProofView, identity_proof_view
from doc_service.domain.errors import NotFoundError
from doc_service.domain.identity import EvidenceKind
from doc_service.instruments.fields import Sha256
from doc_service.services.identity_proof import KeptIdentity

router: APIRouter = guarded_router("/v1/signature-requests", "requests")
_MEDIA = {
    EvidenceKind.CERTIFICATE: ("application/pkix-cert", "cer"),
    EvidenceKind.OCSP: ("application/ocsp-response", "ors"),
    EvidenceKind.CRL: ("application/pkix-crl", "crl"),
}
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_DER: Responses = {
    200: {"description": "DER, as it was kept", "content": {media: _BYTES for media, _ in _MEDIA.values()}},
}
_PROBLEMS = (MISSING, "identity.not_found", "identity.evidence_missing", "identity.evidence_damaged")
Digest = Annotated[Sha256, Path(description="SHA-256 of the object, as the proof names it")]


@router.get(
    "/{request_id}/identity-proof",
    response_model=IdentityProofView,
    summary="The proof of the signer's identity",
    responses={**problems(*_PROBLEMS), **NOT_MODIFIED},
)
def identity_proof(request_id: RequestId, guard: TheGuard, request: Request) -> Response:
    """Of the signature, or before it of the newest check. The verdict is made afresh from what was kept."""
    guard.request(request_id)
    view = identity_proof_view(guard.use.identity_proof(request_id), guard.api.service.parts.checker.inspect)
    return shown(request, view, etag(hashlib.sha256(view.model_dump_json().encode()).hexdigest()))


@router.get(
    "/{request_id}/identity-proof/objects/{sha256}",
    response_class=Response,
    summary="One certificate, OCSP answer or CRL of the proof",
    responses={**_DER, **problems(*_PROBLEMS, "identity.no_such_object")},
)
def identity_object(request_id: RequestId, sha256: Digest, guard: TheGuard) -> Response:
    guard.request(request_id)
    kept = guard.use.identity_proof(request_id)
    media, ending = _MEDIA[_kind(kept, sha256)]
    headers = {
        "content-disposition": disposition(f"{sha256[:16]}.{ending}"),
        "etag": f'"{sha256}"',
        "cache-control": "private, no-store",
    }
    return Response(kept.contents[sha256], media_type=media, headers=headers)


def _kind(kept: KeptIdentity, sha256: str) -> EvidenceKind:
    of_kind = {
        EvidenceKind.CERTIFICATE: kept.proof.chain,
        EvidenceKind.OCSP: kept.proof.responses,
        EvidenceKind.CRL: kept.proof.lists,
    }
    found = next((kind for kind, digests in of_kind.items() if sha256 in digests), None)
    if found is None:
        raise NotFoundError("identity.no_such_object", "sha256")
    return found
