"""``klaster-tedbirler-plani``: the specialised organisation's plan of measures (003 §4.5, Əlavə 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import Field

from doc_service.domain.azerbaijani import long_date, plain_date
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import (
    ClusterData,
    HeadedOrganisationData,
    cluster_faults,
    nco,
    organisation_faults,
    seal,
    span,
)
from doc_service.instruments.fields import Line, Strict
from doc_service.instruments.samples.cluster_plans import measures_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import BLANK_DATE, BLANK_NUMBER, counted

GROUPS: Final[Mapping[str, str]] = {
    "process": "Proses tədbirləri",
    "technology": "Texnoloji tədbirlər",
    "infrastructure": "İnfrastruktur tədbirlər",
    "other": "Klasterin inkişafına yönəldilmiş digər tədbirlər",
}
"""The groups of the form, by the data's field."""


class MeasureData(Strict):
    """One measure of the plan."""

    title: Line = Field(title="Tədbirin adı")
    content: Line = Field(title="Tədbirin məzmunu")
    since: date = Field(title="Başlanma günü")
    until: date = Field(title="Bitmə günü")
    participants: Line = Field(title="Tədbirin iştirakçıları")
    resources: Line = Field(title="Resurslar və onların daxilolma mənbələri")
    result: Line = Field(title="Gözlənilən nəticə")


Measures = tuple[MeasureData, ...]


class ApprovalData(Strict):
    """The members' general meeting that approved (003 §4.4 d)."""

    held_on: date = Field(title="Ümumi yığıncağın tarixi")
    protocol: Line = Field(title="Protokolun nömrəsi")


class MeasuresData(Strict):
    """The plan for a period, its measures in the groups of the form."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    organisation: HeadedOrganisationData = Field(title="Klasterin ixtisaslaşmış təşkilatı")
    approval: ApprovalData = Field(title="Təsdiq edilməsi", description="003 §4.4 d)")
    since: date = Field(title="Dövrün başlanğıcı")
    until: date = Field(title="Dövrün sonu")
    process: Measures = Field(max_length=200, title="Proses tədbirləri")
    technology: Measures = Field(max_length=200, title="Texnoloji tədbirlər")
    infrastructure: Measures = Field(max_length=200, title="İnfrastruktur tədbirlər")
    other: Measures = Field(default=(), max_length=200, title="Klasterin inkişafına yönəldilmiş digər tədbirlər")

    def groups(self) -> dict[str, Measures]:
        """The measures by group, in the order of the form."""
        return {name: getattr(self, name) for name in GROUPS}


@dataclass(frozen=True, kw_only=True)
class KlasterTedbirlerPlani(Instrument[MeasuresData]):
    def check(self, data: MeasuresData) -> tuple[Fault, ...]:
        """At least one measure, every measure within the plan's period, approved before the period ends (003 §4.5)."""
        return tuple(self._faults(data))

    def _faults(self, data: MeasuresData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        yield from organisation_faults(data.organisation.organisation, "organisation.organisation")
        period = {"since": data.since.isoformat(), "until": data.until.isoformat()}
        if data.until < data.since:
            yield Fault("plan.term_reversed", "until", period)
        if data.approval.held_on > data.until:
            yield Fault(
                "plan.approved_late", "approval.held_on", {"held_on": data.approval.held_on.isoformat()} | period
            )
        if not any(data.groups().values()):
            yield Fault("plan.empty", "process")
        for name, measures in data.groups().items():
            for place, measure in enumerate(measures):
                field = f"{name}[{place}]"
                if measure.until < measure.since:
                    days = {"since": measure.since.isoformat(), "until": measure.until.isoformat()}
                    yield Fault("plan.term_reversed", f"{field}.until", days)
                elif measure.since < data.since or measure.until > data.until:
                    yield Fault("plan.outside_period", f"{field}.since", period)

    def signatories(self, data: MeasuresData) -> tuple[Signatory, ...]:
        """The head of the specialised organisation, and its seal where it has one (Əlavə 3: "MY")."""
        role = f"{genitive(data.cluster.name)} ixtisaslaşmış təşkilatının rəhbəri"
        organisation, head = data.organisation.organisation, data.organisation.head
        signed = Signatory(field=field_name(1), order=1, person_id=head.id, role_label=role)
        sealed = seal(organisation, head, field=field_name(2), order=2)
        return (signed, sealed) if data.organisation.has_seal else (signed,)

    def context(
        self, data: MeasuresData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {data.organisation.head.id: data.organisation.head.to_domain()}
        rows = signature_rows(self.signatories(data), people, stand_ins)
        return {
            "line": {
                "date": long_date(registration.registered_on) if registration else BLANK_DATE,
                "number": registration.number if registration else BLANK_NUMBER,
            },
            "approved": [
                f"{nco(data.organisation.organisation)} üzvlərinin ümumi yığıncağında",
                long_date(data.approval.held_on),
                f"Protokol № {data.approval.protocol}",
            ],
            "period": f"{plain_date(data.since)}dən {plain_date(data.until)}ədək dövr üzrə",
            "cluster": genitive(data.cluster.name),
            "groups": [
                {"title": f"{n}. {GROUPS[name]}", "measures": [_measure(n, p, m) for p, m in enumerate(measures, 1)]}
                for n, (name, measures) in enumerate(data.groups().items(), 1)
                if measures or name != "other"
            ],
            "count": f"Tədbirlər planı {counted(sum(map(len, data.groups().values())))} tədbiri əhatə edir.",
            "signatory": rows[0],
            "seal": rows[1] if len(rows) > 1 else None,
        }

    def sample(self) -> dict[str, Any]:
        return measures_sample()


def klaster_tedbirler_plani() -> KlasterTedbirlerPlani:
    """The instrument of 003 Əlavə 3."""
    return KlasterTedbirlerPlani(
        model=MeasuresData,
        id="klaster-tedbirler-plani",
        title_az="İxtisaslaşmış təşkilatın tədbirlər planı",
        title_en="Plan of measures of the specialised organisation",
        template="klaster-tedbirler-plani.v1",
        journal="KL-TD",
        journal_title="İxtisaslaşmış təşkilatın tədbirlər planlarının qeydiyyatı jurnalı",
        case_index="KL-06",
        sources=("003 §4.4 d)", "003 §4.5", "003 Əlavə 3"),
    )


def _measure(group: int, place: int, measure: MeasureData) -> dict[str, str]:
    return {
        "no": f"{group}.{place}",
        "title": measure.title,
        "content": measure.content,
        "term": span(measure.since, measure.until),
        "participants": measure.participants,
        "resources": measure.resources,
        "result": measure.result,
    }
