"""Clusters, who takes part in them, joint projects and figures."""

from __future__ import annotations

from datetime import date
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
from doc_service.domain.clusters.kinds import GROUP_TITLES, ParticipantKind
from doc_service.instruments.fields import Identifier, Line, OptionalLine

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


class FiguresSource(Input):
    """The signed questionnaire that the figures of its actual years are taken from."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"questionnaire_id": "anket-9"}]})

    questionnaire_id: Identifier


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
