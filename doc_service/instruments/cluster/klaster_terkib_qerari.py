"""``klaster-terkib-qerari``: admission of an organisation to the cluster, or its exclusion (003 §4.4 e), ə)).

Made from one item of a signed protocol of the members' general meeting, which it cites by number, date and SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from doc_service.domain.azerbaijani import plain_date, reference_date
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.azerbaijani_numbers import ordinal
from doc_service.domain.bodies import BodyRules
from doc_service.domain.documents import Registration
from doc_service.domain.errors import DomainError, Fault
from doc_service.domain.voting import Outcome
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import ClusterData, OrganisationData, cluster_faults, organisation_faults
from doc_service.instruments.cluster.klaster_umumi_yigincaq_protokolu import CHAIR, MembersRecordData, wrong_meeting
from doc_service.instruments.cluster.members_topics import OF_MEMBERSHIP
from doc_service.instruments.faults import parse
from doc_service.instruments.fields import Line, OptionalProse, Strict
from doc_service.instruments.kq_akt import CitedItem, CitedMeeting, CitedProtocol
from doc_service.instruments.people_data import BodyData, PersonData
from doc_service.instruments.protocol_text import Sitting
from doc_service.instruments.samples.cluster_application import membership_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import LEGAL_UNIT, cited, heading, paragraphs


class Change(StrEnum):
    """What happens to the organisation; the values are those of ``Topic``."""

    ADMISSION = "admission"
    EXCLUSION = "exclusion"


class Capacity(StrEnum):
    """As what the organisation belongs to the cluster (003, terms)."""

    PARTICIPANT = "participant"
    INFRASTRUCTURE = "infrastructure"


_CLAUSES: Final[Mapping[Change, str]] = {Change.ADMISSION: "e)", Change.EXCLUSION: "ə)"}
_CAPACITIES: Final[Mapping[Capacity, str]] = {
    Capacity.PARTICIPANT: "iştirakçıları",
    Capacity.INFRASTRUCTURE: "infrastrukturu",
}


class CitedApplicationData(Strict):
    """The application of the organisation: to accede, or to leave (003 Əlavə 4, §3.5, §3.6)."""

    number: Line = Field(title="Ərizənin nömrəsi")
    registered_on: date = Field(title="Ərizənin tarixi")


class MembershipData(Strict):
    """A decision on one organisation's membership."""

    body: BodyData = Field(title="Ümumi yığıncaq")
    protocol: CitedProtocol = Field(title="Protokol")
    meeting: CitedMeeting = Field(title="Yığıncaq")
    item: CitedItem = Field(title="Gündəliyin məsələsi")
    cluster: ClusterData = Field(title="Sənaye klasteri")
    change: Change = Field(title="Qərarın növü", description="admission – daxil edilmə, exclusion – xaric edilmə")
    organisation: OrganisationData = Field(title="Təşkilat")
    capacity: Capacity = Field(title="Təşkilatın statusu", description="participant və ya infrastructure")
    application: CitedApplicationData | None = Field(
        default=None, title="Təşkilatın ərizəsi", description="Daxil edilmə üçün məcburidir: 003 Əlavə 4, §3.5"
    )
    reason: OptionalProse = Field(
        default="", title="Xaric edilmənin əsası", description="Xaric edilmə üçün məcburidir: 003 §4.4 ə)"
    )
    registry_term: date = Field(title="Reyestrin yenilənmə müddəti", description="003 §4.16")
    chair: PersonData = Field(title="Ümumi yığıncağın sədri")


@dataclass(frozen=True, kw_only=True)
class KlasterTerkibQerari(Instrument[MembershipData]):
    """``rules`` by kind of body: they say whether the protocol's item was adopted."""

    rules: Mapping[str, BodyRules]

    def from_protocol(
        self,
        protocol: Mapping[str, Any],
        registration: Registration,
        sha256: str,
        item_number: int,
        *,
        capacity: Capacity,
        registry_term: date,
        application: Mapping[str, Any] | None = None,
        reason: str = "",
    ) -> dict[str, Any]:
        """The decision of agenda item ``item_number`` of a signed ``klaster-umumi-yigincaq-protokolu``.

        Raises ``DomainError``: "act.no_such_item", "membership.other_topic", "act.not_adopted",
        "meeting.nobody_presides", and the protocol's own ``data.*`` faults."""
        record = parse(MembersRecordData, protocol)
        sitting = Sitting.of(self.rules[record.body.kind], record)
        change, organisation = _decided(sitting, record, item_number)
        return {
            **_cited(sitting, registration, sha256, item_number),
            "cluster": record.cluster.model_dump(mode="json"),
            "change": str(change),
            "organisation": organisation.model_dump(mode="json"),
            "capacity": str(capacity),
            "application": dict(application) if application else None,
            "reason": reason,
            "registry_term": registry_term.isoformat(),
        }

    def check(self, data: MembershipData) -> tuple[Fault, ...]:
        """Application or reason as the kind asks, and the order of the days (003 §4.4 e), ə), §4.16)."""
        return wrong_meeting(data.body) or tuple(self._faults(data))

    def _faults(self, data: MembershipData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        yield from organisation_faults(data.organisation, "organisation")
        if data.change is Change.ADMISSION and data.application is None:
            yield Fault("membership.application_missing", "application")
        if data.change is Change.EXCLUSION and not data.reason.strip():
            yield Fault("membership.reason_missing", "reason")
        if data.change is Change.ADMISSION and data.reason.strip():
            yield Fault("membership.reason_unexpected", "reason")
        held = data.meeting.held_on
        if data.application is not None and data.application.registered_on > held:
            days = {"registered_on": data.application.registered_on.isoformat(), "held_on": held.isoformat()}
            yield Fault("membership.application_late", "application.registered_on", days)
        if data.protocol.registered_on < held:
            days = {"registered_on": data.protocol.registered_on.isoformat(), "held_on": held.isoformat()}
            yield Fault("act.protocol_before_meeting", "protocol.registered_on", days)
        if data.registry_term < held:
            days = {"term": data.registry_term.isoformat(), "meeting_day": held.isoformat()}
            yield Fault("act.term_before_meeting", "registry_term", days)

    def signatories(self, data: MembershipData) -> tuple[Signatory, ...]:
        """The chair of the members' general meeting (003 §4.4 e), ə))."""
        return (Signatory(field=field_name(1), order=1, person_id=data.chair.id, role_label=CHAIR),)

    def context(
        self, data: MembershipData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {data.chair.id: data.chair.to_domain()}
        return {
            **heading(data.body, registration),
            "subject": _subject(data),
            "preamble": _preamble(data),
            "reason": paragraphs(data.reason),
            "text": _text(data),
            "source": {
                "protocol": "Üzvlərin ümumi yığıncağının "
                f"{cited(data.protocol.registered_on, data.protocol.number)} protokolu",
                "sha256": data.protocol.sha256,
            },
            "signatory": signature_rows(self.signatories(data), people, stand_ins)[0],
        }

    def sample(self) -> dict[str, Any]:
        return membership_sample()


def klaster_terkib_qerari(rules: Mapping[str, BodyRules]) -> KlasterTerkibQerari:
    """The instrument of 003 §4.4 e), ə)."""
    return KlasterTerkibQerari(
        model=MembershipData,
        id="klaster-terkib-qerari",
        title_az="Təşkilatın klasterin tərkibinə daxil edilməsi və ya xaric edilməsi haqqında qərar",
        title_en="Decision on admission of an organisation to the cluster or its exclusion",
        template="klaster-terkib-qerari.v1",
        journal="KL-TQ",
        journal_title="Klasterin tərkibi haqqında qərarların qeydiyyatı jurnalı",
        case_index="KL-02",
        sources=("003 §4.4 e)", "003 §4.4 ə)", "003 §4.16"),
        visa_units=(LEGAL_UNIT,),
        rules=rules,
    )


def _decided(sitting: Sitting, record: MembersRecordData, number: int) -> tuple[Change, OrganisationData]:
    """What the adopted item ``number`` does with which organisation; raises as ``from_protocol``."""
    topic = next((t for t in record.topics if t.number == number), None)
    item = next((i for i in sitting.meeting.items if i.number == number), None)
    if topic is None or item is None:
        raise DomainError("act.no_such_item", "item.number", number=number)
    if topic.topic not in OF_MEMBERSHIP or topic.organisation is None:
        raise DomainError("membership.other_topic", "item.number", number=number)
    if not sitting.quorum.met or sitting.decision(item).outcome is not Outcome.ADOPTED:
        raise DomainError("act.not_adopted", "item.number", number=number)
    return Change(topic.topic), topic.organisation


def _cited(sitting: Sitting, registration: Registration, sha256: str, number: int) -> dict[str, Any]:
    record, chair = sitting.data, sitting.chair
    if chair is None:
        raise DomainError("meeting.nobody_presides", "attendance")
    point = next(a for a in record.agenda if a.number == number)
    person = next(m.person for m in record.members if m.person.id == chair.person.id)
    return {
        "body": record.body.model_dump(mode="json"),
        "protocol": {
            "number": registration.number,
            "registered_on": registration.registered_on.isoformat(),
            "sha256": sha256,
        },
        "meeting": {
            "number": record.meeting.number,
            "kind": str(record.meeting.kind),
            "held_on": record.meeting.opens_at.date().isoformat(),
        },
        "item": {"number": point.number, "title": point.title, "matter": str(point.matter)},
        "chair": person.model_dump(mode="json"),
    }


def _subject(data: MembershipData) -> str:
    where = f"{genitive(data.cluster.name)} {_CAPACITIES[data.capacity]}"
    ending = "tərkibinə daxil edilməsi" if data.change is Change.ADMISSION else "tərkibindən xaric edilməsi"
    return f"{genitive(data.organisation.full_name)} {where} {ending} haqqında"


def _preamble(data: MembershipData) -> str:
    application = ""
    if data.application is not None:
        kind = (
            "sazişə qoşulmaq haqqında" if data.change is Change.ADMISSION else "klasterin tərkibindən çıxmaq haqqında"
        )
        named = cited(data.application.registered_on, data.application.number)
        application = f" və {genitive(data.organisation.full_name)} {named} {kind} ərizəsinə"
    return (
        f"{data.body.name} Sənaye klasterlərinin yaradılması metodologiyasının 4.4-cü bəndinin "
        f"{_CLAUSES[data.change]} yarımbəndini rəhbər tutaraq, ixtisaslaşdırılmış təşkilatın təklifi əsasında, "
        f"{reference_date(data.meeting.held_on)} tarixli yığıncağın gündəliyinin {ordinal(data.item.number)} "
        f"məsələsinin müzakirəsinin nəticələrinə{application} əsasən"
    )


def _text(data: MembershipData) -> list[str]:
    name, cluster, capacity = data.organisation.full_name, genitive(data.cluster.name), _CAPACITIES[data.capacity]
    identified = f"{name} (VÖEN {data.organisation.voen}, hüquqi ünvanı: {data.organisation.legal_address})"
    admitted = (
        f"{identified} {cluster} {capacity} tərkibinə daxil edilsin.",
        f"{name} {cluster} sənaye fəaliyyətində iştirak haqqında Sazişə qoşulmuş hesab edilsin; qoşulma vərəqi həmin "
        "təşkilat və klasterin ixtisaslaşdırılmış təşkilatı tərəfindən imzalansın.",
    )
    excluded = (
        f"{identified} {cluster} {capacity} tərkibindən xaric edilsin.",
        f"{name} {cluster} sənaye fəaliyyətində iştirak haqqında Sazişdən irəli gələn hüquqlarını bu Qərarın qüvvəyə "
        "mindiyi gündən itirmiş hesab edilsin; həmin günədək yaranmış öhdəliklər icra edilənədək qüvvədə qalır.",
    )
    common = (
        f"Klasterin ixtisaslaşdırılmış təşkilatına tapşırılsın ki, {plain_date(data.registry_term)}ədək klasterin "
        "iştirakçılarının və infrastrukturunun reyestrində müvafiq dəyişikliyi etsin (Metodologiyanın 4.16-cı bəndi) "
        "və klasterin iştirakçılarını məlumatlandırsın.",
        "Bu Qərar imzalandığı gündən qüvvəyə minir.",
    )
    first = admitted if data.change is Change.ADMISSION else excluded
    return [f"{n}. {text}" for n, text in enumerate((*first, *common), 1)]
