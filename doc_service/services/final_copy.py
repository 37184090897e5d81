"""Gives out the instrument itself; what is signed in part, or withdrawn, is never given out as it (004 §5.1)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.document_copies import CopyKind, copy_kind
from doc_service.domain.documents import Document, Revision
from doc_service.domain.errors import ConflictError
from doc_service.services.base import Workspace
from storage.api import ObjectStore


@dataclass(frozen=True, slots=True)
class FinalFile:
    """``copy`` is FINAL, or ANNULLED: then whoever receives it must be told."""

    document: Document
    revision: Revision
    copy: CopyKind
    pdf: bytes


@dataclass(frozen=True, slots=True)
class FinalCopy:
    """The file of a document in force (or annulled since). "document.not_final" for any other, naming its state."""

    work: Workspace
    store: ObjectStore

    def __call__(self, document_id: str) -> FinalFile:
        with self.work.uow.reading() as uow:
            document = uow.documents.get(document_id)
        require_final(document)
        assert document.head is not None
        return FinalFile(document, document.head, copy_kind(document), self.store.read(document.head.key))


def require_final(document: Document) -> None:
    """Raises ``ConflictError`` "document.not_final"."""
    if not copy_kind(document).may_leave:
        raise ConflictError("document.not_final", "", state=str(document.state))
