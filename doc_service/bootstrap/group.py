"""The Coordination Group's use cases: acts and texts from its protocols, recommendations, report, duties."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.bootstrap.parts import Parts
from doc_service.services.draft_document import DraftDocument
from doc_service.services.duties.calendar import DutyCalendar
from doc_service.services.make_act import MakeAct
from doc_service.services.make_summary import MakeSummary
from doc_service.services.recommendations.make_appeal import MakeAppeal
from doc_service.services.recommendations.record_outcome import RecordOutcome
from doc_service.services.recommendations.standing import ShowRecommendations
from doc_service.services.yearly_report import YearlyReport


@dataclass(frozen=True, slots=True)
class GroupCases:
    """What the command line and the API call."""

    make_act: MakeAct
    make_summary: MakeSummary
    record_outcome: RecordOutcome
    recommendations: ShowRecommendations
    make_appeal: MakeAppeal
    yearly_report: YearlyReport
    duties: DutyCalendar


def build_group(p: Parts, draft: DraftDocument) -> GroupCases:
    """The use cases over ``p``."""
    shown = ShowRecommendations(p.work)
    return GroupCases(
        make_act=MakeAct(p.work, p.registry, draft),
        make_summary=MakeSummary(p.work, p.registry, draft),
        record_outcome=RecordOutcome(p.work),
        recommendations=shown,
        make_appeal=MakeAppeal(p.work, p.registry, draft),
        yearly_report=YearlyReport(p.work, p.registry, shown),
        duties=p.notifying.duties.calendar,
    )
