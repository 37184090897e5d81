"""The accession sheet is signed by both sides, and the applicant takes part (003 Əlavə 4 §3.5, §4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import baku_date
from doc_service.domain.clusters.accession import Accession, AccessionAction
from doc_service.domain.clusters.clusters import Cluster, Participation, participation_faults
from doc_service.domain.documents import Document
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.ports import UnitOfWork
from doc_service.services.accession import steps
from doc_service.services.accession.draft_sheet import last_sheet, newest_digest, next_number, standing_agreement
from doc_service.services.base import Workspace
from doc_service.services.clusters.papers import signed_digests, signed_document


@dataclass(frozen=True, slots=True)
class Accede:
    """Checks what the sheet is bound to: the agreement and the sheet before it by the digests of their signed files,
    its own number, the application and the decision. The agreement itself is not touched: it is in force for the
    newcomer from the day of this sheet.

    Raises ``DomainError`` "accession.sheet_unbound" (what), "accession.other_organisation", what ``signed_document``
    does, ``ConflictError`` "state.not_allowed", "accession.no_agreement", "accession.sheet_number" when another sheet
    was signed meanwhile, "cluster.already_participates"."""

    work: Workspace

    def __call__(self, accession_id: str, sheet_id: str, actor: str) -> Accession:
        with self.work.uow() as uow:
            sheet = uow.documents.get(sheet_id)
            accession = uow.accessions.get(accession_id)
            cluster = uow.clusters.get(accession.cluster_id)
            sheet = signed_document(uow, cluster, sheet.id, steps.SHEET)
            agreement = standing_agreement(uow, cluster)
            self._check(uow, cluster, accession, sheet, agreement)
            acceded = accession.moved(
                AccessionAction.ACCEDE,
                agreement_id=agreement.id,
                sheet_id=sheet.id,
                sheet_number=sheet.data["sheet_number"],
                sheet_sha256=newest_digest(uow, sheet),
            )
            part = self._participation(uow, accession, sheet, agreement)
            uow.clusters.add_participation(part)
            details = {"cluster": cluster.id, "organisation": part.organisation_id, "sheet": sheet.id}
            self.work.record(uow, actor, Action.PARTICIPATION_RECORDED, ("participation", part.id), details)
            bound = {"sheet": sheet.id, "number": acceded.sheet_number, "agreement": agreement.id}
            saved = steps.moved(self.work, uow, accession, acceded, actor, **bound)
            uow.commit()
        return saved

    def _check(
        self, uow: UnitOfWork, cluster: Cluster, accession: Accession, sheet: Document, agreement: Document
    ) -> None:
        data = sheet.data
        organisation = uow.organisations.get(accession.organisation_id)
        steps.about(sheet, data["newcomer"]["organisation"], organisation.voen)
        last = last_sheet(uow, cluster)
        number, wanted = data["sheet_number"], next_number(last)
        if number != wanted:
            raise ConflictError("accession.sheet_number", "sheet_number", expected=wanted, found=number)
        _bound(uow, data["agreement"], agreement, "agreement")
        previous = data.get("previous")
        if last is None and previous is not None:
            raise DomainError("accession.sheet_unbound", "previous", what="previous")
        if last is not None:
            _bound(uow, previous or {}, uow.documents.get(last.sheet_id), "previous")
        _bound(uow, data["application"], uow.documents.get(accession.application_id), "application")
        protocol = uow.documents.get(accession.protocol_id)
        assert protocol.registration is not None
        if data["decision"]["number"] != protocol.registration.number:
            raise DomainError("accession.sheet_unbound", "decision", what="decision")

    def _participation(
        self, uow: UnitOfWork, accession: Accession, sheet: Document, agreement: Document
    ) -> Participation:
        questionnaire = uow.documents.get(accession.questionnaire_id)
        registration = agreement.registration
        assert registration is not None
        part = Participation(
            id=accession.id,
            cluster_id=accession.cluster_id,
            organisation_id=accession.organisation_id,
            kind=accession.kind,
            products=products_of(questionnaire.data),
            joined_on=baku_date(self.work.clock.now()),
            agreement_id=agreement.id,
            agreement_number=registration.number,
            agreement_date=registration.registered_on,
            sheet_id=sheet.id,
            employees=accession.employees,
        )
        faults = participation_faults(part)
        if faults:
            raise DomainError.of(faults)
        return part


def products_of(questionnaire: Mapping[str, Any]) -> str:
    """The main products or services, as the registry's fifth column has them (003 Əlavə 5)."""
    return ", ".join(str(product["name"]) for product in questionnaire.get("products", ()))


def _bound(uow: UnitOfWork, cited: Mapping[str, Any], document: Document, what: str) -> None:
    """Number and digest are those of the signed document."""
    registration = document.registration
    number = registration.number if registration else ""
    if cited.get("number") != number or cited.get("sha256") not in signed_digests(uow, document.id):
        raise DomainError("accession.sheet_unbound", what, what=what)
