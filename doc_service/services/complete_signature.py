"""Second phase of signing: the raw signature becomes the document's next revision (DESIGN 4–6)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import Document, DocumentAction, DocumentState, Revision, RevisionKind
from doc_service.domain.errors import ConflictError
from doc_service.domain.jobs import JobKind
from doc_service.domain.signatures import PreparedSigning, RequestAction, RequestState, SignatureRequest
from doc_service.domain.signing_order import all_signed, open_next
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.identity_proof import identity_of
from doc_service.services.prepare_signature import fence
from doc_service.services.show_document import own_request
from signing.api import CertificateChecker, Level, PreparedSignature, SignedRevision, SigningEngine, SigningError
from storage.api import ObjectStore
from storage.keys import revision_key


@dataclass(frozen=True, slots=True)
class CompleteSignature:
    """Verifies and appends the signature, stores the revision, then commits it with its event.

    Safe to repeat: a signed request comes back as it is. When the lease went to somebody else in between,
    ``ConflictError`` "lease.lost": prepare again, the person is not asked to read again.
    """

    work: Workspace
    store: ObjectStore
    engine: SigningEngine
    checker: CertificateChecker

    def __call__(self, request_id: str, signature: bytes, actor: str) -> SignatureRequest:
        with self.work.uow.reading() as uow:
            request = uow.signatures.get(request_id)
            own_request(request, actor)
            if request.state is RequestState.SIGNED:
                return request
            prepared = uow.signatures.prepared(request_id)
            if prepared is None:
                raise ConflictError("signature.not_prepared", "")
            fence(uow, prepared)
            document = uow.documents.get(request.document_id)
        head = document.head
        if head is None or head.sha256 != prepared.base_sha256:
            raise ConflictError("lease.lost", "")
        signed = self._sign(request, document, prepared, signature, actor)
        sha256 = hashlib.sha256(signed.pdf).hexdigest()
        key = revision_key(document.id, head.number + 1, sha256)
        self.store.put_new(key, signed.pdf, sha256=sha256)
        revision = Revision(
            document.id, head.number + 1, RevisionKind.SIGNATURE, key, sha256, len(signed.pdf),
            self.work.clock.now(), str(signed.level), request.field,
        )  # fmt: skip
        return self._commit(request, prepared, revision, signed, actor)

    def _sign(
        self, request: SignatureRequest, document: Document, prepared: PreparedSigning, signature: bytes, actor: str
    ) -> SignedRevision:
        assert document.head is not None
        base = self.store.read(document.head.key)
        state = PreparedSignature(
            request.field,
            prepared.base_sha256,
            prepared.to_be_signed,
            prepared.signature_algorithm,
            prepared.certificate,
            prepared.state,
        )
        try:
            return self.engine.complete(base, state, signature, level=Level(document.signature_level))
        except SigningError as refusal:
            with self.work.uow() as uow:
                details = {"request": request.id, "code": refusal.code}
                self.work.record(uow, actor, Action.SIGNATURE_REFUSED, ("document", document.id), details)
                uow.commit()
            raise

    def _commit(
        self,
        request: SignatureRequest,
        prepared: PreparedSigning,
        revision: Revision,
        signed: SignedRevision,
        actor: str,
    ) -> SignatureRequest:
        now = self.work.clock.now()
        info = self.checker.inspect(prepared.certificate)
        prepared_sha256 = hashlib.sha256(prepared.to_be_signed).hexdigest()
        with self.work.uow() as uow:
            fence(uow, prepared)
            document = uow.documents.get(request.document_id)
            if document.state is not DocumentState.SIGNING or document.head is None:
                raise ConflictError(
                    "state.not_allowed", "", aggregate="document", state=str(document.state), action="sign"
                )
            if document.head.sha256 != prepared.base_sha256:
                raise ConflictError("lease.lost", "")
            uow.documents.add_revision(revision)
            saved = uow.signatures.save(
                request.moved(
                    RequestAction.SIGN,
                    signed_at=now,
                    certificate_sha256=info.sha256,
                    certificate_serial=info.serial,
                    revision=revision.number,
                    level=str(signed.level),
                )
            )
            uow.signatures.release_lease(document.id, prepared.lease_token, now)
            details = {
                "request": request.id,
                "revision": revision.number,
                "sha256": revision.sha256,
                "level": str(signed.level),
                "pending": list(signed.pending),
                "shown_sha256": request.consent_sha256,
                "prepared_sha256": prepared_sha256,
                "certificate_sha256": info.sha256,
                "identity_proof": identity_of(uow, request, prepared_sha256),
            }
            self.work.record(uow, actor, Action.SIGNATURE_COMPLETED, ("document", document.id), details)
            self._advance(uow, replace(document, head=revision))
            uow.commit()
        return saved

    def _advance(self, uow: UnitOfWork, document: Document) -> None:
        """Opens the next signers, or ends signing when this was the last."""
        requests = uow.signatures.of_document(document.id)
        if all_signed(requests):
            document = document.moved(DocumentAction.COMPLETE_SIGNING)
            self.work.record(uow, "system", Action.SIGNING_COMPLETED, ("document", document.id))
            self.work.enqueue(uow, JobKind.EXTEND, document.id)
        for waiting in open_next(requests):
            uow.signatures.save(waiting.moved(RequestAction.OPEN, opened_at=self.work.clock.now()))
        uow.documents.save(document)
