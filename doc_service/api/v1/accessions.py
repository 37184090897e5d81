"""How an organisation joins a cluster: application with enclosures, decision, sheet, registry (003 Əlavə 4 §3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.idempotency import NewId
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.guard import Guard, TheGuard
from doc_service.api.v1.schemas import accessions as s
from doc_service.domain.authorisation import Permission
from doc_service.domain.clusters.accession import Accession
from doc_service.domain.clusters.files import CaseFile
from doc_service.domain.errors import NotFoundError
from doc_service.instruments.fields import Identifier, Line
from doc_service.services.clusters.keep_file import ACCESSION, newest_files

router: APIRouter = guarded_router("/v1/accessions", "accessions", ("accession.not_found",))
AccessionId = Annotated[Identifier, Path(description="The accession's id")]
_PAPER = ("document.not_found", "cluster.other_instrument", "cluster.other_cluster", "cluster.not_signed")
_STEP = ("state.not_allowed", *CHANGING)


@router.get("", summary="Accessions to a cluster", responses=problems("cluster.not_found"))
def list_accessions(cluster_id: Annotated[Identifier, Query()], guard: TheGuard) -> s.AccessionsView:
    guard.cluster(cluster_id)
    with guard.reading() as uow:
        found = uow.accessions.of_cluster(cluster_id)
        items = [s.accession_view(a, newest_files(uow, ACCESSION, a.id)) for a in found]
    return s.AccessionsView(items=items)


@router.post(
    "", status_code=201, response_model=s.AccessionView, summary="Open an accession",
    responses=problems("cluster.not_found", "organisation.not_found", "accession.cluster_not_open",
                       "accession.in_progress", "cluster.already_participates", "cluster.wrong_size"),
)  # fmt: skip
def open_accession(wanted: s.AccessionInput, guard: TheGuard, new_id: NewId, request: Request) -> Response:
    guard.cluster(wanted.cluster_id, Permission.CLUSTER_WRITE)
    accession_id = wanted.id or new_id("accession")
    opened = guard.use.clusters.open_accession(
        accession_id, wanted.cluster_id, wanted.organisation_id, wanted.kind, guard.actor, wanted.employees
    )
    return _answer(guard, request, opened, 201)


@router.get("/{accession_id}", response_model=s.AccessionView, summary="An accession", responses=NOT_MODIFIED)
def get_accession(accession_id: AccessionId, guard: TheGuard, request: Request) -> Response:
    return _answer(guard, request, accession_of(guard, accession_id, Permission.CLUSTER_READ))


@router.post(
    "/{accession_id}/application", response_model=s.AccessionView, summary="The signed application comes in",
    responses=problems(*_PAPER, "accession.enclosure_missing", "accession.enclosure_differs",
                       "accession.other_organisation", *_STEP),
)  # fmt: skip
def lodge(
    accession_id: AccessionId, said: s.LodgedInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    """Every enclosure must be kept already, and the form must name its digest."""
    _step(guard, accession_id, expected)
    lodged = guard.use.clusters.lodge(accession_id, said.questionnaire_id, said.application_id, guard.actor)
    return _answer(guard, request, lodged)


@router.post(
    "/{accession_id}/decision", response_model=s.AccessionView, summary="What the members' meeting decided",
    responses=problems(*_PAPER, "accession.no_such_item", *_STEP),
)  # fmt: skip
def decide(
    accession_id: AccessionId, said: s.DecidedInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    """Adopted or not is read from the votes in the signed protocol."""
    _step(guard, accession_id, expected)
    decided = guard.use.clusters.decide(accession_id, said.protocol_id, said.item, guard.actor)
    return _answer(guard, request, decided)


@router.get(
    "/{accession_id}/sheet-data", summary="Data for the accession sheet, bound to agreement and last sheet",
    responses=problems("accession.not_admitted", "accession.no_agreement"),
)  # fmt: skip
def sheet_data(accession_id: AccessionId, place: Annotated[Line, Query()], guard: TheGuard) -> s.SheetDataView:
    accession_of(guard, accession_id, Permission.CLUSTER_WRITE)
    return s.SheetDataView(data=guard.use.clusters.sheet_data(accession_id, place))


@router.post(
    "/{accession_id}/sheet", response_model=s.AccessionView, summary="The sheet is signed by both sides",
    responses=problems(*_PAPER, "accession.sheet_unbound", "accession.sheet_number", "accession.other_organisation",
                       *_STEP),
)  # fmt: skip
def accede(
    accession_id: AccessionId, said: s.SheetInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    _step(guard, accession_id, expected)
    return _answer(guard, request, guard.use.clusters.accede(accession_id, said.sheet_id, guard.actor))


@router.post(
    "/{accession_id}/registry-entry", response_model=s.AccessionView, summary="The newcomer enters the registry",
    responses=problems("registry.no_agreement", *_STEP),
)  # fmt: skip
def enter(accession_id: AccessionId, guard: TheGuard, expected: Expected, request: Request) -> Response:
    """A new edition with the difference to the last one."""
    _step(guard, accession_id, expected)
    return _answer(guard, request, guard.use.clusters.enter(accession_id, guard.actor)[0])


@router.post(
    "/{accession_id}/withdrawal", response_model=s.AccessionView, summary="It ends before the sheet is signed",
    responses=problems("reason.too_long", *_STEP),
)  # fmt: skip
def withdraw(
    accession_id: AccessionId, said: s.StoppedInput, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    known = _step(guard, accession_id, expected)
    ended = guard.use.clusters.withdraw(accession_id, said.reason, guard.actor, known.version)
    return _answer(guard, request, ended)


def accession_of(guard: Guard, accession_id: str, permission: Permission) -> Accession:
    """Whoever may not read its cluster learns of no accession."""
    with guard.reading() as uow:
        accession = uow.accessions.find(accession_id)
    missing = NotFoundError("accession.not_found", "id", id=accession_id)
    if accession is None:
        raise missing
    try:
        guard.cluster(accession.cluster_id, permission)
    except NotFoundError:
        raise missing from None
    return accession


def _step(guard: Guard, accession_id: str, expected: Expected) -> Accession:
    accession = accession_of(guard, accession_id, Permission.CLUSTER_WRITE)
    with guard.reading() as uow:
        expected.require(_tag(accession, newest_files(uow, ACCESSION, accession_id)))
    return accession


def _tag(accession: Accession, files: Mapping[str, CaseFile]) -> str:
    """Of the accession and the enclosures that it shows."""
    return etag(accession.version, *(files[number].id for number in sorted(files)))


def _answer(guard: Guard, request: Request, accession: Accession, status: int = 200) -> Response:
    with guard.reading() as uow:
        files = newest_files(uow, ACCESSION, accession.id)
    location = f"/v1/accessions/{accession.id}" if status == 201 else ""
    return shown(request, s.accession_view(accession, files), _tag(accession, files), status, location)
