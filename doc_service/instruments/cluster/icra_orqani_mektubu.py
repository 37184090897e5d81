"""``icra-orqani-mektubu``: the letter of the head of the executive body with the two confirmations (003 §6.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.application_data import CitedDocumentData
from doc_service.instruments.cluster.common import (
    ClusterData,
    HeadedOrganisationData,
    OrganisationData,
    cluster_faults,
    head_role,
    organisation_faults,
)
from doc_service.instruments.fields import Line, OptionalLine, OptionalProse, Strict
from doc_service.instruments.issuer import issuer_heading
from doc_service.instruments.samples.cluster_application import executive_letter_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import paragraphs


class ExecutiveLetterData(Strict):
    """The letter; its form is free, what it confirms is not (003 §6.5)."""

    executive: HeadedOrganisationData = Field(title="İcra hakimiyyəti orqanı")
    addressee: Line = Field(title="Ünvanlandığı orqan", description="Yönlük halda: 003 §6.2")
    cluster: ClusterData = Field(title="Sənaye klasteri")
    organisation: OrganisationData = Field(title="Klasterin ixtisaslaşdırılmış təşkilatı")
    functional_map: CitedDocumentData = Field(title="Klasterin funksional xəritəsi")
    conforms: bool = Field(
        title="İştirakçıların fəaliyyəti funksional xəritəyə uyğundur", description="003 §6.5, birinci təsdiq"
    )
    grounds: OptionalProse = Field(
        default="", title="Uyğunsuzluğun əsaslandırılması", description="Uyğun olmadıqda məcburidir: 003 §6.5"
    )
    strategy: Line = Field(title="Ərazi inkişafı strategiyası", description="Nəzərə alınan strategiyanın adı")
    scheme: Line = Field(title="Ərazi planlaşdırma sxemi", description="Nəzərə alınan sxemin adı")
    executor: OptionalLine = Field(default="", title="İcraçı və telefonu")


@dataclass(frozen=True, kw_only=True)
class IcraOrqaniMektubu(Instrument[ExecutiveLetterData]):
    def check(self, data: ExecutiveLetterData) -> tuple[Fault, ...]:
        """The first confirmation holds, or its opposite is reasoned: never both (003 §6.5)."""
        return tuple(self._faults(data))

    def _faults(self, data: ExecutiveLetterData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        yield from organisation_faults(data.executive.organisation, "executive.organisation")
        yield from organisation_faults(data.organisation, "organisation")
        if not data.conforms and not data.grounds.strip():
            yield Fault("executive.grounds_missing", "grounds")
        if data.conforms and data.grounds.strip():
            yield Fault("executive.grounds_unexpected", "grounds")

    def signatories(self, data: ExecutiveLetterData) -> tuple[Signatory, ...]:
        """The head of the executive body (003 §6.5)."""
        role = head_role(data.executive.organisation)
        return (Signatory(field=field_name(1), order=1, person_id=data.executive.head.id, role_label=role),)

    def context(
        self, data: ExecutiveLetterData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {data.executive.head.id: data.executive.head.to_domain()}
        return {
            **issuer_heading(data.executive.issuer(), registration),
            "addressee": data.addressee,
            "cluster": {"name": data.cluster.name, "genitive": genitive(data.cluster.name)},
            "territory": data.cluster.territory,
            "organisation": data.organisation.full_name,
            "functional_map": data.functional_map.text,
            "grounds": paragraphs(data.grounds),
            "strategy": data.strategy,
            "scheme": data.scheme,
            "executor": data.executor,
            "map_sha256": data.functional_map.sha256,
            "signatory": signature_rows(self.signatories(data), people, stand_ins)[0],
        }

    def sample(self) -> dict[str, Any]:
        return executive_letter_sample()


def icra_orqani_mektubu() -> IcraOrqaniMektubu:
    """The instrument of 003 §6.5."""
    return IcraOrqaniMektubu(
        model=ExecutiveLetterData,
        id="icra-orqani-mektubu",
        title_az="İcra orqanı rəhbərinin məktubu",
        title_en="Letter of the head of the executive body",
        template="icra-orqani-mektubu.v1",
        journal="KL-IM",
        journal_title="İcra orqanlarının məktublarının qeydiyyatı jurnalı",
        case_index="KL-08",
        sources=("003 §6.3", "003 §6.5"),
    )
