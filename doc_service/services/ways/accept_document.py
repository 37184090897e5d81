"""A file that a device has signed as a whole becomes the document's next revision (DESIGN 4-7)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.authentication import Authentication
from doc_service.domain.documents import Revision, RevisionKind
from doc_service.domain.errors import ConflictError
from doc_service.domain.signatures import PreparedSigning, RequestAction, RequestState, SignatureRequest
from doc_service.domain.signing_record import SigningRecord
from doc_service.services.base import Workspace
from doc_service.services.identity_proof import keep_identity
from doc_service.services.prepare_signature import check_signer, fence
from doc_service.services.refusals import recorded
from doc_service.services.signing_record import SignedNow, signing_record
from doc_service.services.signing_steps import being_signed, go_on, may_sign
from doc_service.services.ways.documents import WHOLE_FILE
from signing.api import CertificateChecker, CertificateStatus
from signing.remote.api import SignedFileChecker
from storage.api import ObjectStore
from storage.keys import revision_key


@dataclass(frozen=True, slots=True)
class AcceptDocument:
    """Judges the file against exactly the bytes that the device was given, then stores and commits it.

    Safe to repeat: a signed request comes back as it is. Raises what ``SignedFileChecker`` and ``CertificateChecker``
    do, "lease.lost" when the document changed meanwhile, and what ``may_sign`` refuses.
    """

    work: Workspace
    store: ObjectStore
    checker: CertificateChecker
    files: SignedFileChecker

    def __call__(self, request_id: str, pdf: bytes, actor: str, authentication: Authentication) -> SignatureRequest:
        """``authentication``: the device's own step; its ``means`` is the way to sign."""
        with recorded(self.work, request_id, actor, "accept"):
            return self._accept(request_id, pdf, actor, authentication)

    def _accept(self, request_id: str, pdf: bytes, actor: str, authentication: Authentication) -> SignatureRequest:
        now = self.work.clock.now()
        with self.work.uow.reading() as uow:
            request = uow.signatures.get(request_id)
            may_sign(uow, request, actor, now)
            if request.state is RequestState.SIGNED:
                return request
            if request.state is not RequestState.CONSENTED:
                raise ConflictError("consent.missing", "", state=str(request.state))
            prepared = uow.signatures.prepared(request_id)
            if prepared is None or prepared.signature_algorithm != WHOLE_FILE:
                raise ConflictError("signature.not_prepared", "")
            fence(uow, prepared)
            head = uow.documents.get(request.document_id).head
        if head is None or head.sha256 != prepared.base_sha256:
            raise ConflictError("lease.lost", "")
        base = self.store.read(head.key)
        new = self.files.check(base, pdf, field=request.field, expected_fin=request.signer.fin, at=now)
        status = check_signer(self.checker, request, new.certificate, (), now)
        sha256 = hashlib.sha256(pdf).hexdigest()
        key = revision_key(request.document_id, head.number + 1, sha256)
        self.store.put_new(key, pdf, sha256=sha256)
        revision = Revision(
            request.document_id, head.number + 1, RevisionKind.SIGNATURE, key, sha256, len(pdf), now, new.level,
            request.field,
        )  # fmt: skip
        prepared = replace(prepared, certificate=new.certificate, way=authentication.means)
        return self._commit(request, prepared, revision, status, authentication)

    def _commit(
        self,
        request: SignatureRequest,
        prepared: PreparedSigning,
        revision: Revision,
        status: CertificateStatus,
        authentication: Authentication,
    ) -> SignatureRequest:
        with self.work.uow() as uow:
            fence(uow, prepared)
            document = uow.documents.get(request.document_id)
            being_signed(document, "sign")
            if document.head is None or document.head.sha256 != prepared.base_sha256:
                raise ConflictError("lease.lost", "")
            uow.documents.add_revision(revision)
            saved = uow.signatures.save(_signed(request, revision, status))
            proof = keep_identity(uow, saved, status, revision.sha256)
            signed = SignedNow(prepared, bytes.fromhex(revision.sha256), revision, authentication)
            record = signing_record(saved, signed, proof)
            uow.signing.add_record(record)
            uow.signatures.release_lease(document.id, prepared.lease_token, revision.created_at)
            details = _details(record)
            subject = ("document", document.id)
            self.work.record(uow, request.signer.id, Action.SIGNATURE_COMPLETED, subject, details)
            go_on(self.work, uow, replace(document, head=revision))
            uow.commit()
        return saved


def _signed(request: SignatureRequest, revision: Revision, status: CertificateStatus) -> SignatureRequest:
    return request.moved(
        RequestAction.SIGN,
        signed_at=revision.created_at,
        certificate_sha256=status.info.sha256,
        certificate_serial=status.info.serial,
        revision=revision.number,
        level=revision.level,
    )


def _details(record: SigningRecord) -> dict[str, object]:
    return {
        "request": record.request_id,
        "revision": record.revision,
        "sha256": record.revision_sha256,
        "level": record.level,
        "pending": [],
        "way": record.way,
        "shown_sha256": record.shown_sha256,
        "base_sha256": record.base_sha256,
        "certificate_sha256": record.certificate_sha256,
        "identity_proof": record.identity_proof,
        "record_sha256": record.sha256,
    }
