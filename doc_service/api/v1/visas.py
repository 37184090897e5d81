"""Visas: each unit asked grants, or returns the draft with a reason (004 §5.1.9–5.1.10)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.documents import DocumentId, answered
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.schemas.common import View
from doc_service.api.v1.schemas.documents import DocumentDetail, VisaDecisionInput, VisaView, visa_view
from doc_service.domain.authorisation import Permission
from doc_service.domain.visas import VisaState
from doc_service.ports_queries import VisaFilter

router: APIRouter = guarded_router("/v1", "visas")


class VisasView(View):
    """Every round, the first one first."""

    items: list[VisaView]


@router.get(
    "/visas",
    summary="Visas, newest first: all, or those of the caller's units",
    responses=problems("paging.bad_cursor"),
)
def list_visas(
    guard: TheGuard, page: PageAsked, response: Response, state: Annotated[VisaState | None, Query()] = None
) -> PageView[VisaView]:
    everybody = guard.whole(Permission.DOCUMENT_READ)
    with guard.reading() as uow:
        wanted = VisaFilter(units=None if everybody else guard.principal.units, state=state)
        found = uow.queries.visas(wanted, page.slice)
    return page.view(found, visa_view, response)


@router.get(
    "/documents/{document_id}/visas",
    response_model=VisasView,
    summary="Visas of a document",
    responses={**problems("document.not_found"), **NOT_MODIFIED},
)
def of_document(document_id: DocumentId, guard: TheGuard, request: Request) -> Response:
    document = guard.document(document_id)
    with guard.reading() as uow:
        visas = uow.visas.of_document(document_id)
    decided = sum(visa.state is not VisaState.PENDING for visa in visas)
    return shown(request, VisasView(items=[visa_view(v) for v in visas]), etag(document.version, len(visas), decided))


@router.post(
    "/documents/{document_id}/visa-decisions",
    response_model=DocumentDetail,
    summary="Grant a unit's visa, or return the draft",
    responses=problems(
        "document.not_found", "visa.unit_not_asked", "visa.reason_required", "state.not_allowed", *CHANGING
    ),
)
def decide(
    document_id: DocumentId, decided: VisaDecisionInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    """``If-Match`` names the version of the document that the unit has read. Nobody grants the visa on an own draft."""
    document = guard.visa(document_id, decided.unit, decided.decision)
    expected.require(etag(document.version))
    after = guard.use.decide_visa(document_id, decided.unit, decided.decision, guard.actor, decided.reason)
    return answered(request, after)
