"""The newcomer enters the registry: a new edition, with the difference to the last one (003 §4.16)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.azerbaijani import reference_date
from doc_service.domain.clusters.accession import Accession, AccessionAction
from doc_service.domain.clusters.registry import Difference
from doc_service.services.accession import steps
from doc_service.services.base import Workspace
from doc_service.services.clusters.renew_registry import renew


@dataclass(frozen=True, slots=True)
class EnterRegistry:
    """The last step of an accession. Raises ``ConflictError`` "state.not_allowed" before the sheet is signed, and the
    faults of the registry's rows."""

    work: Workspace

    def __call__(self, accession_id: str, actor: str) -> tuple[Accession, Difference]:
        with self.work.uow() as uow:
            accession = uow.accessions.get(accession_id)
            cluster = uow.clusters.get(accession.cluster_id)
            accession.moved(AccessionAction.ENTER)
            organisation = uow.organisations.get(accession.organisation_id)
            registration = uow.documents.get(accession.sheet_id).registration
            assert registration is not None
            day = reference_date(registration.registered_on)
            basis = f"{organisation.full_name}: {day} tarixli {registration.number} nömrəli vərəqə ilə Sazişə qoşulma"
            edition, change = renew(self.work, uow, cluster, basis, actor)
            entered = accession.moved(AccessionAction.ENTER, edition=edition.number)
            saved = steps.moved(self.work, uow, accession, entered, actor, edition=edition.number)
            uow.commit()
        return saved, change
