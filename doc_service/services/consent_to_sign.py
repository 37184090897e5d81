"""A person agrees to sign the bytes that were shown (DESIGN 7)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.signatures import RequestAction, RequestState, SignatureRequest
from doc_service.services.base import Workspace
from doc_service.services.show_document import own_request


@dataclass(frozen=True, slots=True)
class ConsentToSign:
    """Records the digest that the person saw. It must be one of the document's own revisions; anything else is
    refused with "consent.unknown_digest". Consenting again to the same digest changes nothing."""

    work: Workspace

    def __call__(self, request_id: str, shown_sha256: str, actor: str) -> SignatureRequest:
        with self.work.uow() as uow:
            request = uow.signatures.get(request_id)
            own_request(request, actor)
            agreed = request.state in (RequestState.SIGNED, RequestState.CONSENTED)
            if agreed and request.consent_sha256 == shown_sha256:
                return request
            document = uow.documents.get(request.document_id)
            if document.state is not DocumentState.SIGNING:
                raise ConflictError(
                    "state.not_allowed", "", aggregate="document", state=str(document.state), action="consent"
                )
            if shown_sha256 not in {r.sha256 for r in uow.documents.revisions(document.id)}:
                raise DomainError("consent.unknown_digest", "shown_sha256", digest=shown_sha256)
            moved = request.moved(
                RequestAction.CONSENT, consent_sha256=shown_sha256, consented_at=self.work.clock.now()
            )
            saved = uow.signatures.save(moved)
            details = {"request": request.id, "shown_sha256": shown_sha256}
            self.work.record(uow, actor, Action.SIGNATURE_CONSENTED, ("document", document.id), details)
            uow.commit()
        return saved
