"""The record of each signature: made when it is completed, read by auditors, and part of the evidence (DESIGN 7)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from doc_service.domain.authentication import Authentication
from doc_service.domain.documents import Revision
from doc_service.domain.errors import NotFoundError
from doc_service.domain.signatures import PreparedSigning, SignatureRequest
from doc_service.domain.signing_record import SigningRecord
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class SignedNow:
    """What a completed signature brings. ``authentication`` None: as when agreeing."""

    prepared: PreparedSigning
    signature: bytes
    revision: Revision
    authentication: Authentication | None


def signing_record(request: SignatureRequest, new: SignedNow, identity_proof: str = "") -> SigningRecord:
    """Of a signed request. Requests agreed to before these records keep what they know."""
    assert request.consent_sha256
    assert request.consented_at
    assert request.signed_at
    agreed = request.consent_authentication or Authentication.in_process(request.consented_at)
    return SigningRecord(
        request_id=request.id,
        document_id=request.document_id,
        field=request.field,
        signer_id=request.signer.id,
        substitution_id=request.substitution_id,
        basis=request.basis,
        shown_sha256=request.consent_sha256,
        consented_at=request.consented_at,
        consent_text=request.consent_text,
        consent_authentication=agreed,
        way=new.prepared.way,
        authentication=new.authentication or agreed,
        base_sha256=new.prepared.base_sha256,
        prepared_sha256=new.prepared.sha256,
        prepared_at=new.prepared.created_at,
        signature_algorithm=new.prepared.signature_algorithm,
        signature=base64.b64encode(new.signature).decode(),
        signature_sha256=hashlib.sha256(new.signature).hexdigest(),
        certificate_sha256=request.certificate_sha256 or "",
        certificate_serial=request.certificate_serial or "",
        identity_proof=identity_proof,
        revision=new.revision.number,
        revision_sha256=new.revision.sha256,
        level=request.level or "",
        signed_at=request.signed_at,
    )


@dataclass(frozen=True, slots=True)
class ReadSigningRecords:
    """For auditors, and for the person a signature belongs to; who may ask is decided before it is called."""

    work: Workspace

    def __call__(self, document_id: str) -> Sequence[SigningRecord]:
        """Of one document, in the order of its revisions. ``NotFoundError`` "document.not_found"."""
        with self.work.uow.reading() as uow:
            uow.documents.get(document_id)
            return uow.signing.records(document_id)

    def of_request(self, request_id: str) -> SigningRecord:
        """``NotFoundError`` "signature_request.not_found", "signing_record.not_found" while it is not signed."""
        with self.work.uow.reading() as uow:
            uow.signatures.get(request_id)
            record = uow.signing.record(request_id)
        if record is None:
            raise NotFoundError("signing_record.not_found", "request_id", request=request_id)
        return record
