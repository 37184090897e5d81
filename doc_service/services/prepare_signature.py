"""First phase of signing: what the person's device must sign (DESIGN 5–7)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import Document, Revision
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.signatures import PreparedSigning, RequestState, SignatureRequest, SignerKind, SigningLease
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.identity_proof import keep_identity
from doc_service.services.policy import SigningPolicy
from doc_service.services.refusals import recorded
from doc_service.services.signing_steps import being_signed, may_sign
from doc_service.services.signing_text import appearance
from doc_service.services.signing_turns import Turns, busy
from signing.api import CertificateChecker, CertificateStatus, PreparedSignature, SigningEngine
from storage.api import ObjectStore


@dataclass(frozen=True, slots=True)
class Held:
    """By which way a document is held, and for how long at most."""

    way: str
    length: timedelta


@dataclass(frozen=True, slots=True)
class PrepareSignature:
    """Checks the certificate against the person, takes the document's lease and prepares on its newest revision.

    Safe to repeat: a new preparation replaces the old one. Refusals are recorded in the audit log. ``way``: the way to
    sign ("": not said); how long the document is held follows from it (``SigningPolicy.lease_of``), unless ``hold``
    says how long the person's device takes.
    Raises ``SigningError`` for the certificate; ``ConflictError`` "lease.busy" while it is somebody else's turn, with
    the place in the queue that the request now has (``PlaceInQueue``), "consent.missing" without consent,
    "signature_request.signed"; and what ``may_sign`` refuses.
    """

    work: Workspace
    store: ObjectStore
    engine: SigningEngine
    checker: CertificateChecker
    policy: SigningPolicy

    def __call__(
        self,
        request_id: str,
        certificate: bytes,
        chain: Sequence[bytes],
        actor: str,
        hold: timedelta | None = None,
        *,
        way: str = "",
    ) -> PreparedSigning:
        held = Held(way, hold or self.policy.lease_of(way))
        with recorded(self.work, request_id, actor, "prepare"):
            return self._prepare(request_id, certificate, chain, actor, held)

    def _prepare(
        self, request_id: str, certificate: bytes, chain: Sequence[bytes], actor: str, held: Held
    ) -> PreparedSigning:
        with self.work.uow.reading() as uow:
            request = self._agreed(uow, request_id, actor)
        status = check_signer(self.checker, request, certificate, chain, self.work.clock.now())
        lease, document, shown = self._lease(request_id, actor, held.length)
        assert document.head is not None
        base = self.store.read(document.head.key)
        if hashlib.sha256(base[: shown.size]).hexdigest() != shown.sha256:
            raise DomainError("consent.other_document", "shown_sha256")
        prepared = self._by_engine(request, base, certificate, chain, status)
        return self._keep(request, lease, document.head, prepared, status, actor, held.way)

    def _agreed(self, uow: UnitOfWork, request_id: str, actor: str) -> SignatureRequest:
        request = uow.signatures.get(request_id)
        may_sign(uow, request, actor, self.work.clock.now())
        if request.state is RequestState.SIGNED:
            raise ConflictError("signature_request.signed", "")
        if request.state is not RequestState.CONSENTED:
            raise ConflictError("consent.missing", "", state=str(request.state))
        return request

    def _lease(self, request_id: str, actor: str, length: timedelta) -> tuple[SigningLease, Document, Revision]:
        """Takes the short fenced lease; the document and the revision that was shown are read under it."""
        with self.work.uow() as uow:
            request = self._agreed(uow, request_id, actor)
            document = uow.documents.get(request.document_id)
            being_signed(document, "prepare")
            shown = next(r for r in uow.documents.revisions(document.id) if r.sha256 == request.consent_sha256)
            turns = Turns(self.policy.queue, self.work.clock.now())
            taken = turns.take(uow, request, length)
            uow.commit()
        if not isinstance(taken, SigningLease):
            raise busy(taken)
        return taken, document, shown

    def _by_engine(
        self,
        request: SignatureRequest,
        base: bytes,
        certificate: bytes,
        chain: Sequence[bytes],
        status: CertificateStatus,
    ) -> PreparedSignature:
        now = self.work.clock.now()
        return self.engine.prepare(
            base,
            field=request.field,
            certificate=certificate,
            chain=chain,
            appearance=appearance(request, status.info, now, self.policy.development),
            signing_time=now,
            reason=request.role_label,
        )

    def _keep(
        self,
        request: SignatureRequest,
        lease: SigningLease,
        head: Revision,
        prepared: PreparedSignature,
        status: CertificateStatus,
        actor: str,
        way: str,
    ) -> PreparedSigning:
        record = PreparedSigning(
            request_id=request.id,
            document_id=request.document_id,
            lease_token=lease.token,
            base_revision=head.number,
            base_sha256=head.sha256,
            to_be_signed=prepared.to_be_signed,
            signature_algorithm=prepared.algorithm,
            certificate=prepared.certificate,
            state=prepared.state,
            created_at=self.work.clock.now(),
            way=way,
        )
        with self.work.uow() as uow:
            fence(uow, record)
            uow.signatures.put_prepared(record)
            details = {
                "request": request.id,
                "shown_sha256": request.consent_sha256,
                "base_sha256": head.sha256,
                "prepared_sha256": record.sha256,
                "certificate_sha256": hashlib.sha256(prepared.certificate).hexdigest(),
                "identity_proof": keep_identity(uow, request, status, record.sha256),
                "way": way,
            }
            self.work.record(uow, actor, Action.SIGNATURE_PREPARED, ("document", request.document_id), details)
            uow.commit()
        return record


def check_signer(
    checker: CertificateChecker, request: SignatureRequest, certificate: bytes, chain: Sequence[bytes], at: datetime
) -> CertificateStatus:
    """A person's certificate by FİN, a seal's by the organisation's VÖEN. Raises what ``CertificateChecker`` does."""
    if request.kind is SignerKind.SEAL:
        return checker.check(certificate, chain, at=at, expected_fin=None, expected_organisation=request.voen)
    return checker.check(certificate, chain, at=at, expected_fin=request.signer.fin)


def fence(uow: UnitOfWork, prepared: PreparedSigning) -> None:
    """Refuses a preparation whose lease another signer has taken over since ("lease.lost")."""
    newest = uow.signatures.lease(prepared.document_id)
    if newest is None or newest.token != prepared.lease_token:
        raise ConflictError("lease.lost", "")
