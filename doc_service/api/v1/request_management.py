"""Signature requests as the secretariat manages them. It can ask again, never act in the signer's name."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.documents import DocumentId
from doc_service.api.v1.documents import answered as document_answered
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.requests import MISSING, RequestId, all_of, answered
from doc_service.api.v1.schemas.common import View
from doc_service.api.v1.schemas.documents import DeadlineInput, DocumentDetail, ReasonInput
from doc_service.api.v1.schemas.requests import RequestsView, RequestView
from doc_service.domain.authorisation import Permission

MANAGE = Permission.REQUEST_MANAGE
router: APIRouter = guarded_router("/v1", "requests")


class RecordsView(View):
    """What ties digest shown, consent, authentication, prepared digest and signature, one record a signature."""

    items: list[dict[str, Any]]


@router.get(
    "/documents/{document_id}/signature-requests",
    response_model=RequestsView,
    summary="Who is asked to sign a document",
    responses={**problems("document.not_found"), **NOT_MODIFIED},
)
def of_document(document_id: DocumentId, guard: TheGuard, request: Request) -> Response:
    """In signing order: all for whoever keeps or audits the register, else the caller's own."""
    everybody = guard.whole(Permission.REQUEST_READ)
    document = guard.document(document_id)
    with guard.reading() as uow:
        found = uow.signatures.of_document(document_id)
    own = [r for r in found if everybody or r.signer.id == guard.actor]
    view = RequestsView(items=all_of(guard, document, own))
    return shown(request, view, etag(document.version, *(f"{r.version}{'o' * r.overdue}" for r in view.items)))


@router.get(
    "/documents/{document_id}/signing-records",
    summary="The record of each signature of a document",
    responses=problems("document.not_found"),
)
def records(document_id: DocumentId, guard: TheGuard) -> RecordsView:
    """All for whoever keeps or audits the register, else the caller's own."""
    everybody = guard.whole(Permission.REQUEST_READ)
    guard.document(document_id)
    found = guard.use.signing_records(document_id)
    own = [r for r in found if everybody or r.signer_id == guard.actor]
    return RecordsView(items=[dict(r.as_json()) for r in own])


@router.get(
    "/signature-requests/{request_id}/record",
    summary="The record of one signature",
    responses=problems(MISSING, "signing_record.not_found"),
)
def record_of_request(request_id: RequestId, guard: TheGuard) -> dict[str, Any]:
    guard.request(request_id)
    return dict(guard.use.signing_records.of_request(request_id).as_json())


@router.put(
    "/documents/{document_id}/deadline",
    response_model=DocumentDetail,
    summary="By when a document is to be signed",
    responses=problems(
        "document.not_found", "deadline.in_past", "deadline.reason_required", "state.not_allowed", *CHANGING
    ),
)
def set_deadline(
    document_id: DocumentId, wanted: DeadlineInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    """For everybody who has not signed. A deadline closes nothing."""
    guard.require(MANAGE)
    expected.require(etag(guard.document(document_id).version))
    guard.use.set_deadline(document_id, wanted.due_at, wanted.reason, guard.actor)
    return document_answered(request, guard.document(document_id))


@router.post(
    "/documents/{document_id}/withdrawal",
    response_model=DocumentDetail,
    summary="Withdraw a document before its last signature",
    responses=problems("document.not_found", "withdraw.reason_required", "state.not_allowed", *CHANGING),
)
def withdraw(
    document_id: DocumentId, said: ReasonInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    document = guard.document(document_id, Permission.DOCUMENT_WRITE)
    expected.require(etag(document.version))
    return document_answered(request, guard.use.withdraw_document(document_id, said.reason, guard.actor))


@router.get("/overdue-requests", summary="Open requests whose deadline has passed, the oldest deadline first")
def overdue(guard: TheGuard) -> RequestsView:
    """At most 200."""
    guard.require(Permission.REQUEST_READ)
    found = guard.use.overdue_requests()
    with guard.reading() as uow:
        documents = uow.queries.documents_of({r.document_id for r in found})
    views = [view for r in found for view in all_of(guard, documents[r.document_id], [r])]
    return RequestsView(items=views)


@router.put(
    "/signature-requests/{request_id}/deadline",
    response_model=RequestView,
    summary="By when one person is to sign",
    responses=problems(MISSING, "deadline.in_past", "deadline.reason_required", "state.not_allowed", *CHANGING),
)
def set_own_deadline(
    request_id: RequestId, wanted: DeadlineInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    found, document = guard.request(request_id, MANAGE)
    expected.require(_tag(guard, request_id))
    saved = guard.use.set_deadline(document.id, wanted.due_at, wanted.reason, guard.actor, request_id=found.id)
    return answered(guard, request, saved[0], document)


@router.post(
    "/signature-requests/{request_id}/reminder",
    status_code=202,
    response_model=RequestView,
    summary="Remind the person now",
    responses=problems(MISSING, "remind.too_soon", "state.not_allowed"),
)
def resend(request_id: RequestId, guard: TheGuard, request: Request) -> Response:
    """The letter says where to log in and nothing else; the answer holds no link of the signer's."""
    _, document = guard.request(request_id, MANAGE)
    return answered(guard, request, guard.use.resend_request(request_id, guard.actor), document, 202)


@router.post(
    "/signature-requests/{request_id}/reopening",
    response_model=RequestView,
    summary="Put a declined request to the person again",
    responses=problems(MISSING, "reopen.reason_required", "state.not_allowed", *CHANGING),
)
def reopen(request_id: RequestId, said: ReasonInput, guard: TheGuard, expected: Expected, request: Request) -> Response:
    guard.request(request_id, MANAGE)
    expected.require(_tag(guard, request_id))
    guard.use.reopen_request(request_id, said.reason, guard.actor)
    return answered(guard, request, *guard.request(request_id))


@router.post(
    "/signature-requests/{request_id}/omission",
    response_model=RequestView,
    summary="Go on without a person who declined",
    responses=problems(MISSING, "go_on.reason_required", "signing.needs_everybody", "state.not_allowed", *CHANGING),
)
def go_on_without(
    request_id: RequestId, said: ReasonInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    """Where the instrument's rules allow it."""
    guard.request(request_id, MANAGE)
    expected.require(_tag(guard, request_id))
    guard.use.go_on_without(request_id, said.reason, guard.actor)
    return answered(guard, request, *guard.request(request_id))


def _tag(guard: TheGuard, request_id: str) -> str:
    """Of the request as ``get_request`` tags it."""
    found, document = guard.request(request_id)
    return etag(found.version, document.version, int(found.overdue(guard.api.service.work.clock.now())))
