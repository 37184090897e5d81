"""Where issues of copies and the succession of documents are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from doc_service.domain.copies import CopyIssue, Succession
from doc_service.ports_queries import Page, Slice


class Copies(Protocol):
    """The register of issues; append-only."""

    def add(self, issue: CopyIssue) -> None:
        """``ConflictError`` "copy.exists" for an id or a code that is taken."""
        ...

    def find(self, copy_id: str) -> CopyIssue | None: ...
    def of_code(self, code: str) -> CopyIssue | None: ...
    def page(self, page: Slice, *, original_id: str = "") -> Page[CopyIssue]:
        """Newest first; of one original, or of all."""
        ...


class Successions(Protocol):
    """Append-only."""

    def add(self, succession: Succession) -> None:
        """The same again changes nothing."""
        ...

    def after(self, document_id: str) -> Sequence[Succession]:
        """What came after the document, oldest first."""
        ...
