"""The register of persons. FİN, address and telephone are shown to whoever keeps or audits it, and to the person
(002 §7.1.11, §7.1.16)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.guard import Guard, TheGuard
from doc_service.api.v1.schemas.registers import (
    PersonCorrection,
    PersonRecordInput,
    PersonRecordView,
    person_record_view,
)
from doc_service.domain.authorisation import Permission
from doc_service.domain.people import PersonRecord
from doc_service.instruments.fields import Identifier

router: APIRouter = guarded_router("/v1/people", "people")
PersonId = Annotated[Identifier, Path(description="The person's id")]
Text = Annotated[str, Query(max_length=200, description="Part of name, organisation or post")]


@router.get("", summary="Persons by id", responses=problems("paging.bad_cursor"))
def list_people(guard: TheGuard, page: PageAsked, response: Response, text: Text = "") -> PageView[PersonRecordView]:
    guard.require(Permission.PERSON_READ)
    with guard.reading() as uow:
        found = uow.people.page(page.slice, text=text)
    return page.view(found, lambda r: person_record_view(r, personal=guard.personal), response)


@router.post(
    "", status_code=201, response_model=PersonRecordView, summary="Take a person into the register",
    responses=problems("person.exists", "person.bad_fin", "person.bad_email"),
)  # fmt: skip
def record_person(wanted: PersonRecordInput, guard: TheGuard, request: Request) -> Response:
    guard.require(Permission.PERSON_WRITE)
    record = guard.use.record_person(wanted.to_record(), guard.actor)
    return _answer(guard, request, record, 201)


@router.get(
    "/{person_id}", response_model=PersonRecordView, summary="A person of the register",
    responses={**problems("person.not_registered"), **NOT_MODIFIED},
)  # fmt: skip
def get_person(person_id: PersonId, guard: TheGuard, request: Request) -> Response:
    return _answer(guard, request, guard.person(person_id))


@router.put(
    "/{person_id}", response_model=PersonRecordView, summary="Correct a person's record",
    responses=problems("person.not_registered", "person.bad_fin", "person.bad_email", *CHANGING),
)  # fmt: skip
def correct_person(
    person_id: PersonId, wanted: PersonCorrection, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    known = guard.person(person_id, Permission.PERSON_WRITE)
    expected.require(etag(known.version))
    return _answer(guard, request, guard.use.correct_person(wanted.to_record(person_id, known.version), guard.actor))


def _answer(guard: Guard, request: Request, record: PersonRecord, status: int = 200) -> Response:
    personal = guard.personal or guard.principal.person_id == record.id
    view = person_record_view(record, personal=personal)
    location = f"/v1/people/{record.id}" if status == 201 else ""
    return shown(request, view, etag(record.version), status, location)
