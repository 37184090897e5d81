"""Shows a person the exact bytes that are to be signed (what you see is what you sign, DESIGN 7)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.documents import Revision
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.signatures import SignatureRequest
from doc_service.services.base import Workspace
from storage.api import ObjectStore


@dataclass(frozen=True, slots=True)
class Shown:
    """The bytes shown, and their revision with the SHA-256 that the consent must name."""

    request: SignatureRequest
    revision: Revision
    pdf: bytes


@dataclass(frozen=True, slots=True)
class ShowDocument:
    """Reads the newest revision for the person asked. "signature_request.not_yours" for anybody else."""

    work: Workspace
    store: ObjectStore

    def __call__(self, request_id: str, actor: str) -> Shown:
        with self.work.uow.reading() as uow:
            request = uow.signatures.get(request_id)
            document = uow.documents.get(request.document_id)
        own_request(request, actor)
        if document.head is None:
            raise ConflictError("state.not_allowed", "", aggregate="document", state=str(document.state), action="show")
        return Shown(request, document.head, self.store.read(document.head.key))


def own_request(request: SignatureRequest, actor: str) -> None:
    """Refuses anybody but the signer of the request."""
    if actor != request.signer.id:
        raise DomainError("signature_request.not_yours", "actor")
