"""Joint projects and figures of a cluster."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.idempotency import NewId
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.clusters import ClusterId, OtherId
from doc_service.api.v1.guard import Guard, TheGuard
from doc_service.api.v1.schemas import clusters as s
from doc_service.domain.authorisation import Permission
from doc_service.domain.clusters.clusters import JointProject
from doc_service.domain.errors import NotFoundError

router: APIRouter = guarded_router("/v1/clusters", "clusters")
AnyYear = Annotated[int, Path(ge=1990, le=2100)]


@router.get("/{cluster_id}/projects", summary="Joint projects", responses=problems("cluster.not_found"))
def projects(cluster_id: ClusterId, guard: TheGuard) -> list[s.ProjectView]:
    guard.cluster(cluster_id)
    with guard.reading() as uow:
        return [s.project_view(p) for p in uow.clusters.projects(cluster_id)]


@router.post(
    "/{cluster_id}/projects", status_code=201, summary="Propose a joint project",
    responses=problems("cluster.not_found", "cluster.not_a_participant", "cluster.project_exists"),
)  # fmt: skip
def propose(cluster_id: ClusterId, wanted: s.ProjectInput, guard: TheGuard, new_id: NewId) -> s.ProjectView:
    guard.cluster(cluster_id, Permission.CLUSTER_WRITE)
    project = wanted.to_domain(wanted.id or new_id("project"), cluster_id)
    return s.project_view(guard.use.clusters.propose_project(project, guard.actor))


@router.post(
    "/{cluster_id}/projects/{project_id}/moves", summary="Approved by the members' meeting, completed or dropped",
    responses=problems("cluster.project_not_found", "cluster.other_instrument", "cluster.not_signed",
                       "state.not_allowed", *CHANGING),
)  # fmt: skip
def move_project(
    cluster_id: ClusterId, project_id: OtherId, said: s.ProjectMove, guard: TheGuard, expected: Expected
) -> s.ProjectView:
    guard.cluster(cluster_id, Permission.CLUSTER_WRITE)
    project = _project(guard, cluster_id, project_id)
    expected.require(etag(project.version))
    moved = guard.use.clusters.move_project(
        project_id, said.action, said.basis_id, guard.actor, passport_id=said.passport_id or "",
        version=project.version,
    )  # fmt: skip
    return s.project_view(moved)


@router.get(
    "/{cluster_id}/projects/{project_id}", response_model=s.ProjectView, summary="A joint project",
    responses={**problems("cluster.not_found", "cluster.project_not_found"), **NOT_MODIFIED},
)  # fmt: skip
def project(cluster_id: ClusterId, project_id: OtherId, guard: TheGuard, request: Request) -> Response:
    guard.cluster(cluster_id)
    found = _project(guard, cluster_id, project_id)
    return shown(request, s.project_view(found), etag(found.version))


@router.get("/{cluster_id}/figures", summary="Figures by year", responses=problems("cluster.not_found"))
def list_figures(cluster_id: ClusterId, guard: TheGuard) -> list[s.FiguresView]:
    guard.cluster(cluster_id)
    with guard.reading() as uow:
        return [s.figures_view(f) for f in uow.clusters.figures(cluster_id)]


@router.post(
    "/{cluster_id}/figures",
    status_code=201,
    summary="Take figures from a signed questionnaire",
    responses=problems("cluster.not_found", "document.not_found", "cluster.not_signed", "figures.none"),
)
def take_figures(cluster_id: ClusterId, said: s.FiguresSource, guard: TheGuard) -> list[s.FiguresView]:
    guard.cluster(cluster_id, Permission.CLUSTER_WRITE)
    found = guard.use.clusters.take_figures(cluster_id, said.questionnaire_id, guard.actor)
    return [s.figures_view(f) for f in found]


@router.put(
    "/{cluster_id}/figures/{year}/{organisation_id}", summary="Record an organisation's figures of a year",
    responses=problems("cluster.not_found", "cluster.not_a_participant", "figures.export_exceeds"),
)  # fmt: skip
def put_figures(
    cluster_id: ClusterId, year: AnyYear, organisation_id: OtherId, wanted: s.FiguresInput, guard: TheGuard
) -> s.FiguresView:
    """The last ones recorded count; nothing that depends on the former version is lost."""
    guard.cluster(cluster_id, Permission.CLUSTER_WRITE)
    figures = wanted.to_domain(cluster_id, organisation_id, year)
    return s.figures_view(guard.use.clusters.figures(figures, guard.actor))


def _project(guard: Guard, cluster_id: str, project_id: str) -> JointProject:
    """Of this very cluster."""
    with guard.reading() as uow:
        found = uow.clusters.project(project_id)
    if found.cluster_id != cluster_id:
        raise NotFoundError("cluster.project_not_found", "id", id=project_id)
    return found
