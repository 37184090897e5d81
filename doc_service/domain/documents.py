"""The life of an instrument, from draft to archive (004 §5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from doc_service.domain.transitions import TransitionTable


class DocumentState(StrEnum):
    DRAFT = "draft"
    RETURNED = "returned"
    IN_VISA = "in_visa"
    APPROVED = "approved"
    REGISTERED = "registered"
    SIGNING = "signing"
    REFUSED = "refused"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"
    ANNULLED = "annulled"


class DocumentAction(StrEnum):
    SUBMIT = "submit"
    RETURN = "return"
    REVISE = "revise"
    APPROVE = "approve"
    REGISTER = "register"
    OPEN_SIGNING = "open_signing"
    ISSUE = "issue"
    REFUSE = "refuse"
    RESUME = "resume"
    COMPLETE_SIGNING = "complete_signing"
    ENTER_FORCE = "enter_force"
    ARCHIVE = "archive"
    WITHDRAW = "withdraw"
    ANNUL = "annul"


_S, _A = DocumentState, DocumentAction

DOCUMENT_TRANSITIONS: TransitionTable[DocumentState, DocumentAction] = TransitionTable(
    "document",
    {
        (_S.DRAFT, _A.SUBMIT): _S.IN_VISA,
        (_S.IN_VISA, _A.RETURN): _S.RETURNED,
        (_S.RETURNED, _A.REVISE): _S.DRAFT,
        (_S.APPROVED, _A.RETURN): _S.RETURNED,
        (_S.IN_VISA, _A.APPROVE): _S.APPROVED,
        (_S.APPROVED, _A.REGISTER): _S.REGISTERED,
        (_S.REGISTERED, _A.OPEN_SIGNING): _S.SIGNING,
        (_S.REGISTERED, _A.ISSUE): _S.IN_FORCE,
        (_S.SIGNING, _A.REFUSE): _S.REFUSED,
        (_S.REFUSED, _A.RESUME): _S.SIGNING,
        (_S.SIGNING, _A.COMPLETE_SIGNING): _S.SIGNED,
        (_S.SIGNED, _A.ENTER_FORCE): _S.IN_FORCE,
        (_S.IN_FORCE, _A.ARCHIVE): _S.ARCHIVED,
        **{
            (s, _A.WITHDRAW): _S.WITHDRAWN
            for s in (_S.DRAFT, _S.RETURNED, _S.IN_VISA, _S.APPROVED, _S.REGISTERED, _S.SIGNING, _S.REFUSED)
        },
        **{(s, _A.ANNUL): _S.ANNULLED for s in (_S.SIGNED, _S.IN_FORCE, _S.ARCHIVED)},
    },
)


@dataclass(frozen=True, slots=True)
class TemplateRef:
    """The template a document was made from: ``kq-protokol.v1`` and the SHA-256 (hex) of its DOCX."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Registration:
    """The number and day a journal gave to the document."""

    journal: str
    number: str
    registered_on: date


class RevisionKind(StrEnum):
    UNSIGNED = "unsigned"
    SIGNATURE = "signature"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class Revision:
    """One stored state of the PDF; the object's ``key`` ends in ``sha256`` (hex). ``level`` is the baseline level
    that the newest signature has in this revision (None: unsigned)."""

    document_id: str
    number: int
    kind: RevisionKind
    key: str
    sha256: str
    size: int
    created_at: datetime
    level: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """An instrument. ``data`` is what the secretariat entered, valid against the instrument's schema.

    ``signature_level``/``final_level``: the baseline level of each signature and of the finished document.
    ``case_index``: the case (qovluq) of the nomenclature. ``head``: the newest revision, None before rendering.
    ``sign_by``: the deadline of its signatures (None: none set). ``reason``: why it was withdrawn.
    """

    id: str
    instrument: str
    title: str
    body_id: str
    meeting_id: str | None
    data: Mapping[str, Any]
    template: TemplateRef
    case_index: str
    created_at: datetime
    state: DocumentState = DocumentState.DRAFT
    registration: Registration | None = None
    head: Revision | None = None
    signature_level: str = "B-T"
    final_level: str = "B-LTA"
    version: int = 0
    sign_by: datetime | None = None
    reason: str = ""

    def moved(self, action: DocumentAction, **changes: Any) -> Document:
        """The document after ``action``; raises ``ConflictError`` when its state does not allow it."""
        return replace(self, state=DOCUMENT_TRANSITIONS.next(self.state, action), **changes)
