"""Signing with a key that is elsewhere: an operation is started, watched, answered (DESIGN 6).

Every call may be repeated: an operation knows how far the person's device has come, so that a lost answer, a second tab
or a restart asks nobody twice. POSTs here need no Idempotency-Key for that reason, and a typed PIN is kept nowhere.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from doc_service.api.context import TheApi
from doc_service.api.idempotency import Repeat, repeated
from doc_service.api.problem_docs import problems
from doc_service.api.problems import ApiError
from doc_service.api.qr import qr_svg
from doc_service.api.routing import HeavyRoute, guarded_router, open_router
from doc_service.api.v1.guard import Guard, TheGuard
from doc_service.api.v1.schemas.operations import (
    AnswerInput,
    OperationInput,
    OperationsView,
    OperationView,
    ReturnedView,
    WaysView,
    operation_view,
    way_view,
)
from doc_service.domain.authorisation import Permission, Reach, holds
from doc_service.domain.errors import NotFoundError
from doc_service.domain.signing_operations import SigningOperation
from doc_service.instruments.fields import Identifier
from signing.remote.api import PromptKind, Returned

BACK = "v1/signing-returns"
MISSING = "signing_operation.not_found"
router: APIRouter = guarded_router("/v1/signing-operations", "signing")
ways_router: APIRouter = guarded_router("/v1/signing-ways", "signing")
returns_router: APIRouter = open_router("/v1/signing-returns", "signing", HeavyRoute)
OperationId = Annotated[Identifier, Path(description="The operation's id")]
_STARTING = (
    "operation.unknown_way", "operation.in_progress", "operation.too_many", "operation.same_document",
    "consent.missing", "signature_request.not_found", "signature_request.signed", "signature_request.withdrawn",
    "signing.wrong_person", "signing.remote_unavailable",
)  # fmt: skip
_GOING_ON = (MISSING, "operation.busy", "signing.remote_unavailable", "signing.remote_wrong_answer")


@ways_router.get("", summary="Ways to sign that this service offers")
def list_ways(guard: TheGuard) -> WaysView:
    return WaysView(items=[way_view(way) for way in guard.api.service.signing.ways.offered()])


@router.post("", status_code=201, summary="Begin to sign one or several documents", responses=problems(*_STARTING))
@repeated(Repeat.FREE)
def start(asked: OperationInput, guard: TheGuard, response: Response) -> OperationView:
    """Each request must be agreed to first. The same requests by the same way give the running operation back."""
    for request_id in asked.requests:
        guard.request(request_id, Permission.REQUEST_SIGN)
    signing = guard.api.service.signing
    means, provider = asked.means
    back = guard.api.service.settings.service_url + BACK
    begun = signing.start(asked.requests, means, provider, guard.actor, asked.start(back))
    response.headers["location"] = f"/v1/signing-operations/{begun.id}"
    return operation_view(begun)


@router.get("", summary="The caller's operations, the newest first")
def list_operations(guard: TheGuard) -> OperationsView:
    _require_signer(guard)
    with guard.reading() as uow:
        found = uow.operations.of_signer(guard.actor)
    return OperationsView(items=[operation_view(o) for o in found])


@router.get("/{operation_id}", summary="An operation as it stands", responses=problems(MISSING))
def get_operation(operation_id: OperationId, guard: TheGuard, response: Response) -> OperationView:
    response.headers["cache-control"] = "no-store"
    return operation_view(_own(guard, operation_id))


@router.post("/{operation_id}/poll", summary="Ask whether the device has answered", responses=problems(*_GOING_ON))
@repeated(Repeat.FREE)
def poll(operation_id: OperationId, guard: TheGuard) -> OperationView:
    _own(guard, operation_id)
    return operation_view(guard.api.service.signing.resume(operation_id, guard.actor))


@router.post("/{operation_id}/answer", summary="Answer what the prompt asks for", responses=problems(*_GOING_ON))
@repeated(Repeat.FREE)
def answer(operation_id: OperationId, given: AnswerInput, guard: TheGuard) -> OperationView:
    _own(guard, operation_id)
    return operation_view(guard.api.service.signing.resume(operation_id, guard.actor, given.answer))


@router.delete(
    "/{operation_id}", summary="Break off", responses=problems(MISSING, "operation.busy", "state.not_allowed")
)
def cancel(operation_id: OperationId, guard: TheGuard) -> OperationView:
    """Documents and authorisations are let go of; an operation that has ended stays as it is."""
    _own(guard, operation_id)
    return operation_view(guard.api.service.signing.cancel(operation_id, guard.actor))


@router.get(
    "/{operation_id}/qr.svg",
    summary="The link of the prompt as a QR code",
    response_class=Response,
    responses={
        200: {"description": "An SVG image", "content": {"image/svg+xml": {"schema": {"type": "string"}}}},
        **problems(MISSING, "operation.nothing_to_open"),
    },
)
def get_qr(operation_id: OperationId, guard: TheGuard) -> Response:
    prompt = _own(guard, operation_id).prompt
    if prompt.get("kind") != PromptKind.OPEN:
        raise NotFoundError("operation.nothing_to_open")
    headers = {"cache-control": "no-store"}
    return Response(qr_svg(prompt["url"]), media_type="image/svg+xml", headers=headers)


@returns_router.get("", summary="The way back from a provider's page", responses=problems(MISSING, "operation.busy"))
def come_back(
    request: Request, api: TheApi, state: Annotated[str, Query(min_length=1, max_length=200)]
) -> ReturnedView:
    """Whoever comes back needs no session: ``state`` is the proof, and it counts once."""
    done = api.service.signing.answer_from_outside(state, Returned(dict(request.query_params)))
    return ReturnedView(id=done.id, state=done.state)


def _require_signer(guard: Guard) -> None:
    if holds(guard.principal, Permission.REQUEST_SIGN) is not Reach.CONCERNED:
        raise ApiError("access.denied", permission=str(Permission.REQUEST_SIGN))


def _own(guard: Guard, operation_id: str) -> SigningOperation:
    """Anybody else's operation is told as none."""
    _require_signer(guard)
    with guard.reading() as uow:
        operation = uow.operations.get(operation_id)
    if operation.signer_id != guard.actor:
        raise NotFoundError(MISSING, "id", id=operation_id)
    return operation
