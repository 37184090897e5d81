"""Takes a founder, or an infrastructure organisation, into a cluster; later participants come by an accession."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from doc_service.domain.audit_events import Action
from doc_service.domain.clusters.clusters import Participation, participation_faults
from doc_service.domain.errors import DomainError
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.clusters.papers import signed_document

AGREEMENT = "klaster-istirak-sazisi"


def party_voens(data: Mapping[str, Any]) -> frozenset[str]:
    """VÖENs of those that signed the agreement themselves (003 Əlavə 4)."""
    return frozenset(party["organisation"]["voen"] for party in data["parties"])


@dataclass(frozen=True, slots=True)
class RecordParticipation:
    """``participation`` names the agreement that the organisation signed, from which number and date are taken.

    Raises "cluster.agreement_missing", "cluster.wrong_size", "cluster.not_a_party" when the organisation is none of
    the agreement's parties, ``ConflictError`` "cluster.already_participates", and what ``signed_document`` does."""

    work: Workspace

    def __call__(self, participation: Participation, actor: str) -> Participation:
        faults = participation_faults(participation)
        if faults:
            raise DomainError.of(faults)
        with self.work.uow() as uow:
            wanted = self._with_agreement(uow, participation)
            uow.clusters.add_participation(wanted)
            details = {
                "cluster": wanted.cluster_id,
                "organisation": wanted.organisation_id,
                "kind": str(wanted.kind),
                "agreement": wanted.agreement_id,
            }
            self.work.record(uow, actor, Action.PARTICIPATION_RECORDED, ("participation", wanted.id), details)
            uow.commit()
        return wanted

    def _with_agreement(self, uow: UnitOfWork, wanted: Participation) -> Participation:
        organisation = uow.organisations.get(wanted.organisation_id)
        if not wanted.agreement_id:
            return wanted
        agreement = signed_document(uow, uow.clusters.get(wanted.cluster_id), wanted.agreement_id, AGREEMENT)
        if organisation.voen not in party_voens(agreement.data):
            raise DomainError("cluster.not_a_party", "organisation_id", organisation=organisation.full_name)
        registration = agreement.registration
        assert registration is not None
        return replace(wanted, agreement_number=registration.number, agreement_date=registration.registered_on)
