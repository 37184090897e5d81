"""Documents, their revisions and visas."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from doc_service.api.v1.schemas.common import Input, Named, View, named
from doc_service.domain.documents import Document, DocumentState, Revision, RevisionKind
from doc_service.domain.visas import Visa
from doc_service.instruments.fields import Identifier, OptionalProse

FINAL = frozenset({DocumentState.IN_FORCE, DocumentState.ARCHIVED, DocumentState.ANNULLED})
"""States in which the newest revision is the finished document; before them nobody gets a copy as the final one."""


class DraftInput(Input):
    """A draft: the instrument's data must satisfy its schema (``/instruments/{id}/schema``) and its rules."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "instrument": "kq-protokol",
                    "body_id": "koordinasiya-qrupu",
                    "meeting_id": "iclas-2026-4",
                    "data": {"…": "see /instruments/kq-protokol/sample"},
                }
            ]
        }
    )

    id: Identifier | None = Field(default=None, description="Yours, so that a repeated request is recognised")
    instrument: Identifier
    body_id: Identifier
    meeting_id: Identifier | None = None
    data: dict[str, Any]


class DataInput(Input):
    """The corrected data of a returned draft."""

    data: dict[str, Any]


class VisaDecisionInput(Input):
    """A return needs a reason (004 §5.1.10)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"decision": "return", "reason": "2-ci bənddə icra müddəti göstərilməyib."}]}
    )

    decision: Literal["grant", "return"]
    reason: OptionalProse = ""


class RegistrationView(View):
    journal: str
    number: str
    registered_on: date


class RevisionView(View):
    """One stored state of the PDF. ``final``: the finished document."""

    number: int
    kind: RevisionKind
    sha256: str
    size: int
    created_at: datetime
    level: str | None
    field: str | None
    final: bool


class DocumentSummary(View):
    id: str
    instrument: str
    title: str
    body_id: str
    meeting_id: str | None
    state: Named
    registration: RegistrationView | None
    case_index: str
    created_at: datetime
    version: int


class DocumentView(DocumentSummary):
    """``final``: whether ``head`` is the finished document; ``signed``/``signatures``: how far signing has come."""

    data: dict[str, Any]
    template: str
    template_sha256: str
    signature_level: str
    final_level: str
    final: bool
    head: RevisionView | None


class DocumentStateView(View):
    """Where a document stands: small enough to be asked for often."""

    id: str
    state: Named
    final: bool
    revision: int | None
    signatures: int
    signed: int
    pending: list[str] = Field(description="What it waits for: visa units, then order numbers of open requests")
    version: int


class VisaView(View):
    id: str
    document_id: str
    round: int
    unit: str
    state: Named
    decided_by: str | None
    decided_at: datetime | None
    reason: str


def revision_view(revision: Revision, document: Document) -> RevisionView:
    return RevisionView(
        number=revision.number,
        kind=revision.kind,
        sha256=revision.sha256,
        size=revision.size,
        created_at=revision.created_at,
        level=revision.level,
        field=revision.field,
        final=is_final(document, revision),
    )


def is_final(document: Document, revision: Revision) -> bool:
    head = document.head
    return document.state in FINAL and head is not None and head.number == revision.number


def document_summary(document: Document) -> DocumentSummary:
    return DocumentSummary(**_common(document))


def document_view(document: Document) -> DocumentView:
    head = document.head
    return DocumentView(
        **_common(document),
        data=dict(document.data),
        template=document.template.name,
        template_sha256=document.template.sha256,
        signature_level=document.signature_level,
        final_level=document.final_level,
        final=head is not None and is_final(document, head),
        head=revision_view(head, document) if head else None,
    )


def visa_view(visa: Visa) -> VisaView:
    return VisaView(
        id=visa.id,
        document_id=visa.document_id,
        round=visa.round,
        unit=visa.unit,
        state=named("state", str(visa.state)),
        decided_by=visa.decided_by,
        decided_at=visa.decided_at,
        reason=visa.reason,
    )


def _common(document: Document) -> dict[str, Any]:
    registration = document.registration
    return {
        "id": document.id,
        "instrument": document.instrument,
        "title": document.title,
        "body_id": document.body_id,
        "meeting_id": document.meeting_id,
        "state": named("state", str(document.state)),
        "registration": registration
        and RegistrationView(
            journal=registration.journal, number=registration.number, registered_on=registration.registered_on
        ),
        "case_index": document.case_index,
        "created_at": document.created_at,
        "version": document.version,
    }
