"""The registry of a cluster as a spreadsheet: downloaded, checked, and read into a returned draft (003 §4.16)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from doc_service.api.etags import Expected, etag, not_modified
from doc_service.api.idempotency import Repeat, repeated
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED, Responses
from doc_service.api.v1.documents import DocumentId, answered
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.schemas.common import View
from doc_service.api.v1.schemas.documents import DocumentDetail
from doc_service.domain.authorisation import Permission
from doc_service.instruments.cluster.registry_data import RowData
from doc_service.services.registry_sheets.revise_rows import registry_of
from doc_service.services.registry_sheets.write_sheet import SheetFormat

router: APIRouter = guarded_router("/v1/registry-sheets", "documents")
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_XLSX = str(SheetFormat.XLSX.media_type)
_SHEET: Responses = {
    200: {"description": "The spreadsheet", "content": dict.fromkeys((_XLSX, "text/csv"), _BYTES)},
    **NOT_MODIFIED,
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {_XLSX: _BYTES, "application/octet-stream": _BYTES},
    }
}
_REFUSED = ("sheet.unreadable", "sheet.too_large", "sheet.too_many_rows", "sheet.empty", "data.missing")


class SheetRows(View):
    """The rows as ``rows`` of a registry's data."""

    rows: list[RowData]


@router.get(
    "/{document_id}",
    response_class=Response,
    summary="A registry as XLSX or CSV",
    responses={**_SHEET, **problems("document.not_found", "sheet.other_instrument")},
)
def registry_sheet(
    document_id: DocumentId,
    guard: TheGuard,
    request: Request,
    form: Annotated[SheetFormat, Query(alias="format", description="xlsx or csv")] = SheetFormat.XLSX,
) -> Response:
    """Its rows in the order of the form. What is read from the XLSX again are the same rows."""
    document = guard.document(document_id)
    tag = etag(document.version, form)
    headers = {"etag": tag, "vary": "Authorization, Cookie", "cache-control": "private, no-cache"}
    if not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    data = registry_of(document, guard.api.service.registry)
    number = document.registration.number if document.registration else document.id
    name = quote(f"{document.title} № {number}.{form}", safe="")
    headers["content-disposition"] = f"attachment; filename*=UTF-8''{name}"
    return Response(guard.use.registry_sheets.write(data, form), media_type=form.media_type, headers=headers)


@router.post(
    "/reading",
    summary="Read a sheet without keeping it, sent as the body",
    responses=problems(*_REFUSED),
    openapi_extra=_BODY,
)
@repeated(Repeat.FREE)
async def read_sheet(request: Request, guard: TheGuard) -> SheetRows:
    """All rows, or every fault at once, each with its cell ("C17"). Changes nothing."""
    guard.require(Permission.DOCUMENT_WRITE)
    content = await request.body()
    rows = await run_in_threadpool(guard.use.registry_sheets.read, content)
    return SheetRows(rows=list(rows))


@router.put(
    "/{document_id}",
    response_model=DocumentDetail,
    summary="Replace the rows of a returned draft by those of a sheet",
    responses=problems("document.not_found", "state.not_allowed", "sheet.other_instrument", *_REFUSED, *CHANGING),
    openapi_extra=_BODY,
)
async def revise_by_sheet(document_id: DocumentId, guard: TheGuard, expected: Expected, request: Request) -> Response:
    """The difference from the last edition is made anew. With a single fault nothing is changed."""
    document = await run_in_threadpool(guard.document, document_id, Permission.DOCUMENT_WRITE)
    expected.require(etag(document.version))
    content = await request.body()
    revised = await run_in_threadpool(guard.use.registry_sheets.revise, document_id, content, guard.actor)
    return answered(request, revised)
