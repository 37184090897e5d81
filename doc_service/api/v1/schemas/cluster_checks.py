"""What a cluster has and lacks: the founding path and the requirements."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from doc_service.api.v1.schemas.common import Named, View, named
from doc_service.domain.clusters.compliance import Line as RequirementLine
from doc_service.domain.clusters.compliance import compliant
from doc_service.domain.clusters.road_map import Paper, StageStatus
from doc_service.domain.clusters.stages import STAGE_TITLES, Form
from doc_service.services.clusters.show_road_map import RoadMap


class PaperView(View):
    """``kind``: document or file."""

    kind: str
    id: str
    label: str
    on: date
    done: bool
    organisation_id: str


def paper_view(paper: Paper) -> PaperView:
    return PaperView(**{n: getattr(paper, n) for n in PaperView.model_fields})


class ItemView(View):
    id: str
    title: str
    clause: str
    form: Form
    optional: bool
    state: Named
    papers: list[PaperView]
    lacking: list[str] = Field(description="Organisations whose paper is not there")


class StageView(View):
    stage: int
    title: str
    begins: date
    due: date
    completed_on: date | None
    overdue: bool
    missing: list[str] = Field(description="Ids of the items that are still needed")
    items: list[ItemView]


class RoadMapView(View):
    cluster_id: str
    today: date
    stages: list[StageView]


def road_map_view(found: RoadMap) -> RoadMapView:
    stages = [_stage_view(stage, found.today) for stage in found.stages]
    return RoadMapView(cluster_id=found.cluster.id, today=found.today, stages=stages)


def _stage_view(status: StageStatus, today: date) -> StageView:
    items = [
        ItemView(
            id=i.item.id, title=i.item.title, clause=i.item.clause, form=i.item.form, optional=i.item.optional,
            state=named("paper", str(i.state)), papers=[paper_view(p) for p in i.papers], lacking=list(i.lacking),
        )
        for i in status.items
    ]  # fmt: skip
    return StageView(
        stage=int(status.stage), title=STAGE_TITLES[status.stage], begins=status.begins, due=status.due,
        completed_on=status.completed_on, overdue=status.overdue(today), missing=[i.item.id for i in status.missing],
        items=items,
    )  # fmt: skip


class RequirementView(View):
    requirement: Named
    clause: str
    verdict: Named
    figures: dict[str, str]
    papers: list[PaperView]
    lacking: list[str] = Field(description="Organisations that stand against it, or whose figures are not there")


class ComplianceView(View):
    compliant: bool
    lines: list[RequirementView]


def compliance_view(lines: tuple[RequirementLine, ...]) -> ComplianceView:
    shown = [
        RequirementView(
            requirement=named("requirement", str(x.requirement)), clause=x.clause,
            verdict=named("verdict", str(x.verdict)), figures=dict(x.figures),
            papers=[paper_view(p) for p in x.papers], lacking=list(x.lacking),
        )
        for x in lines
    ]  # fmt: skip
    return ComplianceView(compliant=compliant(lines), lines=shown)
