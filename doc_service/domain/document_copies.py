"""What a copy of a document's newest file is worth: a half-signed one is never handed out as final."""

from __future__ import annotations

from enum import StrEnum

from doc_service.domain.documents import Document, DocumentState, RevisionKind


class CopyKind(StrEnum):
    """``SIGNED``: every signature is there, the final level is not reached yet. ``FINAL``: in force."""

    NONE = "none"
    UNSIGNED = "unsigned"
    PART_SIGNED = "part_signed"
    SIGNED = "signed"
    FINAL = "final"
    WITHDRAWN = "withdrawn"
    ANNULLED = "annulled"

    @property
    def may_leave(self) -> bool:
        """Whether it may be given out as the instrument. An annulled one may: it was in force, and says when until."""
        return self in (CopyKind.FINAL, CopyKind.ANNULLED)


_BY_STATE = {
    DocumentState.SIGNED: CopyKind.SIGNED,
    DocumentState.IN_FORCE: CopyKind.FINAL,
    DocumentState.ARCHIVED: CopyKind.FINAL,
    DocumentState.WITHDRAWN: CopyKind.WITHDRAWN,
    DocumentState.ANNULLED: CopyKind.ANNULLED,
}


def copy_kind(document: Document) -> CopyKind:
    """Of the newest revision."""
    if document.head is None:
        return CopyKind.NONE
    unsigned = document.head.kind is RevisionKind.UNSIGNED
    return _BY_STATE.get(document.state, CopyKind.UNSIGNED if unsigned else CopyKind.PART_SIGNED)
