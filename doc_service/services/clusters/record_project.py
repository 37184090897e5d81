"""A joint project is proposed by participants of a cluster (003 Əlavə 4 §3.1)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.clusters.clusters import JointProject
from doc_service.domain.errors import DomainError
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class RecordProject:
    """Initiators and participants are organisations that take part in the cluster now: else ``DomainError``
    "cluster.not_a_participant"; "cluster.no_initiator"; ``ConflictError`` "cluster.project_exists"."""

    work: Workspace

    def __call__(self, project: JointProject, actor: str) -> JointProject:
        if not project.initiators:
            raise DomainError("cluster.no_initiator", "initiators")
        with self.work.uow() as uow:
            cluster = uow.clusters.get(project.cluster_id)
            active = {p.organisation_id for p in uow.clusters.participations(cluster.id, active=True)}
            for organisation_id in (*project.initiators, *project.participants):
                if organisation_id not in active:
                    raise DomainError("cluster.not_a_participant", "initiators", organisation=organisation_id)
            uow.clusters.add_project(project)
            details = {"cluster": cluster.id, "initiators": sorted(project.initiators)}
            self.work.record(uow, actor, Action.PROJECT_RECORDED, ("joint_project", project.id), details)
            uow.commit()
        return project
