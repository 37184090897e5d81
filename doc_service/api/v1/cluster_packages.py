"""The application package of a cluster: what it lacks, its copies, its inventory, and the package itself (003 §2)."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response

from doc_service.api.idempotency import NewId
from doc_service.api.problem_docs import problems
from doc_service.api.ranges import disposition
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import ZIP, Responses
from doc_service.api.v1.clusters import ClusterId
from doc_service.api.v1.documents import DocumentId, answered
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.packages import zipped
from doc_service.api.v1.schemas.cluster_packages import CopiesIssued, PackageInput, PackageView, package_view
from doc_service.api.v1.schemas.documents import DocumentDetail
from doc_service.bootstrap.packages import PackageCases
from doc_service.domain.authorisation import Permission

router: APIRouter = guarded_router("/v1/clusters/{cluster_id}/package", "clusters")
file_router: APIRouter = guarded_router("/v1/documents/{document_id}/package", "documents")
ASIC = "application/vnd.etsi.asic-e+zip"
_CONTAINER: Responses = {
    200: {
        "description": "An ASiC-E container (ETSI EN 319 162-1)",
        "content": {ASIC: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_FILES = ("document.not_found", "document.not_final")


def _cases(guard: TheGuard) -> PackageCases:
    return guard.api.service.packages


@router.get("", summary="What the package would hold now, and what it lacks", responses=problems("cluster.not_found"))
def look(cluster_id: ClusterId, guard: TheGuard) -> PackageView:
    """Each gap names the clause that asks for the paper."""
    return package_view(_cases(guard).gather(guard.cluster(cluster_id).id))


@router.post(
    "/copies", summary="Issue the certified copies that the stage table asks for",
    responses=problems("cluster.not_found", "journal.not_found", copy__original_invalid=409, copy__no_seal=409),
)  # fmt: skip
def issue_copies(cluster_id: ClusterId, wanted: PackageInput, guard: TheGuard, new_id: NewId) -> CopiesIssued:
    guard.cluster(cluster_id, Permission.CLUSTER_WRITE)
    guard.require(Permission.COPY_ISSUE)
    request = wanted.to_request(wanted.id or new_id("package"), cluster_id)
    return CopiesIssued(copies=list(_cases(guard).issue_copies(request, guard.actor)))


@router.post(
    "", status_code=201, response_model=DocumentDetail, summary="Draft the inventory of a complete package",
    responses=problems("cluster.not_found", "package.missing", "package.copy_missing", "document.other_data"),
)  # fmt: skip
def draft(cluster_id: ClusterId, wanted: PackageInput, guard: TheGuard, request: Request, new_id: NewId) -> Response:
    """Refused while a paper is missing, with every gap and its clause."""
    guard.cluster(cluster_id, Permission.CLUSTER_WRITE)
    asked = wanted.to_request(wanted.id or new_id("package"), cluster_id)
    return answered(request, _cases(guard).draft(asked, guard.actor), 201)


@file_router.get(
    "/container", response_class=Response, summary="The package as one sealed container",
    responses={
        **_CONTAINER, **problems(*_FILES, "seal.unknown", package__not_a_package=409, package__file_changed=409),
    },
)  # fmt: skip
def container(document_id: DocumentId, guard: TheGuard) -> Response:
    """Inventory and papers, under the secretariat's seal with a time stamp."""
    document = guard.document(document_id, Permission.DOCUMENT_WRITE)
    data = _cases(guard).container(document.id)
    headers = {"content-disposition": disposition(f"{document_id}.asice"), "cache-control": "private, no-store"}
    return Response(data, media_type=ASIC, headers=headers)


@file_router.get(
    "/folder", response_class=Response, summary="The package as plain files in a ZIP",
    responses={**ZIP, **problems(*_FILES, package__not_a_package=409, package__file_changed=409)},
)  # fmt: skip
def folder(document_id: DocumentId, guard: TheGuard) -> Response:
    document = guard.document(document_id, Permission.DOCUMENT_WRITE)
    return zipped(document.id, partial(_cases(guard).folder, document.id))
