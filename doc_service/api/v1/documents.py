"""Documents: drafted, corrected, submitted, looked for (004 §5.1)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.idempotency import NewId
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.events import PROGRESS
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.schemas.audit import EventView, event_view
from doc_service.api.v1.schemas.common import Moment
from doc_service.api.v1.schemas.documents import (
    DataInput,
    DocumentDetail,
    DocumentStateView,
    DocumentSummary,
    DraftInput,
    document_summary,
    document_view,
    state_view,
)
from doc_service.domain.authorisation import Permission
from doc_service.domain.documents import Document, DocumentState
from doc_service.instruments.fields import Identifier, OptionalLine
from doc_service.ports_queries import DocumentFilter, EventFilter, Page
from doc_service.services.draft_document import DraftRequest

router: APIRouter = guarded_router("/v1/documents", "documents")
DocumentId = Annotated[Identifier, Path(description="The document's id")]


@router.get("", summary="Documents, newest first", responses=problems("paging.bad_cursor"))
def list_documents(
    guard: TheGuard,
    page: PageAsked,
    response: Response,
    text: Annotated[OptionalLine, Query(description="Part of number or title, in any capitals")] = "",
    number: Annotated[OptionalLine, Query(description="Exactly this registration number")] = "",
    state: Annotated[list[DocumentState] | None, Query(max_length=len(DocumentState))] = None,
    instrument: Identifier | None = None,
    body_id: Identifier | None = None,
    meeting_id: Identifier | None = None,
    created_from: Annotated[Moment | None, Query(description="Inclusive")] = None,
    created_before: Annotated[Moment | None, Query(description="Exclusive")] = None,
) -> PageView[DocumentSummary]:
    """Everybody's for whoever keeps or audits the register, else those that concern the caller."""
    everybody = guard.whole(Permission.DOCUMENT_READ)
    with guard.reading() as uow:
        wanted = DocumentFilter(
            text=text,
            number=number,
            states=frozenset(state or ()),
            instrument=instrument or "",
            body_id=body_id or "",
            meeting_id=meeting_id or "",
            created_from=created_from,
            created_before=created_before,
            concern=None if everybody else guard.concern(uow),
        )
        found = uow.queries.documents(wanted, page.slice)
    return page.view(found, document_summary, response)


@router.post(
    "",
    status_code=201,
    response_model=DocumentDetail,
    summary="Draft a document",
    responses=problems("body.not_found", "instrument.unknown", "document.other_data", "data.missing"),
)
def draft(wanted: DraftInput, guard: TheGuard, request: Request, new_id: NewId) -> Response:
    """Every fault of the data is told at once, each with its field."""
    guard.require(Permission.DOCUMENT_WRITE)
    document_id = wanted.id or new_id("document")
    draft = DraftRequest(document_id, wanted.instrument, wanted.body_id, wanted.meeting_id, wanted.data)
    document = guard.use.draft_document(draft, guard.actor)
    return answered(request, document, 201)


@router.get(
    "/{document_id}",
    response_model=DocumentDetail,
    summary="A document with its data",
    responses={**problems("document.not_found"), **NOT_MODIFIED},
)
def get_document(document_id: DocumentId, guard: TheGuard, request: Request) -> Response:
    return answered(request, guard.document(document_id))


@router.put(
    "/{document_id}/data",
    response_model=DocumentDetail,
    summary="Correct a returned draft (004 §5.1.10)",
    responses=problems("document.not_found", "state.not_allowed", "data.missing", *CHANGING),
)
def revise(
    document_id: DocumentId, corrected: DataInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    document = guard.document(document_id, Permission.DOCUMENT_WRITE)
    expected.require(etag(document.version))
    return answered(request, guard.use.revise_document(document_id, corrected.data, guard.actor))


@router.post(
    "/{document_id}/submission",
    response_model=DocumentDetail,
    summary="Send a draft to the units that give a visa (004 §5.1.9)",
    responses=problems("document.not_found", "state.not_allowed", *CHANGING),
)
def submit(document_id: DocumentId, guard: TheGuard, expected: Expected, request: Request) -> Response:
    document = guard.document(document_id, Permission.DOCUMENT_WRITE)
    expected.require(etag(document.version))
    return answered(request, guard.use.submit_document(document_id, guard.actor))


@router.get(
    "/{document_id}/state",
    response_model=DocumentStateView,
    summary="Where a document stands and what it waits for",
    responses={**problems("document.not_found"), **NOT_MODIFIED},
)
def get_state(document_id: DocumentId, guard: TheGuard, request: Request) -> Response:
    document = guard.document(document_id)
    with guard.reading() as uow:
        requests, visas = uow.signatures.of_document(document_id), uow.visas.of_document(document_id)
    view = state_view(document, requests, visas)
    return shown(request, view, etag(document.version, view.signed, len(view.pending)))


@router.get(
    "/{document_id}/history",
    summary="Its events in the control-audit journal, newest first",
    responses=problems("document.not_found", "paging.bad_cursor"),
)
def history(document_id: DocumentId, guard: TheGuard, page: PageAsked, response: Response) -> PageView[EventView]:
    """Process and result can be traced by those concerned (002 §2.1.1). Who did a step, and its details, are told to
    whoever keeps or audits the register; to others, of their own steps."""
    guard.document(document_id)
    with guard.reading() as uow:
        found = uow.queries.events(EventFilter(subject=("document", document_id)), page.slice)
    if guard.personal:
        return page.view(found, event_view, response)
    own = guard.actor
    rows = tuple(r for r in found.rows if r.event.actor == own or r.event.action in PROGRESS)
    return page.view(Page(rows, found.end), lambda r: event_view(r, whole=r.event.actor == own), response)


def answered(request: Request, document: Document, status: int = 200) -> Response:
    """The document with its tag."""
    place = f"/v1/documents/{document.id}" if status == 201 else ""
    return shown(request, document_view(document), etag(document.version), status, place)
