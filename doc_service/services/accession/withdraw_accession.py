"""An accession ends before the sheet is signed: the applicant does not want to any more, or it lapsed."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.clusters.accession import Accession, AccessionAction
from doc_service.services.accession import steps
from doc_service.services.base import Workspace
from doc_service.services.reasons import checked_reason


@dataclass(frozen=True, slots=True)
class WithdrawAccession:
    """Another one may be opened afterwards. Raises ``ConflictError`` "state.not_allowed", "state.stale", and what
    ``checked_reason`` does."""

    work: Workspace

    def __call__(self, accession_id: str, reason: str, actor: str, version: int) -> Accession:
        told = checked_reason(reason, "accession.reason_missing")
        with self.work.uow() as uow:
            accession = uow.accessions.get(accession_id)
            withdrawn = accession.moved(AccessionAction.WITHDRAW, reason=told, version=version)
            saved = steps.moved(self.work, uow, accession, withdrawn, actor)
            uow.commit()
        return saved
