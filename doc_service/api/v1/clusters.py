"""Industrial clusters: who takes part, the founding path, the requirements, the registry (003)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.idempotency import NewId
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.guard import Guard, TheGuard
from doc_service.api.v1.schemas import cluster_checks as checks
from doc_service.api.v1.schemas import cluster_registry as registry
from doc_service.api.v1.schemas import clusters as s
from doc_service.bootstrap.clusters import ClusterUseCases
from doc_service.domain.authorisation import Permission
from doc_service.domain.clusters.clusters import Cluster, Participation
from doc_service.domain.errors import NotFoundError
from doc_service.instruments.fields import Identifier
from doc_service.services.clusters.correct_participation import ParticipationDetails

router: APIRouter = guarded_router("/v1/clusters", "clusters")
ClusterId = Annotated[Identifier, Path(description="The cluster's id")]
EditionNumber = Annotated[int, Path(ge=1, le=1_000_000)]
OtherId = Annotated[Identifier, Path(description="Its id")]
_MISSING = ("cluster.not_found",)
_RULES = ("cluster.wrong_body", "cluster.body_repeated", "body.not_found")
_PAPER = ("cluster.other_instrument", "cluster.other_cluster", "cluster.not_signed")


@router.get("", summary="Clusters: all, or those of the caller", responses=problems("paging.bad_cursor"))
def list_clusters(guard: TheGuard, page: PageAsked, response: Response) -> PageView[s.ClusterView]:
    everybody = guard.whole(Permission.CLUSTER_READ)
    with guard.reading() as uow:
        found = uow.clusters.page(page.slice, ids=None if everybody else _own(guard))
    return page.view(found, s.cluster_view, response)


@router.post(
    "", status_code=201, response_model=s.ClusterView, summary="Take a cluster into the records",
    responses=problems("cluster.exists", *_RULES),
)  # fmt: skip
def record(wanted: s.ClusterInput, guard: TheGuard, request: Request) -> Response:
    guard.require(Permission.CLUSTER_WRITE)
    return _answer(request, _use(guard).record(wanted.to_domain(wanted.id), guard.actor), 201)


@router.get(
    "/{cluster_id}", response_model=s.ClusterView, summary="A cluster",
    responses={**problems(*_MISSING), **NOT_MODIFIED},
)  # fmt: skip
def get_cluster(cluster_id: ClusterId, guard: TheGuard, request: Request) -> Response:
    return _answer(request, guard.cluster(cluster_id))


@router.put(
    "/{cluster_id}", response_model=s.ClusterView, summary="Correct a cluster's record",
    responses=problems(*_MISSING, *_RULES, *CHANGING),
)  # fmt: skip
def correct(
    cluster_id: ClusterId, wanted: s.ClusterDetails, guard: TheGuard, expected: Expected, request: Request
) -> Response:
    known = _changing(guard, cluster_id, expected)
    return _answer(request, _use(guard).correct(wanted.to_domain(cluster_id, known.version), guard.actor))


@router.post(
    "/{cluster_id}/moves", response_model=s.ClusterView, summary="Established, admitted or dissolved",
    responses=problems(*_MISSING, "cluster.specialised_missing", "organisation.not_found", "state.not_allowed",
                       *CHANGING),
)  # fmt: skip
def move(cluster_id: ClusterId, said: s.ClusterMove, guard: TheGuard, expected: Expected, request: Request) -> Response:
    known = _changing(guard, cluster_id, expected)
    specialised = said.specialised_id or ""
    moved = _use(guard).move(cluster_id, said.action, guard.actor, specialised_id=specialised, version=known.version)
    return _answer(request, moved)


@router.get("/{cluster_id}/participations", summary="Who takes or took part", responses=problems(*_MISSING))
def participations(cluster_id: ClusterId, guard: TheGuard) -> list[s.ParticipationView]:
    guard.cluster(cluster_id)
    with guard.reading() as uow:
        return [s.participation_view(p) for p in uow.clusters.participations(cluster_id)]


@router.post(
    "/{cluster_id}/participations", status_code=201, summary="Take in a founder or an infrastructure organisation",
    responses=problems(*_MISSING, *_PAPER, "cluster.agreement_missing", "cluster.wrong_size", "cluster.not_a_party",
                       "cluster.already_participates", "organisation.not_found"),
)  # fmt: skip
def take_in(cluster_id: ClusterId, wanted: s.ParticipationInput, guard: TheGuard, new_id: NewId) -> s.ParticipationView:
    _write(guard, cluster_id)
    part = wanted.to_domain(wanted.id or new_id("participation"), cluster_id)
    return s.participation_view(_use(guard).take_in(part, guard.actor))


@router.get(
    "/{cluster_id}/participations/{participation_id}", response_model=s.ParticipationView, summary="One of them",
    responses={**problems(*_MISSING, "cluster.participation_not_found"), **NOT_MODIFIED},
)  # fmt: skip
def participation(cluster_id: ClusterId, participation_id: OtherId, guard: TheGuard, request: Request) -> Response:
    guard.cluster(cluster_id)
    part = _participation(guard, cluster_id, participation_id)
    return shown(request, s.participation_view(part), etag(part.version))


@router.put(
    "/{cluster_id}/participations/{participation_id}", summary="Correct kind, products, staff, representatives",
    responses=problems("cluster.participation_not_found", "cluster.wrong_size", *CHANGING),
)  # fmt: skip
def correct_participation(
    cluster_id: ClusterId, participation_id: OtherId, wanted: s.ParticipationInput, guard: TheGuard, expected: Expected
) -> s.ParticipationView:
    version = _participation_version(guard, cluster_id, participation_id, expected)
    details = ParticipationDetails(
        wanted.kind, wanted.products, wanted.employees, wanted.final_producer, wanted.representatives
    )
    saved = _use(guard).correct_participation(participation_id, details, guard.actor, version)
    return s.participation_view(saved)


@router.post(
    "/{cluster_id}/participations/{participation_id}/leaving", summary="It leaves on its own initiative",
    responses=problems("cluster.participation_not_found", "file.not_found", "cluster.no_statement",
                       "cluster.specialised_stays", "state.not_allowed"),
)  # fmt: skip
def leave(cluster_id: ClusterId, participation_id: OtherId, said: s.EndInput, guard: TheGuard) -> s.ParticipationView:
    _participation_version(guard, cluster_id, participation_id)
    return s.participation_view(_use(guard).leave(participation_id, said.basis_id, guard.actor)[0])


@router.post(
    "/{cluster_id}/participations/{participation_id}/exclusion", summary="The members' meeting excludes it",
    responses=problems("cluster.participation_not_found", "document.not_found", *_PAPER, "cluster.other_decision",
                       "cluster.specialised_stays", "state.not_allowed"),
)  # fmt: skip
def exclude(cluster_id: ClusterId, participation_id: OtherId, said: s.EndInput, guard: TheGuard) -> s.ParticipationView:
    _participation_version(guard, cluster_id, participation_id)
    return s.participation_view(_use(guard).exclude(participation_id, said.basis_id, guard.actor)[0])


@router.get("/{cluster_id}/road-map", summary="What the founding path has left behind, and what is missing",
            responses=problems(*_MISSING))  # fmt: skip
def road_map(cluster_id: ClusterId, guard: TheGuard) -> checks.RoadMapView:
    guard.cluster(cluster_id)
    return checks.road_map_view(_use(guard).road_map(cluster_id))


@router.get("/{cluster_id}/compliance", summary="The requirements, line by line with the evidence",
            responses=problems(*_MISSING))  # fmt: skip
def compliance(cluster_id: ClusterId, guard: TheGuard) -> checks.ComplianceView:
    guard.cluster(cluster_id)
    return checks.compliance_view(_use(guard).compliance(cluster_id))


@router.get("/{cluster_id}/registry", summary="Numbers of the registry's editions", responses=problems(*_MISSING))
def editions(cluster_id: ClusterId, guard: TheGuard) -> registry.EditionsView:
    guard.cluster(cluster_id)
    with guard.reading() as uow:
        return registry.EditionsView(items=list(uow.editions.numbers(cluster_id)))


@router.post(
    "/{cluster_id}/registry", status_code=201, summary="Renew the registry: a new edition with its difference",
    responses=problems(*_MISSING, "registry.no_agreement", "registry.empty"),
)  # fmt: skip
def renew(cluster_id: ClusterId, said: registry.RenewalInput, guard: TheGuard) -> registry.EditionView:
    _write(guard, cluster_id)
    return registry.edition_view(*_use(guard).renew_registry(cluster_id, said.basis, guard.actor))


@router.get(
    "/{cluster_id}/registry/{number}", summary="An edition, and its difference to the one before",
    responses=problems(*_MISSING, "registry.edition_not_found"),
)  # fmt: skip
def edition(cluster_id: ClusterId, number: EditionNumber, guard: TheGuard) -> registry.EditionView:
    guard.cluster(cluster_id)
    with guard.reading() as uow:
        return registry.edition_view(*uow.editions.get(cluster_id, number))


def _use(guard: Guard) -> ClusterUseCases:
    return guard.use.clusters


def _write(guard: Guard, cluster_id: str) -> Cluster:
    return guard.cluster(cluster_id, Permission.CLUSTER_WRITE)


def _changing(guard: Guard, cluster_id: str, expected: Expected) -> Cluster:
    cluster = _write(guard, cluster_id)
    expected.require(etag(cluster.version))
    return cluster


def _participation_version(
    guard: Guard, cluster_id: str, participation_id: str, expected: Expected | None = None
) -> int:
    _write(guard, cluster_id)
    part = _participation(guard, cluster_id, participation_id)
    if expected is not None:
        expected.require(etag(part.version))
    return part.version


def _participation(guard: Guard, cluster_id: str, participation_id: str) -> Participation:
    """Of this very cluster."""
    with guard.reading() as uow:
        part = uow.clusters.participation(participation_id)
    if part.cluster_id != cluster_id:
        raise NotFoundError("cluster.participation_not_found", "id", id=participation_id)
    return part


def _own(guard: Guard) -> frozenset[str]:
    """Clusters of the caller's bodies and organisations."""
    person = guard.principal.person_id
    if not person:
        return frozenset()
    with guard.reading() as uow:
        organisations = frozenset(o.id for o in uow.organisations.of_person(person))
        found = uow.clusters.clusters_of(organisations)
        bodies = (uow.clusters.of_body(body_id) for body_id in uow.queries.bodies_of(person))
        return found | {cluster.id for cluster in bodies if cluster is not None}


def _answer(request: Request, cluster: Cluster, status: int = 200) -> Response:
    location = f"/v1/clusters/{cluster.id}" if status == 201 else ""
    return shown(request, s.cluster_view(cluster), etag(cluster.version), status, location)
