"""A participant leaves on its own initiative, which is its right (003 Əlavə 4 §3.6)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.clusters.clusters import Participation, ParticipationAction
from doc_service.domain.clusters.registry import Difference
from doc_service.domain.errors import DomainError
from doc_service.services.base import Workspace
from doc_service.services.clusters.end_participation import end_participation

STATEMENT = "cixis-erizesi"
"""The item under which the participant's statement is kept with the cluster."""


@dataclass(frozen=True, slots=True)
class LeaveCluster:
    """``statement_id``: the participant's own statement, a file kept with the cluster. Nobody's consent is needed. The
    agreement stands for the others, and the registry has a new edition. Raises ``DomainError``
    "cluster.no_statement", ``ConflictError`` "state.not_allowed", "cluster.specialised_stays"."""

    work: Workspace

    def __call__(self, participation_id: str, statement_id: str, actor: str) -> tuple[Participation, Difference | None]:
        with self.work.uow() as uow:
            part = uow.clusters.participation(participation_id)
            cluster = uow.clusters.get(part.cluster_id)
            file = uow.case_files.get(statement_id)
            if (file.owner, file.owner_id, file.item) != ("cluster", cluster.id, STATEMENT):
                raise DomainError("cluster.no_statement", "statement_id", file=statement_id)
            organisation = uow.organisations.get(part.organisation_id)
            basis = f"{organisation.full_name}: öz təşəbbüsü ilə çıxma (Sazişin 3.6-cı bəndi)"
            done = end_participation(
                self.work, uow, cluster, part, ParticipationAction.LEAVE, statement_id, basis, actor
            )
            uow.commit()
        return done
