"""The organisation's seal (möhür), whose key this service holds on a token."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.signatures import PreparedSigning, RequestState, SignatureRequest, SignerKind
from doc_service.services.base import Workspace
from doc_service.services.complete_signature import CompleteSignature
from doc_service.services.consent_to_sign import ConsentToSign
from doc_service.services.prepare_signature import PrepareSignature
from doc_service.services.show_document import ShowDocument
from signing.api import SigningKey


class SealKeys(Protocol):
    def holds(self, voen: str) -> bool:
        """Whether this service was given the seal of the organisation; nothing is touched to find out."""
        ...

    def using(self, voen: str) -> AbstractContextManager[SigningKey]:
        """The key for the length of the block. ``NotFoundError`` "seal.unknown"; ``SigningError`` of the token."""
        ...


@dataclass(frozen=True, slots=True)
class ApplySeal:
    """Seals the document of a request of kind SEAL; the certificate must be the organisation's (VÖEN).

    Who may ask for it is decided before it is called; ``actor`` is recorded. Safe to repeat. A retryable error of the
    token or "lease.busy" loses nothing. Raises "seal.not_a_seal" for a person's request: nobody signs for a person.
    """

    work: Workspace
    show: ShowDocument
    consent: ConsentToSign
    prepare: PrepareSignature
    complete: CompleteSignature
    keys: SealKeys
    way: str = "pkcs11"

    def __call__(self, request_id: str, actor: str) -> SignatureRequest:
        with self.work.uow.reading() as uow:
            request = uow.signatures.get(request_id)
        if request.kind is not SignerKind.SEAL:
            raise DomainError("seal.not_a_seal", "request")
        if request.state is RequestState.SIGNED:
            self._note(request, actor)
            return request
        with self.keys.using(request.voen) as key:
            prepared = self._prepared(request, key)
            signature = key.sign(prepared.to_be_signed, prepared.signature_algorithm)
        signed = self.complete(request_id, signature, request.signer.id, prepared_sha256=prepared.sha256)
        self._note(signed, actor)
        return signed

    def _note(self, signed: SignatureRequest, actor: str) -> None:
        """Once, also when the process died between the signature and this event."""
        subject = ("document", signed.document_id)
        with self.work.uow() as uow:
            events = uow.audit.of_subject(*subject)
            if any(e.action is Action.SEAL_APPLIED and e.details.get("request") == signed.id for e in events):
                return
            details = {"request": signed.id, "voen": signed.voen, "revision": signed.revision}
            self.work.record(uow, actor, Action.SEAL_APPLIED, subject, details)
            uow.commit()

    def _prepared(self, request: SignatureRequest, key: SigningKey) -> PreparedSigning:
        seal = request.signer.id
        shown = self.show(request.id, seal)
        if request.state is not RequestState.CONSENTED or request.consent_sha256 != shown.revision.sha256:
            self.consent(request.id, shown.revision.sha256, seal)
        return self.prepare(request.id, key.certificate, key.chain, seal, way=self.way)
