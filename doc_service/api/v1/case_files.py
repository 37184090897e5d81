"""Papers of others that are kept with a cluster or an accession: sent as the body, written once (003 §2, Əlavə 4)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from doc_service.api.problem_docs import problems
from doc_service.api.ranges import Download, Stored
from doc_service.api.routing import guarded_router
from doc_service.api.v1.accessions import AccessionId, accession_of
from doc_service.api.v1.answers import file_answers
from doc_service.api.v1.clusters import ClusterId
from doc_service.api.v1.guard import Guard, TheGuard
from doc_service.api.v1.schemas.cluster_registry import FileView, file_view
from doc_service.domain.authorisation import Permission
from doc_service.domain.clusters.files import CaseFile
from doc_service.domain.errors import NotFoundError
from doc_service.instruments.fields import Identifier
from doc_service.services.clusters.keep_file import ACCESSION, CLUSTER

router: APIRouter = guarded_router("/v1/case-files", "clusters")
Item = Annotated[Identifier, Path(description="What it is: an item of the stage table")]
Number = Annotated[int, Path(ge=1, le=6, description="The enclosure's number; the seventh is the questionnaire")]
Name = Annotated[str, Query(min_length=1, max_length=200, description="The file's name, for people")]
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": dict.fromkeys(("application/pdf", "image/png", "image/jpeg", "application/octet-stream"), _BYTES),
    }
}
_FAULTS = ("file.empty", "file.too_large", "file.bad_type", "file.bad_name", "file.unknown_item")


@router.get("/clusters/{cluster_id}", summary="Papers kept with a cluster", responses=problems("cluster.not_found"))
def of_cluster(cluster_id: ClusterId, guard: TheGuard) -> list[FileView]:
    guard.cluster(cluster_id)
    with guard.reading() as uow:
        return [file_view(f) for f in uow.case_files.of_owner(CLUSTER, cluster_id)]


@router.post(
    "/clusters/{cluster_id}/{item}", status_code=201, summary="Keep a paper with a cluster", openapi_extra=_BODY,
    responses=problems("cluster.not_found", *_FAULTS),
)  # fmt: skip
async def keep(cluster_id: ClusterId, item: Item, name: Name, guard: TheGuard, request: Request) -> FileView:
    await run_in_threadpool(guard.cluster, cluster_id, Permission.CLUSTER_WRITE)
    return await _kept(guard, CLUSTER, cluster_id, item, name, await request.body())


@router.post(
    "/accessions/{accession_id}/{number}", status_code=201, summary="Keep an enclosure of an application",
    openapi_extra=_BODY, responses=problems("accession.not_found", "accession.enclosures_closed", *_FAULTS),
)  # fmt: skip
async def enclose(accession_id: AccessionId, number: Number, name: Name, guard: TheGuard, request: Request) -> FileView:
    await run_in_threadpool(accession_of, guard, accession_id, Permission.CLUSTER_WRITE)
    return await _kept(guard, ACCESSION, accession_id, str(number), name, await request.body())


@router.get(
    "/{file_id}/content", response_class=Response, summary="A kept paper, with ranges",
    responses=file_answers("file.not_found"),
)  # fmt: skip
def content(file_id: Annotated[Identifier, Path()], guard: TheGuard, request: Request) -> Response:
    file = _readable(guard, file_id)
    stored = Stored(file.key, file.sha256, file.size, file.media_type, file.name)
    return Download(request, guard.api.service.store, stored, {}, inline=False)


async def _kept(guard: Guard, owner: str, owner_id: str, item: str, name: str, body: bytes) -> FileView:
    keep_file = guard.use.clusters.keep_file
    return file_view(await run_in_threadpool(keep_file, owner, owner_id, item, name, body, guard.actor))


def _readable(guard: Guard, file_id: str) -> CaseFile:
    """Whoever may not read its cluster learns of no file."""
    missing = NotFoundError("file.not_found", "id", id=file_id)
    with guard.reading() as uow:
        try:
            file = uow.case_files.get(file_id)
            cluster_id = file.owner_id if file.owner == CLUSTER else uow.accessions.get(file.owner_id).cluster_id
        except NotFoundError:
            raise missing from None
    try:
        guard.cluster(cluster_id)
    except NotFoundError:
        raise missing from None
    return file
