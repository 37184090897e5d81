"""A cluster is established, admitted to the state's registry of clusters, or dissolved."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.clusters.clusters import Cluster, ClusterAction
from doc_service.domain.errors import DomainError
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class MoveCluster:
    """Establishing names the specialised organisation, which must be in the register (003 §4.1). Raises ``DomainError``
    "cluster.specialised_missing", ``NotFoundError`` "organisation.not_found", ``ConflictError`` "state.not_allowed",
    "state.stale"."""

    work: Workspace

    def __call__(
        self, cluster_id: str, action: ClusterAction, actor: str, *, specialised_id: str = "", version: int
    ) -> Cluster:
        with self.work.uow() as uow:
            cluster = uow.clusters.get(cluster_id)
            changes: dict[str, str] = {}
            if action is ClusterAction.ESTABLISH:
                if not specialised_id:
                    raise DomainError("cluster.specialised_missing", "specialised_id")
                changes["specialised_id"] = uow.organisations.get(specialised_id).id
            moved = cluster.moved(action, version=version, **changes)
            saved = uow.clusters.save(moved)
            details = {"action": str(action), "state": str(saved.state), **changes}
            self.work.record(uow, actor, Action.CLUSTER_MOVED, ("cluster", cluster_id), details)
            uow.commit()
        return saved
