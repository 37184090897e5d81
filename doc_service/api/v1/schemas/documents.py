"""Documents, their revisions and visas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import ConfigDict, Field

from doc_service.api.v1.schemas.common import Input, Moment, Named, View, named
from doc_service.domain.document_copies import CopyKind, copy_kind
from doc_service.domain.documents import Document, DocumentState, Revision, RevisionKind
from doc_service.domain.signatures import ASKED, RequestState, SignatureRequest
from doc_service.domain.visas import Visa, VisaAction, VisaState
from doc_service.instruments.fields import Identifier, Line, OptionalProse


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

    data: dict[str, Any] = Field(examples=[{"number": 7}], description="As the instrument's JSON Schema has it")


class VisaDecisionInput(Input):
    """What the unit decides on the version that If-Match names. A return needs a reason (004 §5.1.10)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"unit": "Hüquq şöbəsi", "decision": "return", "reason": "2-ci bənddə icra müddəti göstərilməyib."}
            ]
        }
    )

    unit: Line
    decision: VisaAction
    reason: OptionalProse = ""


class ReasonInput(Input):
    """Why; it is kept in the control-audit journal."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Layihə yenidən işlənir."}]})

    reason: OptionalProse = Field(max_length=2000)


class DeadlineInput(Input):
    """A change of a deadline that was set before needs a ``reason``."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"due_at": "2026-12-01T18:00:00+04:00", "reason": ""}]})

    due_at: Moment
    reason: OptionalProse = Field(default="", max_length=2000)


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


class DocumentDetail(DocumentSummary):
    """``final``: whether ``head`` is the finished document; ``copy_kind``: what a copy of it is worth. ``sign_by``: the
    deadline of signing. ``reason``: why it was withdrawn."""

    data: dict[str, Any]
    template: str
    template_sha256: str
    signature_level: str
    final_level: str
    final: bool
    copy_kind: CopyKind
    head: RevisionView | None
    sign_by: datetime | None
    reason: str


class DocumentStateView(View):
    """Where a document stands: small enough to be asked for often."""

    id: str
    state: Named
    final: bool
    revision: int | None
    signatures: int
    signed: int
    pending: list[str] = Field(
        description="What it waits for: visa units, then order numbers of open requests, then the level (e.g. B-LTA) "
        "that a signed document has yet to reach; nobody is asked for that"
    )
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
    """A half-signed copy is never the document (``domain.document_copies``)."""
    head = document.head
    return copy_kind(document).may_leave and head is not None and head.number == revision.number


def document_summary(document: Document) -> DocumentSummary:
    return DocumentSummary(**_common(document))


def document_view(document: Document) -> DocumentDetail:
    head = document.head
    return DocumentDetail(
        **_common(document),
        data=dict(document.data),
        template=document.template.name,
        template_sha256=document.template.sha256,
        signature_level=document.signature_level,
        final_level=document.final_level,
        final=head is not None and is_final(document, head),
        copy_kind=copy_kind(document),
        head=revision_view(head, document) if head else None,
        sign_by=document.sign_by,
        reason=document.reason,
    )


def state_view(document: Document, requests: Sequence[SignatureRequest], visas: Sequence[Visa]) -> DocumentStateView:
    head = document.head
    standing = [r for r in requests if r.state is not RequestState.WITHDRAWN]
    waiting = [v.unit for v in visas if v.state is VisaState.PENDING]
    orders = sorted({r.order for r in standing if r.state in ASKED})
    level = [document.final_level] if document.state is DocumentState.SIGNED else []
    return DocumentStateView(
        id=document.id,
        state=named("state", str(document.state)),
        final=head is not None and is_final(document, head),
        revision=head.number if head else None,
        signatures=len(standing),
        signed=sum(r.state is RequestState.SIGNED for r in standing),
        pending=[*waiting, *map(str, orders), *level],
        version=document.version,
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
