"""Who acts in whose place, on which order (001 §5.4, 004 §7.7)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.idempotency import NewId
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.schemas.registration import EndInput, SubstitutionInput, SubstitutionView, substitution_view
from doc_service.domain.authorisation import Permission
from doc_service.domain.substitution import Substitution
from doc_service.instruments.fields import Identifier

SubstitutionId = Annotated[Identifier, Path(description="The substitution's id")]
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
    return shown(request, view, _tag(stored), 201, f"/v1/substitutions/{stored.id}")


@router.get(
    "/{substitution_id}",
    response_model=SubstitutionView,
    summary="A substitution",
    responses={**problems("substitution.not_found"), **NOT_MODIFIED},
)
def get_substitution(substitution_id: SubstitutionId, guard: TheGuard, request: Request) -> Response:
    found = guard.substitution(substitution_id)
    return shown(request, substitution_view(found, personal=guard.personal), _tag(found))


@router.post(
    "/{substitution_id}/end",
    response_model=SubstitutionView,
    summary="The absent person is back",
    responses=problems(
        "substitution.not_found", "substitution.end_later", "substitution.end_reason_required", *CHANGING
    ),
)
def end(
    substitution_id: SubstitutionId, said: EndInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    """What the substitute has not signed goes back to the absent person."""
    found = guard.substitution(substitution_id, Permission.SUBSTITUTION_WRITE)
    expected.require(_tag(found))
    ended = guard.use.end_substitution(substitution_id, said.last_day, said.reason, guard.actor)
    return shown(request, substitution_view(ended, personal=guard.personal), _tag(ended))


def _tag(substitution: Substitution) -> str:
    """Its last day is all that ever changes."""
    return etag(substitution.until.isoformat())
