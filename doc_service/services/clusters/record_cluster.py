"""Takes a cluster into the records, with the bodies that are its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.body_kinds import CLUSTER_ORGAN, FOUNDERS_MEETING, MEMBERS_MEETING
from doc_service.domain.clusters.clusters import Cluster, cluster_faults
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace


def check_bodies(uow: UnitOfWork, cluster: Cluster) -> None:
    """Each body is of its kind: ``DomainError`` "cluster.wrong_body"; ``NotFoundError`` "body.not_found"."""
    for field, body_id, kind in (
        ("members_body_id", cluster.members_body_id, MEMBERS_MEETING),
        ("founders_body_id", cluster.founders_body_id, FOUNDERS_MEETING),
        ("organ_body_id", cluster.organ_body_id, CLUSTER_ORGAN),
    ):
        if body_id and uow.bodies.get(body_id).rules.kind != kind:
            raise DomainError("cluster.wrong_body", field, body=body_id, expected=kind)


@dataclass(frozen=True, slots=True)
class RecordCluster:
    """Adds ``cluster``, which is FORMING; the same again changes nothing ("cluster.exists" for another one). Raises the
    faults of ``cluster_faults`` and what ``check_bodies`` does."""

    work: Workspace

    def __call__(self, cluster: Cluster, actor: str) -> Cluster:
        faults = cluster_faults(cluster)
        if faults:
            raise DomainError.of(faults)
        with self.work.uow() as uow:
            known = uow.clusters.find(cluster.id)
            if known is not None:
                if replace(known, version=0) != replace(cluster, version=0):
                    raise ConflictError("cluster.exists", "id", id=cluster.id)
                return known
            check_bodies(uow, cluster)
            uow.clusters.add(cluster)
            details = {"bodies": sorted(cluster.body_ids), "started_on": cluster.started_on.isoformat()}
            self.work.record(uow, actor, Action.CLUSTER_RECORDED, ("cluster", cluster.id), details)
            uow.commit()
        return cluster
