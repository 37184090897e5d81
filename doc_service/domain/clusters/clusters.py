"""An industrial cluster, who takes part in it, its joint projects and its figures (003 §2–§5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from doc_service.domain.clusters.kinds import ParticipantKind, RegistryPart, kind_faults
from doc_service.domain.errors import Fault
from doc_service.domain.transitions import TransitionTable


class ClusterState(StrEnum):
    """FORMING until its specialised organisation is in the state register; ADMITTED when it stands in the state's
    registry of clusters (003 §6.1)."""

    FORMING = "forming"
    ESTABLISHED = "established"
    ADMITTED = "admitted"
    DISSOLVED = "dissolved"


class ClusterAction(StrEnum):
    ESTABLISH = "establish"
    ADMIT = "admit"
    DISSOLVE = "dissolve"


_CS, _CA = ClusterState, ClusterAction
CLUSTER_TRANSITIONS: TransitionTable[ClusterState, ClusterAction] = TransitionTable(
    "cluster",
    {
        (_CS.FORMING, _CA.ESTABLISH): _CS.ESTABLISHED,
        (_CS.ESTABLISHED, _CA.ADMIT): _CS.ADMITTED,
        **{(s, _CA.DISSOLVE): _CS.DISSOLVED for s in (_CS.FORMING, _CS.ESTABLISHED, _CS.ADMITTED)},
    },
)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a year's labour productivity is measured against: thousand manat of added value a job, and whose figure."""

    year: int
    productivity: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """``started_on``: the first day of its founding path. The bodies are its own: founders' meeting, members' general
    meeting, collegial organ ("": none). ``specialised_id``: the specialised organisation, of the register ("": not
    founded yet). ``product``: the final industrial product."""

    id: str
    name: str
    territory: str
    product: str
    started_on: date
    members_body_id: str
    founders_body_id: str = ""
    organ_body_id: str = ""
    specialised_id: str = ""
    benchmarks: tuple[Benchmark, ...] = ()
    state: ClusterState = ClusterState.FORMING
    version: int = 0

    @property
    def body_ids(self) -> frozenset[str]:
        return frozenset({self.members_body_id, self.founders_body_id, self.organ_body_id} - {""})

    def benchmark(self, year: int) -> Benchmark | None:
        return next((b for b in self.benchmarks if b.year == year), None)

    def moved(self, action: ClusterAction, **changes: Any) -> Cluster:
        """Raises ``ConflictError`` when its state does not allow it."""
        return replace(self, state=CLUSTER_TRANSITIONS.next(self.state, action), **changes)


def cluster_faults(cluster: Cluster) -> tuple[Fault, ...]:
    """ "cluster.name_missing", "cluster.body_repeated", "cluster.body_missing"."""
    faults = [] if cluster.name.strip() else [Fault("cluster.name_missing", "name")]
    if not cluster.members_body_id:
        faults.append(Fault("cluster.body_missing", "members_body_id"))
    named = [b for b in (cluster.members_body_id, cluster.founders_body_id, cluster.organ_body_id) if b]
    if len(set(named)) != len(named):
        faults.append(Fault("cluster.body_repeated", "organ_body_id"))
    return tuple(faults)


class ParticipationState(StrEnum):
    ACTIVE = "active"
    LEFT = "left"
    EXCLUDED = "excluded"


class ParticipationAction(StrEnum):
    LEAVE = "leave"
    EXCLUDE = "exclude"


PARTICIPATION_TRANSITIONS: TransitionTable[ParticipationState, ParticipationAction] = TransitionTable(
    "participation",
    {
        (ParticipationState.ACTIVE, ParticipationAction.LEAVE): ParticipationState.LEFT,
        (ParticipationState.ACTIVE, ParticipationAction.EXCLUDE): ParticipationState.EXCLUDED,
    },
)


@dataclass(frozen=True, slots=True)
class Participation:
    """An organisation in the cluster, from ``joined_on`` to ``ended_on`` (None: still).

    ``agreement_id``: the agreement that it signed ("": infrastructure without one, 003 §4.15), with number and date;
    ``sheet_id``: the accession sheet by which it joined ("": it signed the agreement itself). ``employees``: of
    producers. ``representatives``: persons who act for it in the cluster's bodies besides its head.
    ``ended_by``: the document that ended it."""

    id: str
    cluster_id: str
    organisation_id: str
    kind: ParticipantKind
    products: str
    joined_on: date
    agreement_id: str = ""
    agreement_number: str = ""
    agreement_date: date | None = None
    sheet_id: str = ""
    employees: int | None = None
    final_producer: bool = False
    representatives: tuple[str, ...] = ()
    state: ParticipationState = ParticipationState.ACTIVE
    ended_on: date | None = None
    ended_by: str = ""
    version: int = 0

    @property
    def producer(self) -> bool:
        """A participant proper, as against the infrastructure."""
        return self.kind.part is RegistryPart.PARTICIPANTS

    def moved(self, action: ParticipationAction, **changes: Any) -> Participation:
        """Raises ``ConflictError`` when its state does not allow it."""
        return replace(self, state=PARTICIPATION_TRANSITIONS.next(self.state, action), **changes)


def participation_faults(participation: Participation) -> tuple[Fault, ...]:
    """ "cluster.wrong_size"; "cluster.products_missing"; "cluster.agreement_missing" for a participant without one
    (003 §4.15)."""
    faults = list(kind_faults(participation.kind, participation.employees))
    if not participation.products.strip():
        faults.append(Fault("cluster.products_missing", "products"))
    if participation.producer and not participation.agreement_id:
        faults.append(Fault("cluster.agreement_missing", "agreement_id"))
    return tuple(faults)


class ProjectState(StrEnum):
    """APPROVED: the members' meeting has put it on the list (003 §4.4 ç))."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    COMPLETED = "completed"
    DROPPED = "dropped"


class ProjectAction(StrEnum):
    APPROVE = "approve"
    COMPLETE = "complete"
    DROP = "drop"


_PS, _PA = ProjectState, ProjectAction
PROJECT_TRANSITIONS: TransitionTable[ProjectState, ProjectAction] = TransitionTable(
    "joint_project",
    {
        (_PS.PROPOSED, _PA.APPROVE): _PS.APPROVED,
        (_PS.APPROVED, _PA.COMPLETE): _PS.COMPLETED,
        (_PS.PROPOSED, _PA.DROP): _PS.DROPPED,
        (_PS.APPROVED, _PA.DROP): _PS.DROPPED,
    },
)


@dataclass(frozen=True, slots=True)
class JointProject:
    """A joint project (003, "Birgə layihə"): ``initiators`` bear its cost, ``participants`` take its products; both
    are organisations of the cluster. ``passport_id``: its passport ("": none yet). ``basis_id``: the document that
    approved, completed or dropped it."""

    id: str
    cluster_id: str
    title: str
    initiators: tuple[str, ...]
    participants: tuple[str, ...] = ()
    passport_id: str = ""
    basis_id: str = ""
    state: ProjectState = ProjectState.PROPOSED
    version: int = 0

    def moved(self, action: ProjectAction, **changes: Any) -> JointProject:
        """Raises ``ConflictError`` when its state does not allow it."""
        return replace(self, state=PROJECT_TRANSITIONS.next(self.state, action), **changes)


@dataclass(frozen=True, slots=True)
class YearFigures:
    """An organisation's year by its questionnaire (003 Əlavə 5): ``volume`` of goods and services shipped (line 1),
    ``export`` among them (3), ``added`` value (4), million manat; ``jobs`` at the end of the year (5)."""

    cluster_id: str
    organisation_id: str
    year: int
    volume: Decimal
    export: Decimal
    added: Decimal
    jobs: int
    source_id: str = ""

    @property
    def productivity(self) -> Decimal | None:
        """Thousand manat of added value a job; None without jobs."""
        return None if self.jobs <= 0 else self.added * 1000 / self.jobs


def export_share(figures: Iterable[YearFigures]) -> Decimal | None:
    """Percent of the whole volume that goes abroad; None when nothing was shipped."""
    rows = tuple(figures)
    volume = sum((f.volume for f in rows), Decimal(0))
    return None if volume <= 0 else sum((f.export for f in rows), Decimal(0)) * 100 / volume
