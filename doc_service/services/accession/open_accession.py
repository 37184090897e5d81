"""An organisation of the register asks to join a cluster that has an agreement on participation (003 §4.17)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.clusters.accession import Accession
from doc_service.domain.clusters.clusters import ClusterState
from doc_service.domain.clusters.kinds import ParticipantKind, kind_faults
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class OpenAccession:
    """Raises ``ConflictError`` "accession.cluster_not_open" (no specialised organisation yet, or dissolved),
    "cluster.already_participates", "accession.in_progress"; ``DomainError`` "cluster.wrong_size"; ``NotFoundError``
    "cluster.not_found", "organisation.not_found". The same id again gives the accession that is there."""

    work: Workspace

    def __call__(
        self,
        accession_id: str,
        cluster_id: str,
        organisation_id: str,
        kind: ParticipantKind,
        actor: str,
        employees: int | None = None,
    ) -> Accession:
        faults = kind_faults(kind, employees)
        if faults:
            raise DomainError.of(faults)
        with self.work.uow() as uow:
            known = uow.accessions.find(accession_id)
            if known is not None:
                return known
            cluster = uow.clusters.get(cluster_id)
            if cluster.state not in (ClusterState.ESTABLISHED, ClusterState.ADMITTED):
                raise ConflictError("accession.cluster_not_open", "cluster_id", state=str(cluster.state))
            organisation = uow.organisations.get(organisation_id)
            active = uow.clusters.participations(cluster_id, active=True)
            if any(p.organisation_id == organisation.id for p in active):
                raise ConflictError("cluster.already_participates", "organisation_id", id=organisation.id)
            now = self.work.clock.now()
            accession = Accession(accession_id, cluster_id, organisation.id, kind, now, employees)
            uow.accessions.add(accession)
            details = {"cluster": cluster_id, "organisation": organisation.id, "kind": str(kind)}
            self.work.record(uow, actor, Action.ACCESSION_OPENED, ("accession", accession.id), details)
            uow.commit()
        return accession
