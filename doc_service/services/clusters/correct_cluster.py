"""Corrects what a cluster is called, where it is, what it makes, its bodies and what it is measured against."""

from __future__ import annotations

from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.clusters.clusters import Cluster, cluster_faults
from doc_service.domain.errors import DomainError
from doc_service.domain.organisations import changed_fields
from doc_service.services.base import Workspace
from doc_service.services.clusters.record_cluster import check_bodies


@dataclass(frozen=True, slots=True)
class CorrectCluster:
    """Replaces the record whose version is ``cluster.version``; its state and its specialised organisation stay (see
    ``MoveCluster``). Raises as ``RecordCluster``, and ``ConflictError`` "state.stale"."""

    work: Workspace

    def __call__(self, cluster: Cluster, actor: str) -> Cluster:
        faults = cluster_faults(cluster)
        if faults:
            raise DomainError.of(faults)
        with self.work.uow() as uow:
            known = uow.clusters.get(cluster.id)
            wanted = replace(cluster, state=known.state, specialised_id=known.specialised_id)
            changed = changed_fields(known, wanted)
            if not changed:
                return known
            check_bodies(uow, wanted)
            saved = uow.clusters.save(wanted)
            subject = ("cluster", cluster.id)
            self.work.record(uow, actor, Action.CLUSTER_CORRECTED, subject, {"fields": sorted(changed)})
            uow.commit()
        return saved
