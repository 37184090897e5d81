"""Signs one request with a key at hand, by the very steps a remote signer takes."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.services.complete_signature import CompleteSignature
from doc_service.services.consent_to_sign import ConsentToSign
from doc_service.services.policy import AT_HAND
from doc_service.services.prepare_signature import PrepareSignature
from doc_service.services.show_document import ShowDocument
from signing.api import SigningKey


@dataclass(frozen=True, slots=True)
class SignWithKey:
    """Show, consent, prepare, complete, for keys that need no human in between (PKCS#12, PKCS#11)."""

    show: ShowDocument
    consent: ConsentToSign
    prepare: PrepareSignature
    complete: CompleteSignature

    def __call__(self, request_id: str, key: SigningKey, actor: str) -> SignatureRequest:
        shown = self.show(request_id, actor)
        if shown.request.state is RequestState.SIGNED:
            return shown.request
        if shown.request.state is not RequestState.CONSENTED:
            self.consent(request_id, shown.revision.sha256, actor)
        prepared = self.prepare(request_id, key.certificate, key.chain, actor, way=AT_HAND)
        signature = key.sign(prepared.to_be_signed, prepared.signature_algorithm)
        return self.complete(request_id, signature, actor)
