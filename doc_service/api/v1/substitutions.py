"""Who acts in whose place, on which order (001 §5.4, 004 §7.7)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from doc_service.api.etags import etag, shown
from doc_service.api.idempotency import NewId
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.schemas.registration import SubstitutionInput, SubstitutionView, substitution_view
from doc_service.domain.authorisation import Permission
from doc_service.instruments.fields import Identifier

router: APIRouter = guarded_router("/v1/substitutions", "substitutions")


@router.get("", summary="Substitutions, recorded last first", responses=problems("paging.bad_cursor"))
def list_substitutions(
    guard: TheGuard, page: PageAsked, response: Response, absent_id: Identifier | None = None
) -> PageView[SubstitutionView]:
    """All for whoever keeps or audits the register, else those of the caller's own absence."""
    everybody = guard.whole(Permission.SUBSTITUTION_READ)
    own = guard.principal.person_id or guard.actor
    with guard.reading() as uow:
        found = uow.queries.substitutions(page.slice, absent_id=(absent_id or "") if everybody else own)
    return page.view(found, lambda s: substitution_view(s, personal=guard.personal), response)


@router.post(
    "",
    status_code=201,
    response_model=SubstitutionView,
    summary="Record a substitution",
    responses=problems("substitution.period_reversed", "substitution.exists", "state.not_allowed"),
)
def record(wanted: SubstitutionInput, guard: TheGuard, request: Request, new_id: NewId) -> Response:
    guard.require(Permission.SUBSTITUTION_WRITE)
    substitution = wanted.to_domain(wanted.id or new_id("substitution"))
    stored = guard.use.record_substitution(substitution, guard.actor)
    view = substitution_view(stored, personal=guard.personal)
    return shown(request, view, etag(0), 201, f"/v1/substitutions/{stored.id}")


@router.get(
    "/{substitution_id}",
    response_model=SubstitutionView,
    summary="A substitution",
    responses={**problems("substitution.not_found"), **NOT_MODIFIED},
)
def get_substitution(substitution_id: Annotated[Identifier, Path()], guard: TheGuard, request: Request) -> Response:
    found = guard.substitution(substitution_id)
    return shown(request, substitution_view(found, personal=guard.personal), etag(0))
