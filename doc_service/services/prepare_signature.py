"""First phase of signing: what the person's device must sign (DESIGN 5–7)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import Document, DocumentState, Revision
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.signatures import PreparedSigning, RequestState, SignatureRequest, SignerKind, SigningLease
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.identity_proof import keep_identity
from doc_service.services.policy import SigningPolicy
from doc_service.services.show_document import own_request
from doc_service.services.signing_text import appearance
from signing.api import CertificateChecker, CertificateStatus, PreparedSignature, SigningEngine, SigningError
from storage.api import ObjectStore


@dataclass(frozen=True, slots=True)
class PrepareSignature:
    """Checks the certificate against the person, takes the document's lease and prepares on its newest revision.

    Safe to repeat: a new preparation replaces the old one. Refusals are recorded in the audit log.
    Raises ``SigningError`` for the certificate, ``ConflictError`` "lease.busy" while another signer is between
    prepare and complete, ``DomainError`` "consent.missing" without consent.
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
    ) -> PreparedSigning:
        """``hold``: how long the lease lasts when the person's device takes longer than the policy's."""
        with self.work.uow.reading() as uow:
            request = uow.signatures.get(request_id)
        own_request(request, actor)
        if request.state is not RequestState.CONSENTED:
            raise ConflictError("consent.missing", "", state=str(request.state))
        status = self._check(request, certificate, chain, actor)
        lease, document, shown = self._lease(request, hold or self.policy.lease)
        assert document.head is not None
        base = self.store.read(document.head.key)
        if hashlib.sha256(base[: shown.size]).hexdigest() != shown.sha256:
            raise DomainError("consent.other_document", "shown_sha256")
        prepared = self._prepare(request, base, certificate, chain, status)
        return self._keep(request, lease, document.head, prepared, status, actor)

    def _check(
        self, request: SignatureRequest, certificate: bytes, chain: Sequence[bytes], actor: str
    ) -> CertificateStatus:
        try:
            return check_signer(self.checker, request, certificate, chain, self.work.clock.now())
        except SigningError as refusal:
            with self.work.uow() as uow:
                details = {"request": request.id, "code": refusal.code}
                subject = ("document", request.document_id)
                self.work.record(uow, actor, Action.SIGNATURE_REFUSED, subject, details)
                uow.commit()
            raise

    def _lease(self, request: SignatureRequest, hold: timedelta) -> tuple[SigningLease, Document, Revision]:
        """Takes the short fenced lease; the document and the revision that was shown are read under it."""
        now = self.work.clock.now()
        with self.work.uow() as uow:
            document = uow.documents.get(request.document_id)
            if document.state is not DocumentState.SIGNING:
                raise ConflictError(
                    "state.not_allowed", "", aggregate="document", state=str(document.state), action="prepare"
                )
            current = uow.signatures.lease(document.id)
            if current and current.holds(now) and current.request_id != request.id:
                raise ConflictError("lease.busy", "", until=current.expires_at.isoformat())
            token = 1 + (current.token if current else 0)
            lease = SigningLease(document.id, token, request.id, now + hold)
            uow.signatures.take_lease(lease)
            shown = next(r for r in uow.documents.revisions(document.id) if r.sha256 == request.consent_sha256)
            uow.commit()
        return lease, document, shown

    def _prepare(
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
    ) -> PreparedSigning:
        prepared_sha256 = hashlib.sha256(prepared.to_be_signed).hexdigest()
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
        )
        with self.work.uow() as uow:
            fence(uow, record)
            uow.signatures.put_prepared(record)
            details = {
                "request": request.id,
                "shown_sha256": request.consent_sha256,
                "base_sha256": head.sha256,
                "prepared_sha256": prepared_sha256,
                "certificate_sha256": hashlib.sha256(prepared.certificate).hexdigest(),
                "identity_proof": keep_identity(uow, request, status, prepared_sha256),
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
