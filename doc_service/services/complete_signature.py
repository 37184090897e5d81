"""Second phase of signing: the raw signature becomes the document's next revision (DESIGN 4–6)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.authentication import Authentication
from doc_service.domain.documents import Document, Revision, RevisionKind
from doc_service.domain.errors import ConflictError
from doc_service.domain.signatures import PreparedSigning, RequestAction, RequestState, SignatureRequest
from doc_service.domain.signing_record import SigningRecord
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.identity_proof import identity_of
from doc_service.services.prepare_signature import fence
from doc_service.services.refusals import recorded
from doc_service.services.signing_record import SignedNow, signing_record
from doc_service.services.signing_steps import being_signed, go_on, may_sign, own_request
from signing.api import CertificateChecker, Level, PreparedSignature, SignedRevision, SigningEngine
from storage.api import ObjectStore
from storage.keys import revision_key


@dataclass(frozen=True, slots=True)
class CompleteSignature:
    """Verifies and appends the signature, stores the revision, then commits it with its event and its record.

    Safe to repeat: the same signature again gives the signed request as it is; another one for a signed request is
    "signature.already_made". When the lease went to somebody else in between, ``ConflictError`` "lease.lost": prepare
    again, the person is not asked to read again. ``prepared_sha256``: which preparation was signed ("": not said); an
    earlier one than the newest is "signature.superseded". ``authentication``: how the person was authenticated for
    this signature (None: as when agreeing). Also what ``may_sign`` refuses.
    """

    work: Workspace
    store: ObjectStore
    engine: SigningEngine
    checker: CertificateChecker

    def __call__(
        self,
        request_id: str,
        signature: bytes,
        actor: str,
        *,
        prepared_sha256: str = "",
        authentication: Authentication | None = None,
    ) -> SignatureRequest:
        with recorded(self.work, request_id, actor, "complete"):
            try:
                return self._complete(request_id, signature, actor, prepared_sha256, authentication)
            except ConflictError as conflict:
                done = self._made_meanwhile(request_id, signature, actor, conflict)
                if done is None:
                    raise
                return done

    def _complete(
        self, request_id: str, signature: bytes, actor: str, prepared_sha256: str, said: Authentication | None
    ) -> SignatureRequest:
        with self.work.uow.reading() as uow:
            request = uow.signatures.get(request_id)
            own_request(request, actor)
            if request.state is RequestState.SIGNED:
                return _made(uow, request, signature)
            prepared, document = self._answered(uow, request, actor, prepared_sha256)
        head = document.head
        if head is None or head.sha256 != prepared.base_sha256:
            raise ConflictError("lease.lost", "")
        signed = self._sign(request, head, prepared, signature, Level(document.signature_level))
        sha256 = hashlib.sha256(signed.pdf).hexdigest()
        key = revision_key(document.id, head.number + 1, sha256)
        self.store.put_new(key, signed.pdf, sha256=sha256)
        revision = Revision(
            document.id, head.number + 1, RevisionKind.SIGNATURE, key, sha256, len(signed.pdf),
            self.work.clock.now(), str(signed.level), request.field,
        )  # fmt: skip
        return self._commit(request, SignedNow(prepared, signature, revision, said), signed, actor)

    def _answered(
        self, uow: UnitOfWork, request: SignatureRequest, actor: str, prepared_sha256: str
    ) -> tuple[PreparedSigning, Document]:
        may_sign(uow, request, actor, self.work.clock.now())
        prepared = uow.signatures.prepared(request.id)
        if prepared is None:
            raise ConflictError("signature.not_prepared", "")
        if prepared_sha256 and prepared_sha256 != prepared.sha256:
            raise ConflictError("signature.superseded", "prepared_sha256")
        if request.state is not RequestState.CONSENTED:
            raise ConflictError("consent.missing", "", state=str(request.state))
        fence(uow, prepared)
        return prepared, uow.documents.get(request.document_id)

    def _made_meanwhile(
        self, request_id: str, signature: bytes, actor: str, conflict: ConflictError
    ) -> SignatureRequest | None:
        """The same call in another thread or an earlier, unanswered one was quicker: then its result is ours."""
        if conflict.code not in ("lease.lost", "state.stale", "state.not_allowed"):
            return None
        with self.work.uow.reading() as uow:
            request = uow.signatures.get(request_id)
            own_request(request, actor)
            return _made(uow, request, signature) if request.state is RequestState.SIGNED else None

    def _sign(
        self, request: SignatureRequest, head: Revision, prepared: PreparedSigning, signature: bytes, level: Level
    ) -> SignedRevision:
        state = PreparedSignature(
            request.field,
            prepared.base_sha256,
            prepared.to_be_signed,
            prepared.signature_algorithm,
            prepared.certificate,
            prepared.state,
        )
        return self.engine.complete(self.store.read(head.key), state, signature, level=level)

    def _commit(
        self, request: SignatureRequest, new: SignedNow, signed: SignedRevision, actor: str
    ) -> SignatureRequest:
        now = self.work.clock.now()
        info = self.checker.inspect(new.prepared.certificate)
        with self.work.uow() as uow:
            fence(uow, new.prepared)
            document = uow.documents.get(request.document_id)
            being_signed(document, "sign")
            if document.head is None or document.head.sha256 != new.prepared.base_sha256:
                raise ConflictError("lease.lost", "")
            uow.documents.add_revision(new.revision)
            saved = uow.signatures.save(
                request.moved(
                    RequestAction.SIGN,
                    signed_at=now,
                    certificate_sha256=info.sha256,
                    certificate_serial=info.serial,
                    revision=new.revision.number,
                    level=str(signed.level),
                )
            )
            record = signing_record(saved, new, identity_of(uow, saved, new.prepared.sha256))
            uow.signing.add_record(record)
            uow.signatures.release_lease(document.id, new.prepared.lease_token, now)
            details = _details(record, signed)
            self.work.record(uow, actor, Action.SIGNATURE_COMPLETED, ("document", document.id), details)
            go_on(self.work, uow, replace(document, head=new.revision))
            uow.commit()
        return saved


def _made(uow: UnitOfWork, request: SignatureRequest, signature: bytes) -> SignatureRequest:
    """The signed request, when ``signature`` is the one that made it (requests older than the records: always)."""
    record = uow.signing.record(request.id)
    if record is not None and record.signature_sha256 != hashlib.sha256(signature).hexdigest():
        raise ConflictError("signature.already_made", "")
    return request


def _details(record: SigningRecord, signed: SignedRevision) -> dict[str, object]:
    return {
        "request": record.request_id,
        "revision": record.revision,
        "sha256": record.revision_sha256,
        "level": record.level,
        "pending": list(signed.pending),
        "shown_sha256": record.shown_sha256,
        "prepared_sha256": record.prepared_sha256,
        "certificate_sha256": record.certificate_sha256,
        "signature_sha256": record.signature_sha256,
        "identity_proof": record.identity_proof,
        "record_sha256": record.sha256,
    }
