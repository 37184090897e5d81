"""Dispatch: delivery lists, sending and proof of delivery (004 §5.1.8–5.1.10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.idempotency import NewId
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.documents import DocumentId, answered
from doc_service.api.v1.guard import Guard, TheGuard
from doc_service.api.v1.schemas.dispatch import (
    DeliveriesInput,
    DeliveriesView,
    DeliveryView,
    ProofInput,
    ReasonInput,
    RegisterInput,
    SendingInput,
    delivery_view,
)
from doc_service.api.v1.schemas.documents import DocumentDetail
from doc_service.domain.authorisation import Permission
from doc_service.domain.dispatch import Delivery, DeliveryState
from doc_service.instruments.fields import Identifier

router: APIRouter = guarded_router("/v1", "dispatch")
DeliveryId = Annotated[Identifier, Path(description="The delivery's id")]
_ONE = ("delivery.not_found", "state.not_allowed", *CHANGING)


@router.get("/deliveries", summary="Deliveries, newest first", responses=problems("paging.bad_cursor"))
def list_deliveries(
    guard: TheGuard, page: PageAsked, response: Response, state: Annotated[DeliveryState | None, Query()] = None
) -> PageView[DeliveryView]:
    guard.require(Permission.DISPATCH_READ)
    with guard.reading() as uow:
        found = uow.deliveries.page(page.slice, state=state)
    return page.view(found, delivery_view, response)


@router.get(
    "/documents/{document_id}/deliveries", response_model=DeliveriesView, summary="A document's delivery list",
    responses={**problems("document.not_found"), **NOT_MODIFIED},
)  # fmt: skip
def of_document(document_id: DocumentId, guard: TheGuard, request: Request) -> Response:
    guard.document(document_id, Permission.DISPATCH_READ)
    with guard.reading() as uow:
        return _listed(request, uow.deliveries.of_document(document_id))


@router.post(
    "/documents/{document_id}/deliveries", status_code=201, response_model=DeliveriesView,
    summary="Put addressees on a document's delivery list",
    responses=problems(
        "document.not_found", "dispatch.address_missing", "person.bad_email", "dispatch.restricted_by_mail",
        "dispatch.not_to_be_sent",
    ),
)  # fmt: skip
def plan(document_id: DocumentId, wanted: DeliveriesInput, guard: TheGuard, request: Request) -> Response:
    guard.document(document_id, Permission.DISPATCH_WRITE)
    return _listed(request, guard.use.dispatch.plan(document_id, wanted.lines(), guard.actor), 201)


@router.get(
    "/deliveries/{delivery_id}", response_model=DeliveryView, summary="A delivery",
    responses={**problems("delivery.not_found"), **NOT_MODIFIED},
)  # fmt: skip
def get_delivery(delivery_id: DeliveryId, guard: TheGuard, request: Request) -> Response:
    return _answer(request, _delivery(guard, delivery_id, Permission.DISPATCH_READ))


@router.post(
    "/deliveries/{delivery_id}/sending", response_model=DeliveryView, summary="Send, or record that it was sent",
    responses=problems(*_ONE, "dispatch.reference_required", "document.not_final"),
)  # fmt: skip
def send(
    delivery_id: DeliveryId, wanted: SendingInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    """E-mail goes out in the background: "queued" first, then "sent" or "failed"."""
    expected.require(etag(_delivery(guard, delivery_id).version))
    return _answer(request, guard.use.dispatch.send(delivery_id, guard.actor, wanted.reference))


@router.post(
    "/deliveries/{delivery_id}/proof", response_model=DeliveryView, summary="Record that it arrived",
    responses=problems(
        *_ONE, "dispatch.proof_before_sending", "dispatch.proof_in_future", "dispatch.delivered_already"
    ),
)  # fmt: skip
def confirm(
    delivery_id: DeliveryId, wanted: ProofInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    expected.require(etag(_delivery(guard, delivery_id).version))
    return _answer(request, guard.use.dispatch.confirm(delivery_id, wanted.given(), guard.actor))


@router.post(
    "/deliveries/{delivery_id}/return", response_model=DeliveryView, summary="Record that it came back",
    responses=problems(*_ONE, "dispatch.reason_required"),
)  # fmt: skip
def bring_back(
    delivery_id: DeliveryId, wanted: ReasonInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    expected.require(etag(_delivery(guard, delivery_id).version))
    return _answer(request, guard.use.dispatch.bring_back(delivery_id, guard.actor, wanted.reason))


@router.post(
    "/deliveries/{delivery_id}/cancellation", response_model=DeliveryView, summary="Take it off the list",
    responses=problems(*_ONE, "dispatch.reason_required"),
)  # fmt: skip
def cancel(
    delivery_id: DeliveryId, wanted: ReasonInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    expected.require(etag(_delivery(guard, delivery_id).version))
    return _answer(request, guard.use.dispatch.cancel(delivery_id, guard.actor, wanted.reason))


@router.post(
    "/dispatch-registers", status_code=201, response_model=DocumentDetail,
    summary="Draft the dispatch register of a time", responses=problems("body.not_found", "list.time_reversed"),
)  # fmt: skip
def make_register(wanted: RegisterInput, guard: TheGuard, request: Request, new_id: NewId) -> Response:
    """An instrument as any other: it is then submitted, registered and signed by the secretary."""
    guard.require(Permission.DOCUMENT_WRITE)
    name = wanted.id or new_id("document")
    made = guard.use.dispatch.make_register(wanted.body_id, wanted.since, wanted.until, name, guard.actor)
    return answered(request, made, 201)


def _delivery(guard: Guard, delivery_id: str, permission: Permission = Permission.DISPATCH_WRITE) -> Delivery:
    """Judged by the right to the area: only the secretariat and auditors have it."""
    guard.require(permission)
    with guard.reading() as uow:
        return uow.deliveries.get(delivery_id)


def _listed(request: Request, found: Sequence[Delivery], status: int = 200) -> Response:
    view = DeliveriesView(items=[delivery_view(d) for d in found])
    return shown(request, view, etag(len(found), *(d.version for d in found)), status)


def _answer(request: Request, delivery: Delivery) -> Response:
    return shown(request, delivery_view(delivery), etag(delivery.version))
