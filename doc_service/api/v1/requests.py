"""A person's signature requests: read, agree, prepare, complete, or decline (DESIGN 6–7).

What is signed is what was shown: consent names the digest of the bytes, and preparing refuses any other. Every step is
the signer's own, whoever else may read the request.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from doc_service.api.etags import etag, shown
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.guard import Guard, TheGuard
from doc_service.api.v1.schemas.documents import ReasonInput
from doc_service.api.v1.schemas.requests import (
    ConsentInput,
    PreparedView,
    PrepareInput,
    QueueView,
    RequestView,
    ShownView,
    SignatureInput,
    prepared_view,
    queue_view,
    request_view,
    shown_view,
)
from doc_service.domain.authentication import Authentication
from doc_service.domain.authorisation import Permission
from doc_service.domain.documents import Document
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.instruments.fields import Identifier
from doc_service.ports_queries import RequestFilter

SIGN = Permission.REQUEST_SIGN
MISSING = "signature_request.not_found"
router: APIRouter = guarded_router("/v1/signature-requests", "requests")
RequestId = Annotated[Identifier, Path(description="The request's id")]


@router.get("", summary="Signature requests, asked last first", responses=problems("paging.bad_cursor"))
def list_requests(
    guard: TheGuard,
    page: PageAsked,
    response: Response,
    state: Annotated[list[RequestState] | None, Query(max_length=len(RequestState))] = None,
    document_id: Identifier | None = None,
    signer_id: Annotated[Identifier | None, Query(description="For whoever keeps or audits the register")] = None,
) -> PageView[RequestView]:
    """Everybody's for whoever keeps or audits the register, else the caller's own."""
    everybody = guard.whole(Permission.REQUEST_READ)
    signer = (signer_id or "") if everybody else (guard.principal.person_id or guard.actor)
    own = guard.principal.document_id
    wanted = RequestFilter(signer_id=signer, document_id=own or document_id or "", states=frozenset(state or ()))
    with guard.reading() as uow:
        found = uow.queries.requests(wanted, page.slice)
        documents = uow.queries.documents_of({request.document_id for request in found.rows})
    now = guard.api.service.work.clock.now()
    return page.view(found, lambda r: request_view(r, documents[r.document_id], now, personal=guard.personal), response)


@router.get(
    "/{request_id}",
    response_model=RequestView,
    summary="A signature request",
    responses={**problems(MISSING), **NOT_MODIFIED},
)
def get_request(request_id: RequestId, guard: TheGuard, request: Request) -> Response:
    return answered(guard, request, *guard.request(request_id))


@router.get(
    "/{request_id}/shown",
    summary="What is to be read and agreed to",
    responses=problems(MISSING, "state.not_allowed", "signature_request.not_yours"),
)
def get_shown(request_id: RequestId, guard: TheGuard) -> ShownView:
    guard.request(request_id, SIGN)
    return shown_view(guard.use.show_document(request_id, guard.actor))


@router.post(
    "/{request_id}/consent",
    response_model=RequestView,
    summary="Agree to sign the bytes that were shown",
    responses=problems(
        MISSING, "consent.unknown_digest", "consent.superseded", "signature_request.withdrawn", "state.not_allowed"
    ),
)
def consent(request_id: RequestId, agreed: ConsentInput, guard: TheGuard, request: Request) -> Response:
    """Agreeing again to the same digest changes nothing."""
    _, document = guard.request(request_id, SIGN)
    saved = guard.use.consent_to_sign(
        request_id, agreed.shown_sha256, guard.actor,
        text=agreed.text, authentication=Authentication.of(guard.principal),
    )  # fmt: skip
    return answered(guard, request, saved, document)


@router.post(
    "/{request_id}/preparation",
    status_code=201,
    summary="Get what the device must sign",
    responses=problems(
        MISSING, "consent.missing", "lease.busy", "signature_request.signed", "signing.wrong_person",
        "signing.bad_certificate", "state.not_allowed",
    ),
)  # fmt: skip
def prepare(request_id: RequestId, device: PrepareInput, guard: TheGuard) -> PreparedView:
    """Holds the document for a short time. While it is somebody else's turn the answer is "lease.busy", and the
    request has a place in the queue."""
    guard.request(request_id, SIGN)
    chain = [base64.b64decode(issuer) for issuer in device.chain]
    return prepared_view(
        guard.use.prepare_signature(request_id, base64.b64decode(device.certificate), chain, guard.actor)
    )


@router.post(
    "/{request_id}/signature",
    response_model=RequestView,
    summary="Hand in the raw signature",
    responses=problems(
        MISSING, "signature.not_prepared", "signature.already_made", "signature.superseded", "lease.lost",
        "signing.bad_signature", "state.not_allowed",
    ),
)  # fmt: skip
def complete(request_id: RequestId, made: SignatureInput, guard: TheGuard, request: Request) -> Response:
    """Safe to repeat. After "lease.lost" prepare again; nobody is asked to read again."""
    _, document = guard.request(request_id, SIGN)
    saved = guard.use.complete_signature(
        request_id, base64.b64decode(made.signature), guard.actor,
        prepared_sha256=made.prepared_sha256, authentication=Authentication.of(guard.principal),
    )  # fmt: skip
    return answered(guard, request, saved, document)


@router.post(
    "/{request_id}/refusal",
    response_model=RequestView,
    summary="Decline to sign, with the reason",
    responses=problems(MISSING, "signature.reason_required", "signature_request.withdrawn", "state.not_allowed"),
)
def decline(request_id: RequestId, said: ReasonInput, guard: TheGuard, request: Request) -> Response:
    """Signatures made before stay; the secretariat decides how to go on."""
    _, document = guard.request(request_id, SIGN)
    return answered(guard, request, guard.use.decline_signature(request_id, said.reason, guard.actor), document)


@router.get("/{request_id}/queue", summary="The place in the queue, kept by asking", responses=problems(MISSING))
def queue(request_id: RequestId, guard: TheGuard) -> QueueView:
    guard.request(request_id, SIGN)
    return queue_view(guard.use.place_in_queue(request_id, guard.actor))


def answered(
    guard: Guard, request: Request, found: SignatureRequest, document: Document, status: int = 200
) -> Response:
    """The request with its tag; ``document`` as it was read, of which only unchanging fields and the state are told."""
    view = request_view(found, document, guard.api.service.work.clock.now(), personal=guard.personal)
    return shown(request, view, etag(found.version, document.version, int(view.overdue)), status)


def all_of(guard: Guard, document: Document, requests: Sequence[SignatureRequest]) -> list[RequestView]:
    now = guard.api.service.work.clock.now()
    return [request_view(r, document, now, personal=guard.personal) for r in requests]
