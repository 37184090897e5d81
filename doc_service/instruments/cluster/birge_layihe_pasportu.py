"""``birge-layihe-pasportu``: the passport of a joint project of the cluster's participants (003 §5.7.5 a, Əlavə 11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from doc_service.domain.azerbaijani import long_date
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import cluster_faults, organisation_faults
from doc_service.instruments.cluster.development_parts import head_and_seal, sealed_rows
from doc_service.instruments.cluster.project_data import ProjectPassportData
from doc_service.instruments.cluster.project_text import project_context, project_faults
from doc_service.instruments.samples.joint_projects import project_passport_sample
from doc_service.instruments.wording import BLANK_DATE, BLANK_NUMBER


@dataclass(frozen=True, kw_only=True)
class BirgeLayihePasportu(Instrument[ProjectPassportData]):
    def check(self, data: ProjectPassportData) -> tuple[Fault, ...]:
        """At most 1,500 characters of description, totals that add up, rows that agree with the table (Əlavə 11)."""
        return (
            *cluster_faults(data.cluster),
            *organisation_faults(data.organisation.organisation, "organisation.organisation"),
            *project_faults(data.project, "project"),
        )

    def signatories(self, data: ProjectPassportData) -> tuple[Signatory, ...]:
        """The head of the specialised organisation, and its seal ("MY")."""
        return head_and_seal(data.cluster, data.organisation)

    def context(
        self, data: ProjectPassportData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        return {
            "line": {
                "date": long_date(registration.registered_on) if registration else BLANK_DATE,
                "number": registration.number if registration else BLANK_NUMBER,
            },
            "cluster": genitive(data.cluster.name),
            "project": project_context(data.project),
            **sealed_rows(self.signatories(data), data.organisation, stand_ins),
        }

    def sample(self) -> dict[str, Any]:
        return project_passport_sample()


def birge_layihe_pasportu() -> BirgeLayihePasportu:
    """The instrument of 003 Əlavə 11."""
    return BirgeLayihePasportu(
        model=ProjectPassportData,
        id="birge-layihe-pasportu",
        title_az="Birgə layihənin pasportu",
        title_en="Passport of a joint project",
        template="birge-layihe-pasportu.v1",
        journal="KL-BP",
        journal_title="Birgə layihələrin pasportlarının qeydiyyatı jurnalı",
        case_index="KL-07",
        sources=("003 §5.7.5 a)", "003 Əlavə 11"),
    )
