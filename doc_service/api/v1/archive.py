"""The archive: what is kept, until when, and the evidence that goes with it (004 §5.1.11)."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from doc_service.api.etags import etag, shown
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED, ZIP
from doc_service.api.v1.documents import DocumentId
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.packages import zipped
from doc_service.api.v1.schemas.common import Moment, View
from doc_service.api.v1.schemas.documents import (
    DocumentSummary,
    RevisionView,
    document_summary,
    revision_view,
)
from doc_service.domain.authorisation import Permission
from doc_service.domain.documents import DocumentState
from doc_service.domain.retention import Case
from doc_service.instruments.fields import Identifier, OptionalLine
from doc_service.ports_queries import DocumentFilter
from doc_service.services.nomenclature import NomenclatureInForce

router: APIRouter = guarded_router("/v1/archive", "archive")
_KEPT = frozenset({DocumentState.IN_FORCE, DocumentState.ARCHIVED, DocumentState.ANNULLED})


class CaseView(View):
    """The case (qovluq) of the nomenclature; ``years`` null: kept permanently."""

    index: str
    title: str
    retention: str
    years: int | None
    legal_basis: str


class ArchivedView(View):
    """``retain_until``: the lock that the store really holds on the newest revision; null: not locked (yet)."""

    document: DocumentSummary
    case: CaseView | None
    retain_until: datetime | None
    revisions: list[RevisionView]


@router.get("", summary="Finished documents, newest first", responses=problems("paging.bad_cursor"))
def search(
    guard: TheGuard,
    page: PageAsked,
    response: Response,
    text: Annotated[OptionalLine, Query(description="Part of number or title, in any capitals")] = "",
    number: Annotated[OptionalLine, Query(description="Exactly this registration number")] = "",
    instrument: Identifier | None = None,
    body_id: Identifier | None = None,
    created_from: Annotated[Moment | None, Query(description="Inclusive")] = None,
    created_before: Annotated[Moment | None, Query(description="Exclusive")] = None,
) -> PageView[DocumentSummary]:
    guard.require(Permission.ARCHIVE_READ)
    wanted = DocumentFilter(
        text=text, number=number, states=_KEPT, instrument=instrument or "", body_id=body_id or "",
        created_from=created_from, created_before=created_before,
    )  # fmt: skip
    with guard.reading() as uow:
        found = uow.queries.documents(wanted, page.slice)
    return page.view(found, document_summary, response)


@router.get(
    "/{document_id}",
    response_model=ArchivedView,
    summary="What is kept of a document, and until when",
    responses={**problems("document.not_found", "storage.unavailable"), **NOT_MODIFIED},
)
def get_archived(document_id: DocumentId, guard: TheGuard, request: Request) -> Response:
    document = guard.document(document_id, Permission.ARCHIVE_READ)
    with guard.reading() as uow:
        revisions = uow.documents.revisions(document_id)
        cases = NomenclatureInForce()(uow, document)
    until = guard.api.service.store.stat(document.head.key).retain_until if document.head else None
    view = ArchivedView(
        document=document_summary(document),
        case=_case(cases.get(document.case_index)),
        retain_until=until,
        revisions=[revision_view(revision, document) for revision in revisions],
    )
    return shown(request, view, etag(document.version, until.isoformat() if until else ""))


@router.get(
    "/{document_id}/evidence",
    response_class=Response,
    summary="The evidence package, as a ZIP",
    responses={**problems("document.not_found", "state.not_allowed", "storage.unavailable"), **ZIP},
)
def evidence(document_id: DocumentId, guard: TheGuard) -> Response:
    """Original, revisions, report, trust anchors, events with proofs, and a verifier that needs neither this service
    nor the network. That it was handed out is recorded."""
    document = guard.document(document_id, Permission.ARCHIVE_READ)
    number = document.registration.number if document.registration else document.id
    return zipped(f"sübut {number}", partial(guard.use.hand_out_evidence, document_id, actor=guard.actor))


def _case(case: Case | None) -> CaseView | None:
    if case is None:
        return None
    kept = case.retention
    return CaseView(
        index=case.index, title=case.title, retention=kept.title, years=kept.years, legal_basis=case.legal_basis
    )
