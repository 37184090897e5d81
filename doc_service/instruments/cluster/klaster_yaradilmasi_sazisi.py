"""``klaster-yaradilmasi-sazisi``: the agreement on creating a cluster (003 §5.8, Əlavə 13 §8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import Field

from doc_service.domain.azerbaijani import long_date, plain_date
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
    organisation_lines,
    repeated_faults,
)
from doc_service.instruments.cluster.klaster_terkib_qerari import Capacity
from doc_service.instruments.cluster.klaster_uygunluq_erizesi import MEMBERS_NEEDED
from doc_service.instruments.cluster.lists import lettered
from doc_service.instruments.fields import Line, Prose, Strict
from doc_service.instruments.samples.cluster_agreements import agreement_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import BLANK_NUMBER, LEGAL_UNIT, cited, counted, day_text

_CAPACITIES: Final = {Capacity.PARTICIPANT: "İştirakçı", Capacity.INFRASTRUCTURE: "İnfrastruktur"}


class MeetingReferenceData(Strict):
    """A members' general meeting by its day and protocol."""

    held_on: date = Field(title="Ümumi yığıncağın tarixi")
    protocol: Line = Field(title="Protokolun nömrəsi")


class AgreementMemberData(Strict):
    """A line of the list of participants and infrastructure (annex 1)."""

    organisation: OrganisationData = Field(title="Təşkilat")
    capacity: Capacity = Field(title="Statusu", description="participant və ya infrastructure")


class CreationAgreementData(Strict):
    """What the agreement needs beyond its fixed provisions."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    place: Line = Field(title="Sazişin bağlandığı yer")
    concluded_on: date = Field(title="Sazişin tarixi")
    organisation: HeadedOrganisationData = Field(title="Klasterin ixtisaslaşdırılmış təşkilatı")
    executives: tuple[HeadedOrganisationData, ...] = Field(
        min_length=1, max_length=50, title="İcra hakimiyyəti orqanları", description="003 §5.8"
    )
    approval: MeetingReferenceData = Field(
        title="Funksional xəritənin və inkişaf proqramının təsdiqi", description="003 §5.2, §5.8"
    )
    consent: MeetingReferenceData = Field(title="İştirakçılarla razılaşdırılması", description="003 §5.8")
    goal: Prose = Field(title="Klasterin yaradılmasının məqsədi", description="Cümlənin davamı; nöqtəsiz")
    tasks: tuple[Line, ...] = Field(min_length=1, max_length=30, title="Klasterin vəzifələri")
    results: tuple[Line, ...] = Field(min_length=1, max_length=30, title="Gözlənilən nəticələr")
    members: tuple[AgreementMemberData, ...] = Field(
        min_length=1, max_length=5000, title="Klasterin iştirakçıları və infrastrukturu"
    )
    organ: Line = Field(title="Kollegial idarəetmə orqanının adı", description="003 Əlavə 13 §7.1")
    scheme: Line = Field(title="Ərazi planlaşdırma sxemi", description="003 §5.8 a)")
    functional_map: CitedDocumentData = Field(title="Klasterin funksional xəritəsi", description="003 §5.8 b)")
    valid_until: date | None = Field(default=None, title="Qüvvədə olduğu son gün", description="Boş: müddətsiz")

    def parties(self) -> tuple[HeadedOrganisationData, ...]:
        return (self.organisation, *self.executives)

    def count(self, capacity: Capacity) -> int:
        return sum(m.capacity is capacity for m in self.members)


@dataclass(frozen=True, kw_only=True)
class KlasterYaradilmasiSazisi(Instrument[CreationAgreementData]):
    def check(self, data: CreationAgreementData) -> tuple[Fault, ...]:
        """Concluded after approval of the basic documents and consent of the participants (003 §5.8), with at least
        ten members (Əlavə 13 §4), by different parties."""
        return tuple(self._faults(data))

    def _faults(self, data: CreationAgreementData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        yield from organisation_faults(data.organisation.organisation, "organisation.organisation")
        for index, executive in enumerate(data.executives):
            yield from organisation_faults(executive.organisation, f"executives[{index}].organisation")
        yield from repeated_faults([e.organisation for e in data.executives], "executives[{}].organisation")
        for index, member in enumerate(data.members):
            yield from organisation_faults(member.organisation, f"members[{index}].organisation")
        yield from repeated_faults([m.organisation for m in data.members], "members[{}].organisation")
        if len(data.members) < MEMBERS_NEEDED:
            figures = {"members": len(data.members), "needed": MEMBERS_NEEDED}
            yield Fault("application.too_few_members", "members", figures)
        yield from _day_faults(data)

    def signatories(self, data: CreationAgreementData) -> tuple[Signatory, ...]:
        """The head of the specialised organisation, then the heads of the executive bodies together (003 §5.8)."""
        return tuple(
            Signatory(
                field=field_name(n),
                order=1 if n == 1 else 2,
                person_id=party.head.id,
                role_label=head_role(party.organisation),
            )
            for n, party in enumerate(data.parties(), 1)
        )

    def context(
        self, data: CreationAgreementData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {party.head.id: party.head.to_domain() for party in data.parties()}
        return {
            "line": {
                "date": long_date(data.concluded_on),
                "number": registration.number if registration else BLANK_NUMBER,
                "place": data.place,
            },
            "cluster": {"name": data.cluster.name, "genitive": genitive(data.cluster.name)},
            "parties": _parties(data),
            "territory": data.cluster.territory,
            "product": data.cluster.product,
            "approval": cited(data.approval.held_on, data.approval.protocol),
            "consent": f"üzvlərin ümumi yığıncağının {cited(data.consent.held_on, data.consent.protocol)}",
            "goal": data.goal.strip().rstrip("."),
            "tasks": lettered(data.tasks),
            "results": lettered(data.results),
            "participants": counted(data.count(Capacity.PARTICIPANT)),
            "infrastructure": counted(data.count(Capacity.INFRASTRUCTURE)),
            "organ": data.organ,
            "scheme": data.scheme,
            "term": _term(data.valid_until),
            "requisites": [_requisites(party) for party in data.parties()],
            "members": [_member(n, member) for n, member in enumerate(data.members, 1)],
            "functional_map": {
                "number": data.functional_map.number,
                "date": day_text(data.functional_map.registered_on),
                "sha256": data.functional_map.sha256,
            },
            "signatories": signature_rows(self.signatories(data), people, stand_ins),
        }

    def sample(self) -> dict[str, Any]:
        return agreement_sample()


def klaster_yaradilmasi_sazisi() -> KlasterYaradilmasiSazisi:
    """The instrument of 003 §5.8, Əlavə 13 §8."""
    return KlasterYaradilmasiSazisi(
        model=CreationAgreementData,
        id="klaster-yaradilmasi-sazisi",
        title_az="Sənaye klasterinin yaradılması haqqında saziş",
        title_en="Agreement on creating an industrial cluster",
        template="klaster-yaradilmasi-sazisi.v1",
        journal="KL-YS",
        journal_title="Sənaye klasterinin yaradılması haqqında sazişlərin qeydiyyatı jurnalı",
        case_index="KL-01",
        sources=("003 §5.8", "003 Əlavə 13 §8"),
        visa_units=(LEGAL_UNIT,),
    )


def _day_faults(data: CreationAgreementData) -> Iterator[Fault]:
    concluded = data.concluded_on.isoformat()
    for field, day in (
        ("approval.held_on", data.approval.held_on),
        ("consent.held_on", data.consent.held_on),
        ("functional_map.registered_on", data.functional_map.registered_on),
    ):
        if day > data.concluded_on:
            yield Fault("agreement.before_approval", field, {"day": day.isoformat(), "concluded_on": concluded})
    if data.valid_until is not None and data.valid_until <= data.concluded_on:
        days = {"since": concluded, "until": data.valid_until.isoformat()}
        yield Fault("plan.term_reversed", "valid_until", days)


def _parties(data: CreationAgreementData) -> str:
    """Who concludes the agreement, each by its head."""
    head = genitive(data.organisation.head.name.to_domain().full, keep=True)
    first = (
        f"{data.organisation.organisation.full_name} (bundan sonra – İxtisaslaşdırılmış təşkilat) nizamnamə əsasında "
        f"fəaliyyət göstərən rəhbəri {head} şəxsində, bir tərəfdən"
    )
    bodies = ", ".join(
        f"{e.organisation.full_name} rəhbəri {genitive(e.head.name.to_domain().full, keep=True)} şəxsində"
        for e in data.executives
    )
    plural = len(data.executives) > 1
    named = "bundan sonra birlikdə – İcra orqanları" if plural else "bundan sonra – İcra orqanları"
    return f"{first}, {bodies} ({named}), digər tərəfdən"


def _term(until: date | None) -> str:
    return "qeyri-müəyyən müddətə bağlanır" if until is None else f"{plain_date(until)}ədək qüvvədə qalır"


def _requisites(party: HeadedOrganisationData) -> dict[str, Any]:
    return organisation_lines(party.organisation) | {"head": party.head.name.to_domain().full}


def _member(place: int, member: AgreementMemberData) -> dict[str, Any]:
    return organisation_lines(member.organisation) | {"no": place, "capacity": _CAPACITIES[member.capacity]}
