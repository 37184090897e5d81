"""The print of a copy for paper, made from the archive whenever it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from doc_service.domain.copies import CopyForm, IssueKind
from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.services.base import Workspace
from doc_service.services.final_copy import require_final
from storage.api import ObjectStore

PrintSheets = Callable[[bytes | None, bytes, str], bytes]
"""Pages of the original (None: they are not printed), the certificate, the title; gives what is printed."""


@dataclass(frozen=True, slots=True)
class PrintCopy:
    """Pages of the original as they were checked at the issue, and the certificate; of an extract its own pages.
    ``NotFoundError`` "copy.not_found";
    ``ConflictError`` "copy.not_for_paper", "document.not_final" (the certificate is still being made),
    "copy.annulled", "copy.original_damaged"."""

    work: Workspace
    store: ObjectStore
    print_sheets: PrintSheets

    def __call__(self, copy_id: str) -> bytes:
        with self.work.uow.reading() as uow:
            issue = uow.copies.find(copy_id)
            if issue is None:
                raise NotFoundError("copy.not_found", "id", id=copy_id)
            copy = uow.documents.get(copy_id)
            revisions = uow.documents.revisions(issue.original_id)
        if issue.form is not CopyForm.PAPER:
            raise ConflictError("copy.not_for_paper", "id")
        if copy.state is DocumentState.ANNULLED:
            raise ConflictError("copy.annulled", "id")
        require_final(copy)
        original = next((r for r in revisions if r.sha256 == issue.original_sha256), None)
        if original is None or copy.head is None:
            raise ConflictError("copy.original_damaged", "original_id")
        pages = None if issue.kind is IssueKind.EXTRACT else self.store.read(original.key)
        return self.print_sheets(pages, self.store.read(copy.head.key), _title(copy))


def _title(copy: Document) -> str:
    assert copy.registration is not None
    return f"{copy.title} № {copy.registration.number}"
