"""A person agrees to sign the bytes that were shown (DESIGN 7)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.authentication import Authentication
from doc_service.domain.documents import Document
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.signatures import RequestAction, RequestState, SignatureRequest
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.consent_text import checked_text
from doc_service.services.refusals import recorded
from doc_service.services.signing_steps import being_signed, may_sign, own_request, standing_revisions


@dataclass(frozen=True, slots=True)
class ConsentToSign:
    """Records the digest that the person saw, the words agreed to, and how the person was authenticated.

    The digest must be one of the document's own revisions; anything else is refused with "consent.unknown_digest", an
    original that was made anew since with "consent.superseded". Consenting again to the same digest changes nothing.
    Besides what ``may_sign`` refuses: "consent.text_too_long". ``authentication`` None: the key was at hand."""

    work: Workspace

    def __call__(
        self,
        request_id: str,
        shown_sha256: str,
        actor: str,
        *,
        text: str = "",
        authentication: Authentication | None = None,
    ) -> SignatureRequest:
        with recorded(self.work, request_id, actor, "consent"):
            return self._consent(request_id, shown_sha256, actor, checked_text(text, shown_sha256), authentication)

    def _consent(
        self, request_id: str, shown_sha256: str, actor: str, text: str, authentication: Authentication | None
    ) -> SignatureRequest:
        now = self.work.clock.now()
        with self.work.uow() as uow:
            request = uow.signatures.get(request_id)
            own_request(request, actor)
            agreed = request.state in (RequestState.SIGNED, RequestState.CONSENTED)
            if agreed and request.consent_sha256 == shown_sha256:
                return request
            may_sign(uow, request, actor, now)
            document = uow.documents.get(request.document_id)
            being_signed(document, "consent")
            _own_bytes(uow, document, shown_sha256)
            moved = request.moved(
                RequestAction.CONSENT,
                consent_sha256=shown_sha256,
                consented_at=now,
                consent_text=text,
                consent_authentication=authentication or Authentication.in_process(now),
            )
            saved = uow.signatures.save(moved)
            self._record(uow, saved, actor)
            uow.commit()
        return saved

    def _record(self, uow: UnitOfWork, request: SignatureRequest, actor: str) -> None:
        assert request.consent_authentication is not None
        details = {
            "request": request.id,
            "shown_sha256": request.consent_sha256,
            "text_sha256": hashlib.sha256(request.consent_text.encode()).hexdigest(),
            "means": request.consent_authentication.means,
            "session": request.consent_authentication.session_id,
        }
        self.work.record(uow, actor, Action.SIGNATURE_CONSENTED, ("document", request.document_id), details)


def _own_bytes(uow: UnitOfWork, document: Document, shown_sha256: str) -> None:
    revisions = uow.documents.revisions(document.id)
    if shown_sha256 not in {r.sha256 for r in revisions}:
        raise DomainError("consent.unknown_digest", "shown_sha256", digest=shown_sha256)
    if shown_sha256 not in {r.sha256 for r in standing_revisions(revisions)}:
        raise ConflictError("consent.superseded", "shown_sha256")
