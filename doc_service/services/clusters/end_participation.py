"""What leaving and exclusion have in common: the participation ends, and the registry has a new edition (003 §4.16)."""

from __future__ import annotations

from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import baku_date
from doc_service.domain.clusters.clusters import Cluster, Participation, ParticipationAction
from doc_service.domain.clusters.registry import Difference
from doc_service.domain.errors import ConflictError
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.clusters.renew_registry import renew


def end_participation(
    work: Workspace,
    uow: UnitOfWork,
    cluster: Cluster,
    part: Participation,
    action: ParticipationAction,
    ended_by: str,
    basis: str,
    actor: str,
) -> tuple[Participation, Difference | None]:
    """In the open transaction. A cluster without registry yet gets none. ``ConflictError`` "cluster.specialised_stays":
    the specialised organisation is replaced before it goes."""
    if part.organisation_id == cluster.specialised_id:
        raise ConflictError("cluster.specialised_stays", "participation", organisation=part.organisation_id)
    ended = part.moved(action, ended_on=baku_date(work.clock.now()), ended_by=ended_by)
    saved = uow.clusters.save_participation(ended)
    details = {"cluster": cluster.id, "organisation": part.organisation_id, "how": str(action), "basis": ended_by}
    work.record(uow, actor, Action.PARTICIPATION_ENDED, ("participation", part.id), details)
    if uow.editions.last(cluster.id) is None:
        return saved, None
    return saved, renew(work, uow, cluster, basis, actor)[1]
