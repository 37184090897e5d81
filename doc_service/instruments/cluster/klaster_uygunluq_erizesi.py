"""``klaster-uygunluq-erizesi``: application for the check of compliance, with the passport enclosed (003 §6.2–6.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field

from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.application_data import CitedDocumentData
from doc_service.instruments.cluster.common import (
    ClusterData,
    HeadedOrganisationData,
    cluster_faults,
    organisation_faults,
)
from doc_service.instruments.fields import Line, Strict
from doc_service.instruments.issuer import issuer_heading
from doc_service.instruments.samples.cluster_application import application_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import counted

MEMBERS_NEEDED: Final = 10
"""Members that a cluster must have (003 Əlavə 13 §4)."""

Count = Annotated[int, Field(ge=0, le=100_000)]


class ComplianceApplicationData(Strict):
    """The application; its form is free (003 §6.4)."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    organisation: HeadedOrganisationData = Field(title="Klasterin ixtisaslaşdırılmış təşkilatı")
    addressee: Line = Field(title="Ünvanlandığı orqan", description="Yönlük halda: 003 §6.2")
    participants: Count = Field(title="Klasterin iştirakçılarının sayı")
    infrastructure: Count = Field(title="Klasterin infrastruktur təşkilatlarının sayı")
    projects: Count = Field(title="Birgə layihələrin sayı")
    passport: CitedDocumentData = Field(title="Klasterin pasportu", description="003 §6.4, Əlavə 14")
    enclosures: tuple[Line, ...] = Field(default=(), max_length=100, title="Digər əlavələr")


@dataclass(frozen=True, kw_only=True)
class KlasterUygunluqErizesi(Instrument[ComplianceApplicationData]):
    def check(self, data: ComplianceApplicationData) -> tuple[Fault, ...]:
        """At least ten members and one joint project: without them nothing is to be checked (003 Əlavə 13 §4)."""
        return tuple(self._faults(data))

    def _faults(self, data: ComplianceApplicationData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        yield from organisation_faults(data.organisation.organisation, "organisation.organisation")
        members = data.participants + data.infrastructure
        if members < MEMBERS_NEEDED:
            yield Fault("application.too_few_members", "participants", {"members": members, "needed": MEMBERS_NEEDED})
        if not data.projects:
            yield Fault("application.no_project", "projects")

    def signatories(self, data: ComplianceApplicationData) -> tuple[Signatory, ...]:
        """The head of the specialised organisation (003 §6.4)."""
        role = f"{genitive(data.cluster.name)} ixtisaslaşdırılmış təşkilatının rəhbəri"
        return (Signatory(field=field_name(1), order=1, person_id=data.organisation.head.id, role_label=role),)

    def context(
        self,
        data: ComplianceApplicationData,
        registration: Registration | None = None,
        stand_ins: StandIns = NO_STAND_INS,
    ) -> dict[str, Any]:
        people = {data.organisation.head.id: data.organisation.head.to_domain()}
        passport = f"Sənaye klasterinin pasportu ({data.passport.text} sənəd)"
        return {
            **issuer_heading(data.organisation.issuer(), registration),
            "addressee": data.addressee,
            "cluster": {"name": data.cluster.name, "genitive": genitive(data.cluster.name)},
            "organisation": _organisation(data),
            "facts": {
                "territory": data.cluster.territory,
                "product": data.cluster.product,
                "participants": counted(data.participants),
                "infrastructure": counted(data.infrastructure),
                "projects": counted(data.projects),
            },
            "passport_sha256": data.passport.sha256,
            "enclosures": [f"{n}. {text}" for n, text in enumerate((passport, *data.enclosures), 1)],
            "signatory": signature_rows(self.signatories(data), people, stand_ins)[0],
        }

    def sample(self) -> dict[str, Any]:
        return application_sample()


def klaster_uygunluq_erizesi() -> KlasterUygunluqErizesi:
    """The instrument of 003 §6.2–6.4."""
    return KlasterUygunluqErizesi(
        model=ComplianceApplicationData,
        id="klaster-uygunluq-erizesi",
        title_az="Tələblərə uyğunluğun yoxlanılması üçün ərizə",
        title_en="Application for the check of compliance with the requirements",
        template="klaster-uygunluq-erizesi.v1",
        journal="KL-UE",
        journal_title="Tələblərə uyğunluğun yoxlanılması üçün ərizələrin qeydiyyatı jurnalı",
        case_index="KL-08",
        sources=("003 §6.2", "003 §6.3", "003 §6.4"),
    )


def _organisation(data: ComplianceApplicationData) -> dict[str, str]:
    organisation = data.organisation.organisation
    registered = (
        f", dövlət qeydiyyat nömrəsi {organisation.state_registration}" if organisation.state_registration else ""
    )
    return {
        "name": organisation.full_name,
        "requisites": f"VÖEN {organisation.voen}{registered}",
        "address": organisation.address,
    }
