"""Clusters, participants, the founding path and the requirements."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import ConfigDict, Field

from doc_service.api.v1.schemas.common import Input, Named, View, Year, named
from doc_service.domain.clusters.clusters import (
    Benchmark,
    Cluster,
    ClusterAction,
    JointProject,
    Participation,
    ProjectAction,
    YearFigures,
)
from doc_service.domain.clusters.compliance import Line as RequirementLine
from doc_service.domain.clusters.compliance import compliant
from doc_service.domain.clusters.files import CaseFile
from doc_service.domain.clusters.kinds import GROUP_TITLES, ParticipantKind
from doc_service.domain.clusters.registry import Change, Difference, Edition, RegistryEntry
from doc_service.domain.clusters.road_map import Paper, StageStatus
from doc_service.domain.clusters.stages import STAGE_TITLES, Form
from doc_service.instruments.fields import Identifier, Line, OptionalLine
from doc_service.services.clusters.show_road_map import RoadMap

Figure = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]


class BenchmarkInput(Input):
    """Average labour productivity of the branch: thousand manat of added value a job."""

    year: Year
    productivity: Figure
    source: Line

    def to_domain(self) -> Benchmark:
        return Benchmark(self.year, self.productivity, self.source)


class ClusterDetails(Input):
    """The whole record as it shall be from now on."""

    name: Line
    territory: Line
    product: Line = Field(description="The final industrial product")
    started_on: date = Field(description="First day of the founding path")
    members_body_id: Identifier = Field(description="The members' general meeting")
    founders_body_id: Identifier | None = None
    organ_body_id: Identifier | None = Field(default=None, description="The collegial organ")
    benchmarks: tuple[BenchmarkInput, ...] = Field(default=(), max_length=50)

    def to_domain(self, cluster_id: str, version: int = 0) -> Cluster:
        return Cluster(
            cluster_id, self.name, self.territory, self.product, self.started_on, self.members_body_id,
            self.founders_body_id or "", self.organ_body_id or "",
            benchmarks=tuple(b.to_domain() for b in self.benchmarks), version=version,
        )  # fmt: skip


class ClusterInput(ClusterDetails):
    """A cluster to take into the records."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "abseron-polimer", "name": "Abşeron polimer sənaye klasteri",
                    "territory": "Sumqayıt şəhəri və Abşeron rayonu", "product": "polimer borular",
                    "started_on": "2026-01-12", "members_body_id": "abseron-umumi-yigincaq",
                }
            ]
        }
    )  # fmt: skip

    id: Identifier


class ClusterMove(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"action": "establish", "specialised_id": "kur-insaat"}]})

    action: ClusterAction
    specialised_id: Identifier | None = Field(default=None, description="With establish: the specialised organisation")


class ClusterView(View):
    id: str
    name: str
    territory: str
    product: str
    started_on: date
    members_body_id: str
    founders_body_id: str
    organ_body_id: str
    specialised_id: str
    state: Named
    version: int


def cluster_view(cluster: Cluster) -> ClusterView:
    plain = {n: getattr(cluster, n) for n in ClusterView.model_fields if n != "state"}
    return ClusterView(**plain, state=named("cluster", str(cluster.state)))


class ParticipationInput(Input):
    """A founder with the agreement that it signed, or an infrastructure organisation."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"organisation_id": "kur-insaat", "kind": "small", "products": "borular", "joined_on": "2026-03-02",
                 "agreement_id": "klaster-istirak-1", "employees": 64}
            ]
        }
    )  # fmt: skip

    id: Identifier | None = None
    organisation_id: Identifier
    kind: ParticipantKind
    products: Line
    joined_on: date
    agreement_id: Identifier | None = None
    employees: int | None = Field(default=None, ge=0, le=10_000_000)
    final_producer: bool = False
    representatives: tuple[Identifier, ...] = Field(default=(), max_length=50)

    def to_domain(self, participation_id: str, cluster_id: str) -> Participation:
        return Participation(
            participation_id, cluster_id, self.organisation_id, self.kind, self.products, self.joined_on,
            self.agreement_id or "", employees=self.employees, final_producer=self.final_producer,
            representatives=self.representatives,
        )  # fmt: skip


class EndInput(Input):
    """``basis_id``: the statement (a kept file) of who leaves, the signed decision of who is excluded."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"basis_id": "klaster-qerar-4"}]})

    basis_id: Identifier


class ParticipationView(View):
    id: str
    cluster_id: str
    organisation_id: str
    kind: str
    group: str = Field(description="Of the registry, in the form's words")
    products: str
    joined_on: date
    agreement_id: str
    agreement_number: str
    agreement_date: date | None
    sheet_id: str
    employees: int | None
    final_producer: bool
    representatives: list[str]
    state: Named
    ended_on: date | None
    ended_by: str
    version: int


def participation_view(part: Participation) -> ParticipationView:
    own = {"kind", "group", "state", "representatives"}
    plain = {n: getattr(part, n) for n in ParticipationView.model_fields if n not in own}
    return ParticipationView(
        **plain, kind=str(part.kind), group=GROUP_TITLES[part.kind], state=named("participation", str(part.state)),
        representatives=list(part.representatives),
    )  # fmt: skip


class ProjectInput(Input):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "Birgə istehsal xətti", "initiators": ["kur-insaat"]}]}
    )

    id: Identifier | None = None
    title: Line
    initiators: tuple[Identifier, ...] = Field(min_length=1, max_length=200)
    participants: tuple[Identifier, ...] = Field(default=(), max_length=500)

    def to_domain(self, project_id: str, cluster_id: str) -> JointProject:
        return JointProject(project_id, cluster_id, self.title, self.initiators, self.participants)


class ProjectMove(Input):
    """``basis_id``: the signed protocol of the members' meeting; ``passport_id`` goes with an approval."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"action": "approve", "basis_id": "p-1", "passport_id": "bl-1"}]}
    )

    action: ProjectAction
    basis_id: Identifier
    passport_id: Identifier | None = None


class ProjectView(View):
    id: str
    cluster_id: str
    title: str
    initiators: list[str]
    participants: list[str]
    passport_id: str
    basis_id: str
    state: Named
    version: int


def project_view(project: JointProject) -> ProjectView:
    own = {"state", "initiators", "participants"}
    plain = {n: getattr(project, n) for n in ProjectView.model_fields if n not in own}
    return ProjectView(
        **plain, initiators=list(project.initiators), participants=list(project.participants),
        state=named("project", str(project.state)),
    )  # fmt: skip


class FiguresInput(Input):
    """An organisation's year; million manat, jobs at the end of the year (003 Əlavə 5)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"volume": "12.4", "export": "4.1", "added": "3.2", "jobs": 120}]}
    )

    volume: Figure
    export: Figure
    added: Annotated[Decimal, Field(max_digits=18, decimal_places=6)]
    jobs: int = Field(ge=0, le=10_000_000)
    source_id: OptionalLine = ""

    def to_domain(self, cluster_id: str, organisation_id: str, year: int) -> YearFigures:
        return YearFigures(
            cluster_id, organisation_id, year, self.volume, self.export, self.added, self.jobs, self.source_id
        )


class FiguresView(View):
    organisation_id: str
    year: int
    volume: str
    export: str
    added: str
    jobs: int
    source_id: str


def figures_view(figures: YearFigures) -> FiguresView:
    return FiguresView(
        organisation_id=figures.organisation_id, year=figures.year, volume=str(figures.volume),
        export=str(figures.export), added=str(figures.added), jobs=figures.jobs, source_id=figures.source_id,
    )  # fmt: skip


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


class RenewalInput(Input):
    """Why the registry is renewed, as printed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"basis": "illik yenilənmə"}]})

    basis: Line


class EntryRowView(View):
    """A row as the form shows it."""

    kind: str
    name: str
    legal_form: str
    voen: str
    state_registration: str
    legal_address: str
    actual_address: str
    products: str
    head: str
    phone: str
    email: str
    agreement_number: str
    agreement_date: date | None
    marks: list[str]


class ChangeView(View):
    before: EntryRowView
    after: EntryRowView
    columns: list[str]


class EditionView(View):
    """An edition with its difference to the one before."""

    cluster_id: str
    number: int
    made_on: date
    basis: str
    rows: list[EntryRowView]
    added: list[EntryRowView]
    removed: list[EntryRowView]
    changed: list[ChangeView]


class EditionsView(View):
    items: list[int]


def _row(entry: RegistryEntry) -> EntryRowView:
    own = {"kind", "marks"}
    plain = {n: getattr(entry, n) for n in EntryRowView.model_fields if n not in own}
    return EntryRowView(**plain, kind=str(entry.kind), marks=list(entry.marks))


def edition_view(edition: Edition, change: Difference) -> EditionView:
    return EditionView(
        cluster_id=edition.cluster_id, number=edition.number, made_on=edition.made_on, basis=edition.basis,
        rows=[_row(r) for r in edition.rows], added=[_row(r) for r in change.added],
        removed=[_row(r) for r in change.removed], changed=[_change(c) for c in change.changed],
    )  # fmt: skip


def _change(change: Change) -> ChangeView:
    return ChangeView(before=_row(change.before), after=_row(change.after), columns=list(change.fields))


class FileView(View):
    id: str
    owner: str
    owner_id: str
    item: str
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    added_by: str


def file_view(file: CaseFile) -> FileView:
    return FileView(**{n: getattr(file, n) for n in FileView.model_fields})
