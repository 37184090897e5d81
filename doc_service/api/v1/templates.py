"""The secretariat's own templates: upload, checks, preview beside the one in use, activation from a day on."""

from __future__ import annotations

import tomllib
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.guard import Guard, TheGuard
from doc_service.api.v1.instruments import InstrumentId
from doc_service.api.v1.schemas.templates import (
    ActivationInput,
    ComparisonView,
    TemplatesView,
    TemplateView,
    TemplateWithdrawal,
    comparison_view,
    packaged_view,
    template_view,
)
from doc_service.domain.authorisation import Permission
from doc_service.domain.civil_time import baku_date
from doc_service.domain.errors import NotFoundError
from doc_service.domain.templates import TemplateHistory
from doc_service.instruments.fields import Identifier
from doc_service.services.templates.choose import template_of

router: APIRouter = guarded_router("/v1/templates", "templates")
TemplateName = Annotated[Identifier, Path(description="E.g. kq-mektub.v2")]
PageNumber = Annotated[int, Path(ge=1, le=500)]
Note = Annotated[str, Query(max_length=400, description="Why there is a new version")]
Reconstructed = Annotated[
    list[str] | None, Query(max_length=20, description="Parts that no official form gives; as before when left out")
]
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_BODY = {"requestBody": {"required": True, "content": {_DOCX: _BYTES, "application/octet-stream": _BYTES}}}
_RENDERING = ("template.version_not_found", "render.failed", "render.timeout", "template.broken")


def _file(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "The file", "content": {media_type: _BYTES}}}


@router.get(
    "/{instrument_id}",
    response_model=TemplatesView,
    summary="Templates of an instrument",
    responses=problems("instrument.unknown"),
)
def of_instrument(instrument_id: InstrumentId, guard: TheGuard) -> TemplatesView:
    guard.require(Permission.TEMPLATE_READ)
    service = guard.api.service
    instrument = service.registry.get(instrument_id)
    packaged = guard.use.templates.packaged(instrument.template)
    reconstructed = tomllib.loads(packaged.manifest).get("reconstructed", [])
    sha256 = service.parts.renderer.template_sha256(instrument.template)
    with guard.reading() as uow:
        known = uow.templates.of_instrument(instrument_id)
        in_use = template_of(uow, instrument, baku_date(service.work.clock.now()))
    first = packaged_view(instrument_id, instrument.template, sha256, reconstructed)
    return TemplatesView(in_use=in_use, items=[first, *(template_view(h) for h in known)])


@router.post(
    "/{instrument_id}",
    status_code=201,
    response_model=TemplateView,
    summary="Upload a new version, sent as the body",
    responses=problems("instrument.unknown", "template.too_large", "template.unreadable"),
    openapi_extra=_BODY,
)
async def upload(
    instrument_id: InstrumentId, guard: TheGuard, request: Request, note: Note = "", reconstructed: Reconstructed = None
) -> Response:
    """It is checked at once; the answer says what was found. One that failed is kept and can never be used."""
    guard.require(Permission.TEMPLATE_WRITE)
    content = await request.body()
    use = guard.use.templates.upload
    return _answer(request, await run_in_threadpool(use, instrument_id, content, note, guard.actor, reconstructed), 201)


@router.get(
    "/versions/{name}",
    response_model=TemplateView,
    summary="An uploaded version",
    responses={**problems("template.version_not_found"), **NOT_MODIFIED},
)
def get_version(name: TemplateName, guard: TheGuard, request: Request) -> Response:
    return _answer(request, _version(guard, name, Permission.TEMPLATE_READ))


@router.get(
    "/versions/{name}/docx",
    response_class=Response,
    summary="The uploaded DOCX",
    responses={**_file(_DOCX), **problems("template.version_not_found")},
)
def get_docx(name: TemplateName, guard: TheGuard) -> Response:
    guard.require(Permission.TEMPLATE_READ)
    with guard.reading() as uow:
        content = uow.templates.content(name)
    return Response(content, media_type=_DOCX, headers=_named(f"{name}.docx"))


@router.get(
    "/versions/{name}/preview",
    response_class=Response,
    summary="The sample by this version, as PDF",
    responses={**_file("application/pdf"), **problems(*_RENDERING)},
)
def preview(name: TemplateName, guard: TheGuard) -> Response:
    version = _version(guard, name, Permission.TEMPLATE_READ).version
    pdf = guard.use.templates.sample(version.instrument, name)
    return Response(pdf, media_type="application/pdf", headers=_named(f"{name}.pdf"))


@router.get(
    "/versions/{name}/comparison", summary="Page by page beside the version in use now", responses=problems(*_RENDERING)
)
def compare(name: TemplateName, guard: TheGuard) -> ComparisonView:
    guard.require(Permission.TEMPLATE_READ)
    return comparison_view(guard.use.templates.compare(name))


@router.get(
    "/versions/{name}/comparison/{page}",
    response_class=Response,
    summary="One page: as it is, as it would be, and the difference, side by side",
    responses={**_file("image/png"), **problems("template.no_page", *_RENDERING)},
)
def compare_page(name: TemplateName, page: PageNumber, guard: TheGuard) -> Response:
    guard.require(Permission.TEMPLATE_READ)
    for found in guard.use.templates.compare(name).pages:
        if found.page == page:
            return Response(found.png, media_type="image/png", headers={"cache-control": "private, no-store"})
    raise NotFoundError("template.no_page", "page", page=page)


@router.post(
    "/versions/{name}/activation",
    response_model=TemplateView,
    summary="Use it from a day on",
    responses=problems("template.version_not_found", "template.since_past", "state.not_allowed", *CHANGING),
)
def activate(
    name: TemplateName, wanted: ActivationInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    expected.require(_tag(_version(guard, name, Permission.TEMPLATE_WRITE)))
    return _answer(request, guard.use.templates.activate(name, wanted.since, guard.actor))


@router.post(
    "/versions/{name}/withdrawal",
    response_model=TemplateView,
    summary="Take it out of use",
    responses=problems("template.version_not_found", "template.reason_required", "state.not_allowed", *CHANGING),
)
def withdraw(
    name: TemplateName, wanted: TemplateWithdrawal, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    expected.require(_tag(_version(guard, name, Permission.TEMPLATE_WRITE)))
    return _answer(request, guard.use.templates.withdraw(name, wanted.reason, guard.actor))


def _version(guard: Guard, name: str, permission: Permission) -> TemplateHistory:
    guard.require(permission)
    with guard.reading() as uow:
        return uow.templates.get(name)


def _tag(history: TemplateHistory) -> str:
    return etag(len(history.moves))


def _answer(request: Request, history: TemplateHistory, status: int = 200) -> Response:
    location = f"/v1/templates/versions/{history.version.name}" if status == 201 else ""
    return shown(request, template_view(history), _tag(history), status, location)


def _named(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
