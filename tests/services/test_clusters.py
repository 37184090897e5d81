"""Clusters' use cases over a real database of every kind; documents stand there signed, as far as their states tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from doc_service.domain.bodies import Body
from doc_service.domain.body_kinds import CLUSTER_ORGAN, FOUNDERS_MEETING, MEMBERS_MEETING, rules_for
from doc_service.domain.clusters.clusters import (
    Benchmark,
    Cluster,
    ClusterAction,
    ClusterState,
    JointProject,
    Participation,
    ProjectAction,
    ProjectState,
    YearFigures,
)
from doc_service.domain.clusters.compliance import Requirement, Verdict
from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.domain.documents import Document, DocumentState, Registration, Revision, RevisionKind, TemplateRef
from doc_service.domain.errors import DomainError
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import PersonRecord
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.base import Workspace
from doc_service.services.clusters.check_compliance import CheckCompliance
from doc_service.services.clusters.correct_cluster import CorrectCluster
from doc_service.services.clusters.correct_participation import CorrectParticipation, ParticipationDetails
from doc_service.services.clusters.move_cluster import MoveCluster
from doc_service.services.clusters.move_project import MoveProject
from doc_service.services.clusters.record_cluster import RecordCluster
from doc_service.services.clusters.record_figures import RecordFigures
from doc_service.services.clusters.record_participation import RecordParticipation
from doc_service.services.clusters.record_project import RecordProject
from doc_service.services.clusters.renew_registry import RenewRegistry
from doc_service.system import RandomIds
from tests.jobs.clocks import SettableClock
from tests.persistence import samples

NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
VOENS = {"t1": "1400512381", "t2": "1701884421", "t3": "1400633981"}
CLUSTER = Cluster("k", "Klaster", "Sumqayıt", "boru", DAY, "b-members", organ_body_id="b-organ")
PART = Participation("i1", "k", "t1", ParticipantKind.MEDIUM, "boru", DAY, "d-agreement", employees=182)


@pytest.fixture
def work(database: Engine) -> Workspace:
    """With bodies, three organisations, an agreement of the first two, and other signed documents."""
    work = Workspace(SqlUnitOfWorkFactory(database), SettableClock(NOW), RandomIds())
    with work.uow() as uow:
        uow.people.add(PersonRecord(samples.person(1)))
        for name, kind in (("members", MEMBERS_MEETING), ("organ", CLUSTER_ORGAN), ("founders", FOUNDERS_MEETING)):
            uow.bodies.add(body(f"b-{name}", kind))
        for name, voen in VOENS.items():
            uow.organisations.add(Organisation(name, f"“{name}”", voen, "", "Sumqayıt", "", "", "", "", "p1"))
        parties = [{"organisation": {"voen": VOENS[t]}} for t in ("t1", "t2")]
        stored(uow, "d-agreement", "klaster-istirak-sazisi", {"parties": parties})
        stored(uow, "d-protocol", "klaster-umumi-yigincaq-protokolu")
        stored(uow, "d-passport", "birge-layihe-pasportu")
        stored(uow, "d-open", "birge-layihe-pasportu", state=DocumentState.SIGNING)
        stored(uow, "d-elsewhere", "birge-layihe-pasportu", body_id="b-founders")
        uow.commit()
    RecordCluster(work)(CLUSTER, "katib")
    return work


def body(body_id: str, kind: str) -> Body:
    return replace(samples.body(body_id), rules=rules_for(kind))


def stored(uow: Any, name: str, instrument: str, data: Any = None, **changes: Any) -> None:
    head = Revision(name, 0, RevisionKind.SIGNATURE, f"x/{name}", "a" * 64, 1, NOW, "B-B", "sig_01")
    document = Document(
        name, instrument, instrument, "b-members", None, data or {}, TemplateRef("x.v1", "0" * 64), "KL-03", NOW,
        state=DocumentState.ARCHIVED, registration=Registration("KL", f"KL-{name}", DAY), head=head,
    )  # fmt: skip
    uow.documents.add(replace(document, **changes))
    uow.documents.add_revision(head)


def refused(code: str, step: Callable[[], object]) -> None:
    with pytest.raises(DomainError) as caught:
        step()
    assert caught.value.code == code


def events(work: Workspace, kind: str, subject: str) -> list[tuple[str, dict[str, Any]]]:
    with work.uow.reading() as uow:
        return [(str(e.action), dict(e.details)) for e in uow.audit.of_subject(kind, subject)]


def test_a_cluster_and_its_bodies(work: Workspace) -> None:
    """003 §4.2, Əlavə 13 §7.1: each organ is a body of its own kind; the state moves by the table alone."""
    assert RecordCluster(work)(CLUSTER, "katib") == CLUSTER
    refused("cluster.exists", lambda: RecordCluster(work)(replace(CLUSTER, name="x"), "katib"))
    other = replace(CLUSTER, id="k2", members_body_id="b-organ", organ_body_id="")
    refused("cluster.wrong_body", lambda: RecordCluster(work)(other, "katib"))
    refused("cluster.body_repeated", lambda: RecordCluster(work)(replace(other, organ_body_id="b-organ"), "katib"))
    changed = replace(CLUSTER, product="fitinq", state=ClusterState.ADMITTED)
    corrected = CorrectCluster(work)(changed, "katib")
    assert (corrected.product, corrected.state, corrected.version) == ("fitinq", ClusterState.FORMING, 1)
    refused("state.stale", lambda: CorrectCluster(work)(replace(changed, product="x"), "katib"))
    move = MoveCluster(work)
    refused("cluster.specialised_missing", lambda: move("k", ClusterAction.ESTABLISH, "katib", version=1))
    refused("state.not_allowed", lambda: move("k", ClusterAction.ADMIT, "katib", version=1))
    moved = move("k", ClusterAction.ESTABLISH, "katib", specialised_id="t3", version=1)
    assert (moved.state, moved.specialised_id) == (ClusterState.ESTABLISHED, "t3")
    assert [name for name, _ in events(work, "cluster", "k")] == [
        "cluster.recorded", "cluster.corrected", "cluster.moved",
    ]  # fmt: skip
    assert events(work, "cluster", "k")[1][1] == {"fields": ["product"]}


def test_who_takes_part(work: Workspace) -> None:
    """§4.15: a participant has signed the agreement; Əlavə 5: its kind fits its staff."""
    take_in = RecordParticipation(work)
    refused("cluster.agreement_missing", lambda: take_in(replace(PART, agreement_id=""), "katib"))
    refused("cluster.wrong_size", lambda: take_in(replace(PART, employees=12), "katib"))
    refused("cluster.products_missing", lambda: take_in(replace(PART, products=" "), "katib"))
    refused("cluster.not_a_party", lambda: take_in(replace(PART, organisation_id="t3"), "katib"))
    refused("cluster.other_instrument", lambda: take_in(replace(PART, agreement_id="d-protocol"), "katib"))
    taken = take_in(PART, "katib")
    assert (taken.agreement_number, taken.agreement_date) == ("KL-d-agreement", DAY)
    refused("cluster.already_participates", lambda: take_in(replace(PART, id="i2"), "katib"))
    take_in(replace(PART, id="i3", organisation_id="t3", kind=ParticipantKind.FINANCE, agreement_id=""), "katib")
    details = ParticipationDetails(ParticipantKind.LARGE, "borular", 251, final_producer=True, representatives=("p1",))
    corrected = CorrectParticipation(work)("i1", details, "katib", 0)
    assert (corrected.kind, corrected.version) == (ParticipantKind.LARGE, 1)
    refused("state.stale", lambda: CorrectParticipation(work)("i1", replace(details, products="x"), "katib", 0))
    strangers = replace(details, representatives=("yox",))
    refused("person.not_registered", lambda: CorrectParticipation(work)("i1", strangers, "katib", 1))
    edition, change = RenewRegistry(work)("k", "ilk nəşr", "katib")
    assert [(r.voen, r.marks, r.agreement_number) for r in edition.rows] == [
        (VOENS["t1"], ("MSB",), "KL-d-agreement"), (VOENS["t3"], (), ""),
    ]  # fmt: skip
    assert change.added == edition.rows


def test_joint_projects(work: Workspace) -> None:
    """§4.4 ç): on the list by the members' decision, with a signed passport of this very cluster."""
    RecordParticipation(work)(PART, "katib")
    project = JointProject("l1", "k", "Birgə xətt", ("t1",))
    refused("cluster.no_initiator", lambda: RecordProject(work)(replace(project, initiators=()), "katib"))
    stranger = replace(project, participants=("t2",))
    refused("cluster.not_a_participant", lambda: RecordProject(work)(stranger, "katib"))
    RecordProject(work)(project, "katib")
    move = MoveProject(work)

    def approve(passport: str, basis: str = "d-protocol") -> JointProject:
        return move("l1", ProjectAction.APPROVE, basis, "katib", passport_id=passport, version=0)

    refused("cluster.not_signed", lambda: approve("d-open"))
    refused("cluster.other_cluster", lambda: approve("d-elsewhere"))
    refused("cluster.other_instrument", lambda: approve("d-passport", "d-passport"))
    approved = approve("d-passport")
    assert (approved.state, approved.passport_id, approved.basis_id) == (
        ProjectState.APPROVED, "d-passport", "d-protocol",
    )  # fmt: skip
    done = move("l1", ProjectAction.COMPLETE, "d-protocol", "katib", version=1)
    assert (done.state, done.passport_id) == (ProjectState.COMPLETED, "d-passport")
    refused("state.not_allowed", lambda: move("l1", ProjectAction.DROP, "d-protocol", "katib", version=2))


def test_figures_and_the_requirements_they_decide(work: Workspace) -> None:
    """Əlavə 13 §4, §7.1: figures of the last year that has ended, a benchmark with its source, seats of the organ."""
    RecordParticipation(work)(PART, "katib")
    figures = YearFigures("k", "t1", 2025, Decimal(10), Decimal(3), Decimal(2), 100)
    record = RecordFigures(work)
    refused("figures.export_exceeds", lambda: record(replace(figures, export=Decimal(11)), "katib"))
    refused("figures.negative", lambda: record(replace(figures, jobs=-1), "katib"))
    refused("cluster.not_a_participant", lambda: record(replace(figures, organisation_id="t2"), "katib"))
    record(figures, "katib")
    record(replace(figures, year=2026, export=Decimal(0)), "katib")
    CorrectCluster(work)(replace(CLUSTER, benchmarks=(Benchmark(2025, Decimal("19.9"), "DSK"),)), "katib")
    lines = {line.requirement: line for line in CheckCompliance(work)("k")}
    assert lines[Requirement.EXTERNAL_MARKETS].verdict is Verdict.MET
    assert dict(lines[Requirement.EFFICIENCY].figures)["above"] == "1"
    assert lines[Requirement.EFFICIENCY].verdict is Verdict.MET
    assert lines[Requirement.PROJECTS].verdict is Verdict.MET
    assert [p.id for p in lines[Requirement.PROJECTS].papers] == ["d-passport", "d-open"]
    assert dict(lines[Requirement.COLLEGIAL_ORGAN].figures)["percent_of_participants"] == "100.0"
    refused("cluster.not_found", lambda: CheckCompliance(work)("yox"))
