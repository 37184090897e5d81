"""Where a cluster stands on its founding path, at any time (003 §2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doc_service.domain.civil_time import baku_date
from doc_service.domain.clusters.clusters import Cluster
from doc_service.domain.clusters.road_map import Paper, StageStatus, road_map
from doc_service.domain.clusters.stages import STAGE_TABLE
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.clusters.papers import documents_of, file_paper, paper_of

_QUESTIONNAIRE = "klaster-anket"


@dataclass(frozen=True, slots=True)
class RoadMap:
    """``today`` in Baku, by which stages are overdue."""

    cluster: Cluster
    today: date
    stages: tuple[StageStatus, ...]


@dataclass(frozen=True, slots=True)
class ShowRoadMap:
    """Computed from the documents and files there are; nothing is stored. ``NotFoundError`` "cluster.not_found"."""

    work: Workspace

    def __call__(self, cluster_id: str) -> RoadMap:
        with self.work.uow.reading() as uow:
            cluster = uow.clusters.get(cluster_id)
            parts = uow.clusters.participations(cluster_id, active=True)
            stages = road_map(cluster.started_on, papers_by_item(uow, cluster), [p.organisation_id for p in parts])
        return RoadMap(cluster, baku_date(self.work.clock.now()), stages)


def papers_by_item(uow: UnitOfWork, cluster: Cluster) -> dict[str, list[Paper]]:
    """What there is for each item of the stage table."""
    found: dict[str, list[Paper]] = {}
    by_voen = _organisations_by_voen(uow, cluster)
    for item in STAGE_TABLE:
        for document in documents_of(uow, cluster, item.instruments):
            owner = ""
            if document.instrument == _QUESTIONNAIRE:
                data = uow.documents.get(document.id).data
                owner = by_voen.get(data.get("organisation", {}).get("voen", ""), "")
            found.setdefault(item.id, []).append(paper_of(document, owner))
    for file in uow.case_files.of_owner("cluster", cluster.id):
        found.setdefault(file.item, []).append(file_paper(file))
    return found


def _organisations_by_voen(uow: UnitOfWork, cluster: Cluster) -> dict[str, str]:
    ids = {p.organisation_id for p in uow.clusters.participations(cluster.id)}
    return {o.voen: o.id for o in uow.organisations.of_ids(ids).values()}
