"""``isler-nomenklaturu``: the nomenclature of cases of a year, approved by the head (004 §5.1.11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from doc_service.domain.azerbaijani_numbers import ordinal
from doc_service.domain.bodies import Body
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.domain.retention import DEFAULT_NOMENCLATURE, Case, retention_of
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.fields import Identifier, Line, OptionalLine, Strict
from doc_service.instruments.group.head_signs import HeadSigned, head_data, head_faults, head_signatory
from doc_service.instruments.group.kq_fealiyyet_proqrami import Year
from doc_service.instruments.people_data import PersonData, body_dict, person_dict
from doc_service.instruments.samples.group_nomenclature import nomenclature_sample
from doc_service.instruments.signature_table import signature_rows
from doc_service.instruments.wording import counted, heading, secretary_label


class CaseData(Strict):
    """One case (iş, qovluq). Without ``years`` it is kept permanently."""

    index: Identifier = Field(title="İşin indeksi")
    title: Line = Field(title="İşin başlığı")
    years: Annotated[int, Field(ge=1, le=99)] | None = Field(
        default=None, title="Saxlanma müddəti (il)", description="Boşdursa, iş daimi saxlanılır"
    )
    legal_basis: Line = Field(title="Saxlanma müddətinin hüquqi əsası")
    note: OptionalLine = Field(default="", title="Qeyd")

    def to_domain(self) -> Case:
        return Case(self.index, self.title, retention_of(self.years), self.legal_basis)


class SectionData(Strict):
    """The cases of one structural unit or line of work."""

    title: Line = Field(title="Bölmənin adı")
    cases: tuple[CaseData, ...] = Field(min_length=1, max_length=1_000, title="İşlər")


class NomenclatureData(HeadSigned):
    """Which cases are opened in the year, how long each is kept, and why."""

    year: Year = Field(title="Təqvim ili")
    compiler: PersonData = Field(title="Tərtib edən")
    sections: tuple[SectionData, ...] = Field(min_length=1, max_length=200, title="Bölmələr")

    def cases(self) -> dict[str, Case]:
        """By index, as the archive keeps documents by it."""
        return {case.index: case.to_domain() for section in self.sections for case in section.cases}


@dataclass(frozen=True, kw_only=True)
class IslerNomenklaturu(Instrument[NomenclatureData]):
    """The nomenclature of any body. What is archived from its approval on is kept as it says."""

    def from_default(self, body: Body, year: int, day: date, contact: str = "") -> dict[str, Any]:
        """A proposal: the cases of the model list, for the secretariat to change; the head is the one of ``day``."""
        groups = {"KQ": "Koordinasiya Qrupunun Katibliyi", "KL": "Sənaye klasterləri üzrə sənədlər"}
        return {
            "body": body_dict(body, contact),
            **head_data(body, day),
            "year": year,
            "compiler": person_dict(body.secretary),
            "sections": [
                {"title": title, "cases": [_case_dict(c) for c in DEFAULT_NOMENCLATURE.values() if c.index[:2] == key]}
                for key, title in groups.items()
            ],
        }

    def check(self, data: NomenclatureData) -> tuple[Fault, ...]:
        """The head approves; an index names one case only (004 §5.1.11)."""
        return (*head_faults(data, "004 §5.1.11"), *_index_faults(data))

    def signatories(self, data: NomenclatureData) -> tuple[Signatory, ...]:
        return (head_signatory(data),)

    def context(
        self, data: NomenclatureData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {data.signatory.person.id: data.signatory.person.to_domain()}
        return {
            **heading(data.body, registration),
            "year": f"{ordinal(data.year)} il üçün",
            "sections": [
                {
                    "title": f"{number:02d}. {section.title}",
                    "rows": [
                        {
                            "index": case.index,
                            "title": case.title,
                            "period": case.to_domain().retention.title,
                            "basis": case.legal_basis,
                            "note": case.note,
                        }
                        for case in section.cases
                    ],
                }
                for number, section in enumerate(data.sections, 1)
            ],
            "summary": summary_rows(data),
            "total": counted(len(data.cases())),
            "compiler": {"role": secretary_label(data.body), "name": data.compiler.name.to_domain().full},
            "signatory": signature_rows(self.signatories(data), people, stand_ins)[0],
        }

    def sample(self) -> dict[str, Any]:
        return nomenclature_sample()


def isler_nomenklaturu() -> IslerNomenklaturu:
    """The instrument of 004 §5.1.11."""
    return IslerNomenklaturu(
        model=NomenclatureData,
        id="isler-nomenklaturu",
        title_az="İşlərin nomenklaturu",
        title_en="Nomenclature of cases",
        template="isler-nomenklaturu.v1",
        journal="IN",
        journal_title="İşlərin nomenklaturlarının qeydiyyatı jurnalı",
        case_index="KQ-11",
        sources=("004 §5.1.11", "001 §5.6.9"),
    )


def summary_rows(data: NomenclatureData) -> list[dict[str, Any]]:
    """How many cases are kept how long: permanent first, then the longest; the counts add up to all cases."""
    cases = data.cases().values()
    periods = sorted({c.retention.years for c in cases}, key=lambda years: -1000 if years is None else -years)
    return [
        {"period": retention_of(years).title, "count": sum(c.retention.years == years for c in cases)}
        for years in periods
    ]


def _index_faults(data: NomenclatureData) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, section in enumerate(data.sections):
        for number, case in enumerate(section.cases):
            if case.index in seen:
                field = f"sections[{place}].cases[{number}].index"
                yield Fault("nomenclature.index_repeated", field, {"index": case.index})
            seen.add(case.index)


def _case_dict(case: Case) -> Mapping[str, Any]:
    return {
        "index": case.index,
        "title": case.title,
        "years": case.retention.years,
        "legal_basis": case.legal_basis,
        "note": "",
    }
