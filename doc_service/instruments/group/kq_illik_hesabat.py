"""``kq-illik-hesabat``: the report of a calendar year, signed by the secretary and the head (001 §5.6.10, §5.7).

Its figures come from the records (``domain.yearly_figures``); the narrative parts are the secretariat's. What can be
summed is summed here and is not among the data, so that a total never contradicts its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from doc_service.domain.azerbaijani_numbers import ordinal
from doc_service.domain.bodies import Body, BodyRules
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.domain.yearly_figures import YearlyFigures
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.group.head_signs import head_data, head_faults, head_signatory
from doc_service.instruments.group.report_data import ReportData, figures_data
from doc_service.instruments.group.report_rows import report_context, report_faults
from doc_service.instruments.kq_protokol import wrong_body
from doc_service.instruments.people_data import body_dict, person_dict
from doc_service.instruments.samples.group_report import report_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import STATUTE, heading, paragraphs, secretary_label


@dataclass(frozen=True, kw_only=True)
class KqIllikHesabat(Instrument[ReportData]):
    rules: Mapping[str, BodyRules]

    def from_figures(
        self,
        body: Body,
        figures: YearlyFigures,
        day: date,
        *,
        contact: str = "",
        overview: str = "",
        problems: str = "",
        proposals: str = "",
    ) -> dict[str, Any]:
        """The report from the year's figures; the head is the one of ``day``. Raises ``DomainError`` "head.none"."""
        return {
            "body": body_dict(body, contact),
            **head_data(body, day),
            "year": figures.year,
            "secretary": person_dict(body.secretary),
            **figures_data(figures),
            "overview": overview,
            "problems": problems,
            "proposals": proposals,
        }

    def check(self, data: ReportData) -> tuple[Fault, ...]:
        """The rows are of the year and agree with each other: attendance by meeting and by member, items and acts."""
        return wrong_body(data.body) or (
            *head_faults(data, "001 §5.6.10"),
            *report_faults(data),
        )

    def signatories(self, data: ReportData) -> tuple[Signatory, ...]:
        """The secretary, who prepared it, then the head (001 §5.6.10)."""
        secretary = Signatory(field_name(1), 1, data.secretary.id, secretary_label(data.body))
        return (secretary, head_signatory(data, place=2, order=2))

    def context(
        self, data: ReportData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {p.id: p.to_domain() for p in (data.secretary, data.signatory.person)}
        return {
            **heading(data.body, registration),
            "year": f"{ordinal(data.year)} il",
            "opening": (
                f"Hesabat {STATUTE}nin 5.6.10-cu yarımbəndinə əsasən Koordinasiya Qrupunun Katibliyi tərəfindən "
                "hazırlanmışdır və 5.7-ci bəndinə uyğun olaraq Agentlik tərəfindən Azərbaycan Respublikasının Nazirlər "
                "Kabinetinə təqdim edilir."
            ),
            "overview": paragraphs(data.overview),
            **report_context(data, self.rules[data.body.kind]),
            "problems": paragraphs(data.problems),
            "proposals": paragraphs(data.proposals),
            "signatories": signature_rows(self.signatories(data), people, stand_ins),
        }

    def sample(self) -> dict[str, Any]:
        return report_sample()


def kq_illik_hesabat(rules: Mapping[str, BodyRules]) -> KqIllikHesabat:
    """The instrument of 001 §5.6.10, §5.7."""
    return KqIllikHesabat(
        model=ReportData,
        id="kq-illik-hesabat",
        title_az="İllik hesabat",
        title_en="Yearly report",
        template="kq-illik-hesabat.v1",
        journal="KQ-H",
        journal_title="Koordinasiya Qrupunun illik hesabatlarının qeydiyyatı jurnalı",
        case_index="KQ-07",
        sources=("001 §5.6.10", "001 §5.7", "001 §5.9.2"),
        rules=rules,
    )
