"""Registration: journals, their entries, and the number that a document gets (004 §5.1.8)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.documents import DocumentId, answered
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.schemas.common import View, Year
from doc_service.api.v1.schemas.documents import DocumentDetail
from doc_service.api.v1.schemas.registration import (
    EntryView,
    JournalCode,
    JournalInput,
    JournalView,
    entry_view,
    journal_view,
)
from doc_service.domain.authorisation import Permission
from doc_service.domain.jobs import JobKind

router: APIRouter = guarded_router("/v1", "journals")
Code = Annotated[JournalCode, Path(description="The journal's code, e.g. KQ-P")]


class JournalsView(View):
    items: list[JournalView]


@router.get("/journals", summary="Registration journals")
def list_journals(guard: TheGuard) -> JournalsView:
    guard.require(Permission.JOURNAL_READ)
    with guard.reading() as uow:
        return JournalsView(items=[journal_view(journal) for journal in uow.queries.journals()])


@router.post(
    "/journals",
    status_code=201,
    response_model=JournalView,
    summary="Open a journal",
    responses=problems("journal.bad_pattern"),
)
def open_journal(wanted: JournalInput, guard: TheGuard, request: Request) -> Response:
    """One that is open already stays as it is and is answered."""
    guard.require(Permission.JOURNAL_WRITE)
    journal = guard.use.open_journal(wanted.to_domain(), guard.actor)
    return shown(request, journal_view(journal), etag(0), 201, f"/v1/journals/{journal.code}")


@router.get(
    "/journals/{code}",
    response_model=JournalView,
    summary="A journal",
    responses={**problems("journal.not_found"), **NOT_MODIFIED},
)
def get_journal(code: Code, guard: TheGuard, request: Request) -> Response:
    return shown(request, journal_view(guard.journal(code)), etag(0))


@router.get(
    "/journals/{code}/entries",
    summary="Its entries, the last number first",
    responses=problems("journal.not_found", "paging.bad_cursor"),
)
def entries(
    code: Code, guard: TheGuard, page: PageAsked, response: Response, year: Year | None = None
) -> PageView[EntryView]:
    guard.journal(code)
    with guard.reading() as uow:
        found = uow.queries.entries(code, page.slice, year=year)
    return page.view(found, entry_view, response)


@router.post(
    "/documents/{document_id}/registration",
    status_code=202,
    response_model=DocumentDetail,
    summary="Give an approved document its number; its PDF is then made",
    responses=problems("document.not_found", "journal.not_found", "state.not_allowed", *CHANGING),
)
def register(document_id: DocumentId, guard: TheGuard, expected: Expected, request: Request) -> Response:
    """Answers 202: ``Location`` is the job that renders the document and opens signing."""
    document = guard.document(document_id, Permission.DOCUMENT_REGISTER)
    expected.require(etag(document.version))
    registered = guard.use.register_document(document_id, guard.actor)
    with guard.reading() as uow:
        job = uow.jobs.find(f"{JobKind.RENDER}:{document_id}")
    response = answered(request, registered, 202)
    if job is not None:
        response.headers["location"] = f"/v1/jobs/{job.id}"
    return response
