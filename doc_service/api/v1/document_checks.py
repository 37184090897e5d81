"""The check before signature, giving a draft back, and the returns of a document (004 §5.1.9–5.1.10)."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.language import preferred
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.documents import DocumentId, answered
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.schemas.document_checks import (
    CheckSheetView,
    ReturnInput,
    ReturnsView,
    returns_view,
    sheet_view,
)
from doc_service.api.v1.schemas.documents import DocumentDetail
from doc_service.domain.authorisation import Permission

router: APIRouter = guarded_router("/v1/documents", "documents")


@router.get(
    "/{document_id}/check", summary="Whether a draft is ready for signature (004 §5.1.9)",
    responses=problems("document.not_found"),
)  # fmt: skip
def check(document_id: DocumentId, guard: TheGuard, request: Request) -> CheckSheetView:
    """As it stands now: records that the draft cites may have changed since it was written."""
    guard.document(document_id, Permission.DOCUMENT_WRITE)
    return sheet_view(
        guard.use.check_before_signature(document_id), preferred(request.headers.get("accept-language", ""))
    )


@router.post(
    "/{document_id}/return", response_model=DocumentDetail, summary="Give a faulty draft back, with the reasons",
    responses=problems("document.not_found", "state.not_allowed", "visa.reason_required", *CHANGING),
)  # fmt: skip
def give_back(
    document_id: DocumentId, wanted: ReturnInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    document = guard.document(document_id, Permission.DOCUMENT_REGISTER)
    expected.require(etag(document.version))
    return answered(request, guard.use.return_document(document_id, wanted.given(), guard.actor))


@router.get(
    "/{document_id}/returns", response_model=ReturnsView, summary="Every return of a document, with its reasons",
    responses=problems("document.not_found"),
)  # fmt: skip
def returns(document_id: DocumentId, guard: TheGuard, request: Request) -> Response:
    guard.document(document_id)
    view = returns_view(guard.use.return_history(document_id))
    return shown(request, view, etag(len(view.items)))
