"""Shows a person the exact bytes that are to be signed (what you see is what you sign, DESIGN 7)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.document_copies import CopyKind, copy_kind
from doc_service.domain.documents import Revision
from doc_service.domain.errors import ConflictError
from doc_service.domain.signatures import SignatureRequest
from doc_service.services.base import Workspace
from doc_service.services.consent_text import consent_text
from doc_service.services.refusals import recorded
from doc_service.services.signing_steps import own_request
from storage.api import ObjectStore


@dataclass(frozen=True, slots=True)
class Shown:
    """The bytes shown, and their revision with the SHA-256 that the consent must name. ``copy``: what these bytes are
    worth, never "final" while a signature is missing."""

    request: SignatureRequest
    revision: Revision
    pdf: bytes
    copy: CopyKind = CopyKind.NONE

    def consent_text(self, language: str = "az") -> str:
        """What the person agrees to."""
        return consent_text(self.revision.sha256, language)


@dataclass(frozen=True, slots=True)
class ShowDocument:
    """Reads the newest revision for the person asked. "signature_request.not_yours" for anybody else."""

    work: Workspace
    store: ObjectStore

    def __call__(self, request_id: str, actor: str) -> Shown:
        with recorded(self.work, request_id, actor, "show"):
            return self._show(request_id, actor)

    def _show(self, request_id: str, actor: str) -> Shown:
        with self.work.uow.reading() as uow:
            request = uow.signatures.get(request_id)
            document = uow.documents.get(request.document_id)
        own_request(request, actor)
        if document.head is None:
            raise ConflictError("state.not_allowed", "", aggregate="document", state=str(document.state), action="show")
        return Shown(request, document.head, self.store.read(document.head.key), copy_kind(document))
