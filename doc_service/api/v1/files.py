"""The PDF of documents: every stored revision, and the finished one (DESIGN 4).

A half-signed copy is never handed out as the document: whoever is concerned reads it through the own signature request,
and only the secretariat and auditors get single revisions, which say in name and header what they are worth.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from doc_service.api.etags import etag, shown
from doc_service.api.problem_docs import problems
from doc_service.api.ranges import Download, Stored
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED, file_answers
from doc_service.api.v1.documents import DocumentId
from doc_service.api.v1.guard import Guard, TheGuard
from doc_service.api.v1.requests import MISSING, SIGN, RequestId
from doc_service.api.v1.schemas.common import View
from doc_service.api.v1.schemas.documents import RevisionView, is_final, revision_view
from doc_service.domain.authorisation import Permission
from doc_service.domain.document_copies import CopyKind, copy_kind
from doc_service.domain.documents import Document, Revision
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.services.final_copy import require_final

router: APIRouter = guarded_router("/v1", "documents")
Number = Annotated[int, Path(ge=0, le=100_000, description="The revision's number; 0 is the unsigned original")]
COPY = "x-copy-kind"
"""What the bytes are worth: "final", "annulled", "part_signed", …"""


class RevisionsView(View):
    items: list[RevisionView]


@router.get(
    "/documents/{document_id}/revisions",
    response_model=RevisionsView,
    summary="Every stored state of the PDF",
    responses={**problems("document.not_found"), **NOT_MODIFIED},
)
def revisions(document_id: DocumentId, guard: TheGuard, request: Request) -> Response:
    document = guard.document(document_id)
    view = RevisionsView(items=[revision_view(r, document) for r in _revisions(guard, document)])
    return shown(request, view, etag(document.version))


@router.get(
    "/documents/{document_id}/revisions/{number}/content",
    response_class=Response,
    summary="One revision, with ranges",
    responses=file_answers("document.not_found", "revision.not_found", "document.not_final"),
)
@router.head("/documents/{document_id}/revisions/{number}/content", include_in_schema=False)
def revision_content(document_id: DocumentId, number: Number, guard: TheGuard, request: Request) -> Response:
    document = guard.document(document_id)
    found = _numbered(guard, document, number)
    if not is_final(document, found) and not guard.whole(Permission.DOCUMENT_READ):
        raise ConflictError("document.not_final", "", state=str(document.state))
    return download(guard, request, document, found)


@router.get(
    "/documents/{document_id}/content",
    response_class=Response,
    summary="The finished document, with ranges",
    responses=file_answers("document.not_found", "document.not_final"),
)
@router.head("/documents/{document_id}/content", include_in_schema=False)
def content(document_id: DocumentId, guard: TheGuard, request: Request) -> Response:
    document = guard.document(document_id)
    require_final(document)
    assert document.head is not None
    return download(guard, request, document, document.head)


@router.get(
    "/signature-requests/{request_id}/content",
    response_class=Response,
    summary="The exact bytes that are to be signed, with ranges",
    responses=file_answers(MISSING, "revision.not_found", "state.not_allowed"),
)
@router.head("/signature-requests/{request_id}/content", include_in_schema=False)
def request_content(
    request_id: RequestId,
    guard: TheGuard,
    request: Request,
    revision: Annotated[int | None, Query(ge=0, le=100_000, description="As /shown named it")] = None,
) -> Response:
    """The signer's alone. ``Repr-Digest`` and ``ETag`` carry the SHA-256 that consent must name. Others may sign
    between /shown and this: ``revision`` keeps to the bytes that were announced."""
    _, document = guard.request(request_id, SIGN)
    if document.head is None:
        raise ConflictError("state.not_allowed", "", aggregate="document", state=str(document.state), action="show")
    wanted = document.head
    if revision is not None and revision != wanted.number:
        wanted = _numbered(guard, document, revision)
    return download(guard, request, document, wanted, inline=True)


def _numbered(guard: Guard, document: Document, number: int) -> Revision:
    found = next((r for r in _revisions(guard, document) if r.number == number), None)
    if found is None:
        raise NotFoundError("revision.not_found", "number", document=document.id)
    return found


def download(
    guard: Guard, request: Request, document: Document, revision: Revision, *, inline: bool = False
) -> Response:
    kind = copy_kind(document) if revision == document.head else CopyKind.PART_SIGNED
    if revision.number == 0:
        kind = CopyKind.UNSIGNED
    stored = Stored(revision.key, revision.sha256, revision.size, "application/pdf", _name(document, revision, kind))
    return Download(request, guard.api.service.store, stored, {COPY: str(kind)}, inline=inline)


def _name(document: Document, revision: Revision, kind: CopyKind) -> str:
    number = document.registration.number if document.registration else document.id
    worth = "" if kind is CopyKind.FINAL else f" ({kind}, {revision.number})"
    return f"{document.title} № {number}{worth}.pdf"


def _revisions(guard: Guard, document: Document) -> list[Revision]:
    with guard.reading() as uow:
        return list(uow.documents.revisions(document.id))
