"""``klaster-yol-xeritesi``: the plan of measures ("road map") for creating a cluster (003 §2, Əlavə 1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Final

from pydantic import Field

from doc_service.domain.azerbaijani import long_date
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault, Param
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import (
    ClusterData,
    HeadedOrganisationData,
    cluster_faults,
    head_role,
    organisation_faults,
    span,
)
from doc_service.instruments.fields import Line, Strict
from doc_service.instruments.people_data import PersonData
from doc_service.instruments.samples.cluster_plans import road_map_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import BLANK_DATE, BLANK_NUMBER

STAGES: Final = (
    "Sənaye klasterinin yaradılması haqqında qərarın qəbul edilməsi",
    "Sənaye klasterinin təşkilati strukturunun yaradılması",
    "Sənaye klasterinin inkişafını müəyyənləşdirən əsas sənədlərin təsdiq edilməsi",
    "Klasterin sənaye klasterlərinin reyestrinə daxil edilməsi üçün müraciətin hazırlanması",
)
"""The four stages as Əlavə 1 words them."""

MODEL_WEEKS: Final = (6, 6, 10, 4)
"""The model terms of the stages, weeks (003 §2.4)."""

WORKING_GROUP_HEAD: Final = "Sənaye klasterinin yaradılması üzrə işçi (təşəbbüs) qrupunun rəhbəri"

Weeks = Annotated[int, Field(ge=1, le=104)]


class StepData(Strict):
    """One measure of a stage."""

    title: Line = Field(title="Tədbirin adı")
    since: date = Field(title="Başlanma günü")
    until: date = Field(title="Bitmə günü")
    executor: Line = Field(title="Məsul icraçısı")
    document: Line = Field(title="Sənəd")
    result: Line = Field(title="Gözlənilən nəticə")


class StageData(Strict):
    weeks: Weeks = Field(title="Mərhələnin müddəti, həftə", description="Nümunəvi: 6, 6, 10 və 4 həftə (003 §2.4)")
    steps: tuple[StepData, ...] = Field(min_length=1, max_length=100, title="Tədbirlər")


class RoadMapData(Strict):
    """The road map: four stages that follow one another from ``starts_on``."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    starts_on: date = Field(title="Birinci mərhələnin başlandığı gün")
    stages: tuple[StageData, ...] = Field(min_length=4, max_length=4, title="Mərhələlər", description="003 §2.4")
    working_group_head: PersonData = Field(title="İşçi (təşəbbüs) qrupunun rəhbəri", description="003 §2.2")
    executive: HeadedOrganisationData = Field(
        title="Sənaye siyasəti sahəsində icra hakimiyyəti orqanı", description="Rəhbəri təsdiq edir: 003 §2.2"
    )

    def spans(self) -> tuple[tuple[date, date], ...]:
        """First and last day of every stage."""
        spans, first = [], self.starts_on
        for stage in self.stages:
            following = first + timedelta(weeks=stage.weeks)
            spans.append((first, following - timedelta(days=1)))
            first = following
        return tuple(spans)


@dataclass(frozen=True, kw_only=True)
class KlasterYolXeritesi(Instrument[RoadMapData]):
    def check(self, data: RoadMapData) -> tuple[Fault, ...]:
        """Every measure lies within the term of its stage (003 §2.1, §2.4)."""
        return tuple(self._faults(data))

    def _faults(self, data: RoadMapData) -> Iterator[Fault]:
        yield from cluster_faults(data.cluster)
        yield from organisation_faults(data.executive.organisation, "executive.organisation")
        for index, (stage, (first, last)) in enumerate(zip(data.stages, data.spans(), strict=True)):
            for place, step in enumerate(stage.steps):
                field = f"stages[{index}].steps[{place}]"
                if step.until < step.since:
                    days = {"since": step.since.isoformat(), "until": step.until.isoformat()}
                    yield Fault("plan.term_reversed", f"{field}.until", days)
                elif step.since < first or step.until > last:
                    term: dict[str, Param] = {"stage": index + 1, "first": first.isoformat(), "last": last.isoformat()}
                    yield Fault("roadmap.outside_stage", f"{field}.since", term)

    def signatories(self, data: RoadMapData) -> tuple[Signatory, ...]:
        """The head of the working group signs, then the head of the executive body approves (003 §2.2)."""
        approver = Signatory(
            field=field_name(1),
            order=2,
            person_id=data.executive.head.id,
            role_label=head_role(data.executive.organisation),
        )
        head = Signatory(
            field=field_name(2), order=1, person_id=data.working_group_head.id, role_label=WORKING_GROUP_HEAD
        )
        return (approver, head)

    def context(
        self, data: RoadMapData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {p.id: p.to_domain() for p in (data.executive.head, data.working_group_head)}
        approver, signatory = signature_rows(self.signatories(data), people, stand_ins)
        return {
            "line": {
                "date": long_date(registration.registered_on) if registration else BLANK_DATE,
                "number": registration.number if registration else BLANK_NUMBER,
            },
            "cluster": genitive(data.cluster.name),
            "stages": [_stage(n, stage) for n, stage in enumerate(data.stages, 1)],
            "terms": _terms(data),
            "approver": approver,
            "signatory": signatory,
        }

    def sample(self) -> dict[str, Any]:
        return road_map_sample()


def klaster_yol_xeritesi() -> KlasterYolXeritesi:
    """The instrument of 003 §2, Əlavə 1."""
    return KlasterYolXeritesi(
        model=RoadMapData,
        id="klaster-yol-xeritesi",
        title_az="Sənaye klasterinin yaradılması üzrə tədbirlər planı (“yol xəritəsi”)",
        title_en="Plan of measures for creating an industrial cluster (road map)",
        template="klaster-yol-xeritesi.v1",
        journal="KL-YX",
        journal_title="Klasterin yaradılması üzrə yol xəritələrinin qeydiyyatı jurnalı",
        case_index="KL-06",
        sources=("003 §2", "003 Əlavə 1"),
    )


def _stage(number: int, stage: StageData) -> dict[str, Any]:
    return {
        "title": f"{number}. {STAGES[number - 1]}",
        "steps": [
            {
                "no": f"{number}.{place}",
                "title": step.title,
                "term": span(step.since, step.until),
                "executor": step.executor,
                "document": step.document,
                "result": step.result,
            }
            for place, step in enumerate(stage.steps, 1)
        ],
    }


def _terms(data: RoadMapData) -> str:
    """How long the stages last; printed under the table, since the form's headings are fixed."""
    weeks = "; ".join(
        f"{n}-{'ci' if n < 3 else 'cü'} mərhələ – {stage.weeks} həftə ({span(*term)})"
        for n, (stage, term) in enumerate(zip(data.stages, data.spans(), strict=True), 1)
    )
    return f"Mərhələlərin həyata keçirilmə müddəti: {weeks}."
