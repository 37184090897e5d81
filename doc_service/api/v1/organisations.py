"""The register of organisations, and of who keeps their seals."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.schemas.registers import (
    OrganisationDetails,
    OrganisationInput,
    OrganisationView,
    organisation_view,
)
from doc_service.domain.authorisation import Permission
from doc_service.domain.organisations import Organisation
from doc_service.instruments.fields import Identifier

router: APIRouter = guarded_router("/v1/organisations", "organisations")
OrganisationId = Annotated[Identifier, Path(description="The organisation's id")]
Text = Annotated[str, Query(max_length=200, description="Part of the name or of the VÖEN")]
_FAULTS = ("organisation.bad_voen", "organisation.unknown_person", "organisation.voen_taken", "person.bad_email")


@router.get("", summary="Organisations by id", responses=problems("paging.bad_cursor"))
def list_organisations(
    guard: TheGuard, page: PageAsked, response: Response, text: Text = ""
) -> PageView[OrganisationView]:
    guard.require(Permission.ORGANISATION_READ)
    with guard.reading() as uow:
        found = uow.organisations.page(page.slice, text=text)
    return page.view(found, organisation_view, response)


@router.post(
    "", status_code=201, response_model=OrganisationView, summary="Take an organisation into the register",
    responses=problems("organisation.exists", *_FAULTS),
)  # fmt: skip
def record_organisation(wanted: OrganisationInput, guard: TheGuard, request: Request) -> Response:
    guard.require(Permission.ORGANISATION_WRITE)
    return _answer(request, guard.use.record_organisation(wanted.to_domain(wanted.id), guard.actor), 201)


@router.get(
    "/{organisation_id}", response_model=OrganisationView, summary="An organisation of the register",
    responses={**problems("organisation.not_found"), **NOT_MODIFIED},
)  # fmt: skip
def get_organisation(organisation_id: OrganisationId, guard: TheGuard, request: Request) -> Response:
    return _answer(request, guard.organisation(organisation_id))


@router.put(
    "/{organisation_id}", response_model=OrganisationView, summary="Correct an organisation's record",
    responses=problems("organisation.not_found", *_FAULTS, *CHANGING),
)  # fmt: skip
def correct_organisation(
    organisation_id: OrganisationId, wanted: OrganisationDetails, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    """A new head or keeper of the seal counts from the next document on."""
    known = guard.organisation(organisation_id, Permission.ORGANISATION_WRITE)
    expected.require(etag(known.version))
    changed = wanted.to_domain(organisation_id, known.version)
    return _answer(request, guard.use.correct_organisation(changed, guard.actor))


def _answer(request: Request, organisation: Organisation, status: int = 200) -> Response:
    location = f"/v1/organisations/{organisation.id}" if status == 201 else ""
    return shown(request, organisation_view(organisation), etag(organisation.version), status, location)
