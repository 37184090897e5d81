"""Certified copies and extracts: issuing, the register of issues, the print for paper (004 §5.1.3)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.idempotency import NewId
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.ranges import disposition
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED, Responses
from doc_service.api.v1.documents import DocumentId, answered
from doc_service.api.v1.guard import Guard, TheGuard
from doc_service.api.v1.schemas.copies import AnnulInput, CopyInput, CopyView, copy_view
from doc_service.api.v1.schemas.documents import DocumentDetail
from doc_service.domain.authorisation import Permission
from doc_service.domain.copies import CopyIssue
from doc_service.domain.errors import NotFoundError
from doc_service.instruments.fields import Identifier

router: APIRouter = guarded_router("/v1/copies", "copies")
annulment_router: APIRouter = guarded_router("/v1/documents", "documents")
CopyId = Annotated[Identifier, Path(description="The copy's id")]
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_PDF: Responses = {200: {"description": "The print", "content": {"application/pdf": _BYTES}}}


@router.get("", summary="The register of issues, newest first", responses=problems("paging.bad_cursor"))
def list_copies(
    guard: TheGuard,
    page: PageAsked,
    response: Response,
    original_id: Annotated[Identifier | None, Query(description="Copies of this original only")] = None,
) -> PageView[CopyView]:
    """To whom, why, by whom."""
    guard.require(Permission.COPY_READ)
    with guard.reading() as uow:
        found = uow.copies.page(page.slice, original_id=original_id or "")
        documents = {row.id: uow.documents.get(row.id) for row in found.rows}
    return page.view(found, lambda row: copy_view(row, documents[row.id], _address(guard, row)), response)


@router.post(
    "", status_code=201, response_model=CopyView, summary="Issue a certified copy or an extract",
    responses=problems(
        "document.not_found", "journal.not_found", "copy.restricted", "extract.restricted", "act.no_such_item",
        copy__not_archived=409, copy__annulled=409, copy__original_invalid=409, copy__original_damaged=409,
        copy__of_a_copy=409, copy__no_seal=409, copy__other=409, copy__too_large=409,
    ),
)  # fmt: skip
def issue(wanted: CopyInput, guard: TheGuard, request: Request, new_id: NewId) -> Response:
    """The original is checked at this moment; a refusal is recorded with its reason. The file follows when the seal is
    on it: ``GET /v1/documents/{id}/content``."""
    guard.require(Permission.COPY_ISSUE)
    copy_id = wanted.id or new_id("copy")
    guard.api.service.copies.issue(wanted.to_request(copy_id), guard.actor)
    return _answer(guard, request, copy_id, 201)


@router.get(
    "/{copy_id}", response_model=CopyView, summary="One issue",
    responses={**problems("copy.not_found"), **NOT_MODIFIED},
)  # fmt: skip
def get_copy(copy_id: CopyId, guard: TheGuard, request: Request) -> Response:
    guard.require(Permission.COPY_READ)
    return _answer(guard, request, copy_id)


@router.get(
    "/{copy_id}/print", response_class=Response, summary="The copy for paper, to be printed",
    responses={**_PDF, **problems("copy.not_found", "document.not_final", copy__not_for_paper=409)},
)  # fmt: skip
def print_copy(copy_id: CopyId, guard: TheGuard) -> Response:
    """The original's pages and the certificate; the file carries no signature."""
    guard.require(Permission.COPY_READ)
    pdf = guard.api.service.copies.print_copy(copy_id)
    headers = {"content-disposition": disposition(f"{copy_id}.pdf"), "cache-control": "private, no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


@annulment_router.post(
    "/{document_id}/annulment", response_model=DocumentDetail, summary="Take the force from a signed document",
    responses=problems(
        "document.not_found", "annul.not_later", "annul.reason_required", "state.not_allowed", *CHANGING,
        annul__not_in_force=409,
    ),
)  # fmt: skip
def annul(document_id: DocumentId, said: AnnulInput, guard: TheGuard, expected: Expected, request: Request) -> Response:
    """By a later document in force that names it (004 §5.1); number and file stay."""
    document = guard.document(document_id, Permission.DOCUMENT_REGISTER)
    expected.require(etag(document.version))
    later = guard.document(said.by)
    return answered(request, guard.api.service.copies.annul(document_id, later.id, said.reason, guard.actor))


def _answer(guard: Guard, request: Request, copy_id: str, status: int = 200) -> Response:
    with guard.reading() as uow:
        found = uow.copies.find(copy_id)
        if found is None:
            raise NotFoundError("copy.not_found", "id", id=copy_id)
        document = uow.documents.get(copy_id)
    place = f"/v1/copies/{copy_id}" if status == 201 else ""
    return shown(request, copy_view(found, document, _address(guard, found)), etag(document.version), status, place)


def _address(guard: Guard, issue: CopyIssue) -> str:
    return guard.api.service.copies.house.check_address(issue.code)
