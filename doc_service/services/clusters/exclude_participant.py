"""The members' general meeting excludes an organisation (003 §4.4 ə))."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.azerbaijani import reference_date
from doc_service.domain.clusters.clusters import Participation, ParticipationAction
from doc_service.domain.clusters.registry import Difference
from doc_service.domain.errors import DomainError
from doc_service.services.base import Workspace
from doc_service.services.clusters.end_participation import end_participation
from doc_service.services.clusters.papers import signed_document

DECISION = "klaster-terkib-qerari"


@dataclass(frozen=True, slots=True)
class ExcludeParticipant:
    """``decision_id``: the signed decision of the meeting, about this very organisation. The registry has a new edition
    in the same transaction. Raises ``DomainError`` "cluster.other_decision" for an admission or another organisation,
    what ``signed_document`` does, ``ConflictError`` "state.not_allowed", "cluster.specialised_stays"."""

    work: Workspace

    def __call__(self, participation_id: str, decision_id: str, actor: str) -> tuple[Participation, Difference | None]:
        with self.work.uow() as uow:
            decision = uow.documents.get(decision_id)
            part = uow.clusters.participation(participation_id)
            cluster = uow.clusters.get(part.cluster_id)
            decision = signed_document(uow, cluster, decision.id, DECISION)
            organisation = uow.organisations.get(part.organisation_id)
            named = decision.data["organisation"]["voen"] == organisation.voen
            if decision.data["change"] != "exclusion" or not named:
                raise DomainError("cluster.other_decision", "decision_id", organisation=organisation.full_name)
            assert decision.registration is not None
            day = reference_date(decision.registration.registered_on)
            basis = f"Ümumi yığıncağın {day} tarixli {decision.registration.number} nömrəli qərarı"
            done = end_participation(
                self.work, uow, cluster, part, ParticipationAction.EXCLUDE, decision_id, basis, actor
            )
            uow.commit()
        return done
