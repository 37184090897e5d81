"""``kq-fealiyyet-proqrami``: the programme of a calendar year, approved by the head (001 §5.3.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from doc_service.domain.azerbaijani_numbers import ordinal
from doc_service.domain.bodies import BodyRules
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.domain.year_parts import calendar_months, parts_of, term_name
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.fields import Line, OptionalLine, Strict
from doc_service.instruments.group.head_signs import HeadSigned, head_faults, head_signatory
from doc_service.instruments.kq_protokol import wrong_body
from doc_service.instruments.people_data import PersonData
from doc_service.instruments.samples.group_programme import programme_sample
from doc_service.instruments.signature_table import signature_rows
from doc_service.instruments.wording import STATUTE, day_text, heading, secretary_label

Year = Annotated[int, Field(ge=2000, le=2999)]


class Measure(Strict):
    """One measure. Its term lies in the year of the programme; whoever is responsible is named."""

    title: Line = Field(title="Tədbirin adı")
    starts_on: date = Field(title="İcranın başlanğıcı")
    due_on: date = Field(title="İcra müddəti", description="Müddətin son günü")
    responsible: tuple[Line, ...] = Field(min_length=1, max_length=50, title="Məsul icraçılar")
    result: OptionalLine = Field(default="", title="Gözlənilən nəticə")


class Direction(Strict):
    """Measures under one direction of the Group's activity (001 §2.1)."""

    title: Line = Field(title="Fəaliyyət istiqaməti", description="001 §2.1")
    measures: tuple[Measure, ...] = Field(min_length=1, max_length=500, title="Tədbirlər")


class ProgrammeData(HeadSigned):
    """The programme of one calendar year with the days on which meetings are planned."""

    year: Year = Field(title="Təqvim ili")
    secretary: PersonData = Field(title="Katib", description="Proqramın layihəsini hazırlayan: 001 §5.5")
    meetings: tuple[date, ...] = Field(max_length=100, title="Planlaşdırılan iclas günləri", description="001 §5.9.2")
    directions: tuple[Direction, ...] = Field(min_length=1, max_length=100, title="Fəaliyyət istiqamətləri")


@dataclass(frozen=True, kw_only=True)
class KqFealiyyetProqrami(Instrument[ProgrammeData]):
    rules: Mapping[str, BodyRules]

    def check(self, data: ProgrammeData) -> tuple[Fault, ...]:
        """The head approves (001 §5.3.1); terms lie in the year; no half-year is planned without a meeting
        (001 §5.9.2)."""
        return wrong_body(data.body) or (
            *head_faults(data, "001 §5.3.1"),
            *_measure_faults(data),
            *_meeting_faults(data, self.rules[data.body.kind]),
        )

    def signatories(self, data: ProgrammeData) -> tuple[Signatory, ...]:
        """The head approves, or the deputy for the absent head (001 §5.3.1, §5.4)."""
        return (head_signatory(data),)

    def context(
        self, data: ProgrammeData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {data.signatory.person.id: data.signatory.person.to_domain()}
        return {
            **heading(data.body, registration),
            "year": f"{ordinal(data.year)} il",
            "opening": (
                f"Bu Proqram {STATUTE}nin 5.3.1-ci yarımbəndinə əsasən {ordinal(data.year)} təqvim ili üçün tərtib "
                "edilmişdir."
            ),
            "meetings": [{"no": n, "date": day_text(day)} for n, day in enumerate(sorted(data.meetings), 1)],
            "directions": _directions(data),
            "secretary": {"role": secretary_label(data.body), "name": data.secretary.name.to_domain().full},
            "signatory": signature_rows(self.signatories(data), people, stand_ins)[0],
        }

    def sample(self) -> dict[str, Any]:
        return programme_sample()


def kq_fealiyyet_proqrami(rules: Mapping[str, BodyRules]) -> KqFealiyyetProqrami:
    """The instrument of 001 §5.3.1."""
    return KqFealiyyetProqrami(
        model=ProgrammeData,
        id="kq-fealiyyet-proqrami",
        title_az="İllik fəaliyyət proqramı",
        title_en="Yearly programme of activity",
        template="kq-fealiyyet-proqrami.v1",
        journal="KQ-FP",
        journal_title="Koordinasiya Qrupunun illik fəaliyyət proqramlarının qeydiyyatı jurnalı",
        case_index="KQ-06",
        sources=("001 §5.3.1", "001 §2.1", "001 §5.9.2"),
        rules=rules,
    )


def term_text(measure: Measure) -> str:
    """ "I rüb", "il ərzində", or the last day; the first day, too, when the measure begins within the year."""
    named = term_name(measure.starts_on, measure.due_on)
    if named:
        return named
    if measure.starts_on == measure.due_on:
        return day_text(measure.due_on)
    return f"{day_text(measure.starts_on)} – {day_text(measure.due_on)}"


def _measure_faults(data: ProgrammeData) -> Iterator[Fault]:
    for place, direction in enumerate(data.directions):
        for index, measure in enumerate(direction.measures):
            field = f"directions[{place}].measures[{index}]"
            if measure.due_on < measure.starts_on:
                days = {"starts_on": measure.starts_on.isoformat(), "due_on": measure.due_on.isoformat()}
                yield Fault("programme.term_reversed", f"{field}.due_on", days)
            for name in ("starts_on", "due_on"):
                day: date = getattr(measure, name)
                if day.year != data.year:
                    yield Fault(
                        "programme.outside_year", f"{field}.{name}", {"day": day.isoformat(), "year": data.year}
                    )


def _meeting_faults(data: ProgrammeData, rules: BodyRules) -> Iterator[Fault]:
    for index, day in enumerate(data.meetings):
        if day.year != data.year:
            yield Fault("programme.outside_year", f"meetings[{index}]", {"day": day.isoformat(), "year": data.year})
        if day in data.meetings[:index]:
            yield Fault("programme.meeting_repeated", f"meetings[{index}]", {"day": day.isoformat()})
    months = rules.max_interval_months
    for part in parts_of(data.year, calendar_months(months)) if months else ():
        if not any(part.holds(day) for day in data.meetings):
            span = {"first": part.first.isoformat(), "last": part.last.isoformat()}
            clause = rules.clauses.get("max_interval_months", "")
            yield Fault("programme.no_meeting_planned", "meetings", {**span, "clause": clause})


def _directions(data: ProgrammeData) -> list[dict[str, Any]]:
    """Measures are numbered through the whole programme, so that each can be cited by one number."""
    place = 0
    groups = []
    for number, direction in enumerate(data.directions, 1):
        rows = []
        for measure in direction.measures:
            place += 1
            rows.append(
                {
                    "no": place,
                    "title": measure.title,
                    "term": term_text(measure),
                    "responsible": "\n".join(measure.responsible),
                    "result": measure.result or "–",
                }
            )
        groups.append({"title": f"{number}. {direction.title}", "rows": rows})
    return groups
