"""Bodies: who sits in them, and the rules that they obey."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from doc_service.api.etags import etag, shown
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.schemas.bodies import BodyInput, BodySummary, BodyView, body_summary, body_view
from doc_service.domain.authorisation import Permission
from doc_service.instruments.fields import Identifier

router: APIRouter = guarded_router("/v1/bodies", "bodies")
BodyId = Annotated[Identifier, Path(description="The body's id")]


@router.get("", summary="Bodies: all, or those of the caller", responses=problems("paging.bad_cursor"))
def list_bodies(guard: TheGuard, page: PageAsked, response: Response) -> PageView[BodySummary]:
    everybody = guard.whole(Permission.BODY_READ)
    with guard.reading() as uow:
        found = uow.queries.bodies(page.slice, ids=None if everybody else guard.concern(uow).body_ids)
    return page.view(found, body_summary, response)


@router.post(
    "",
    status_code=201,
    response_model=BodyView,
    summary="Register a body",
    responses=problems("body.exists", "body.unknown_kind", "person.bad_email"),
)
def register_body(wanted: BodyInput, guard: TheGuard, request: Request) -> Response:
    guard.require(Permission.BODY_WRITE)
    body = guard.use.register_body(wanted.to_domain(), guard.actor)
    return shown(request, body_view(body, personal=guard.personal), etag(body.version), 201, f"/v1/bodies/{body.id}")


@router.get(
    "/{body_id}",
    response_model=BodyView,
    summary="A body with its members and rules",
    responses={**problems("body.not_found"), **NOT_MODIFIED},
)
def get_body(body_id: BodyId, guard: TheGuard, request: Request) -> Response:
    body = guard.body(body_id)
    return shown(request, body_view(body, personal=guard.personal), etag(body.version))
