"""Clusters, accessions, papers of others and editions of the registry, on every engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from doc_service.domain.clusters.accession import Accession, AccessionAction
from doc_service.domain.clusters.clusters import (
    Benchmark,
    Cluster,
    ClusterAction,
    JointProject,
    Participation,
    ParticipationAction,
    YearFigures,
)
from doc_service.domain.clusters.files import CaseFile
from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.domain.clusters.registry import difference, first_edition, next_edition
from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.persistence.dump import SqlSnapshot
from doc_service.persistence.uow import SqlUnitOfWork, SqlUnitOfWorkFactory
from doc_service.ports_queries import Slice
from tests.domain.test_cluster_registry import entry
from tests.persistence import samples
from tests.persistence.test_registers import organisation, person

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 6, 0, 0, 1, UTC)
CLUSTER = Cluster(
    "k", "Abşeron polimer sənaye klasteri", "Sumqayıt", "boru", DAY, "kq",
    benchmarks=(Benchmark(2025, Decimal("14.25"), "DSK"),),
)  # fmt: skip
PART = Participation("i1", "k", "t1", ParticipantKind.SMALL, "boru", DAY, "d1", "KL-IS-1", DAY, employees=12)
ACCESSION = Accession("q1", "k", "t2", ParticipantKind.FINANCE, NOW)
FILE = CaseFile(
    "f1", "accession", "q1", "1", "nizamnamə.pdf", "application/pdf", 7, "a" * 64, "x/" + "a" * 64, NOW, "p"
)


@pytest.fixture
def units(engine: Engine) -> SqlUnitOfWorkFactory:
    samples.fill(engine)
    factory = SqlUnitOfWorkFactory(engine)
    with factory() as unit:
        unit.people.add(person(1))
        unit.organisations.add(organisation())
        unit.organisations.add(organisation(2, voen="9903456781"))
        unit.clusters.add(CLUSTER)
        unit.clusters.add_participation(PART)
        unit.accessions.add(ACCESSION)
        unit.commit()
    return factory


def refused(code: str, step: Callable[[], object]) -> None:
    with pytest.raises(DomainError) as caught:
        step()
    assert caught.value.code == code


def test_clusters(units: SqlUnitOfWorkFactory) -> None:
    with units() as unit:
        assert unit.clusters.get("k") == CLUSTER == unit.clusters.of_body("kq")
        saved = unit.clusters.save(CLUSTER.moved(ClusterAction.ESTABLISH, specialised_id="t1"))
        assert unit.clusters.get("k") == saved
        assert unit.clusters.page(Slice(), ids=frozenset({"k"})).rows == (saved,)
        assert unit.clusters.page(Slice(), ids=frozenset()).rows == ()
        refused("state.stale", lambda: unit.clusters.save(CLUSTER))
        refused("cluster.exists", lambda: unit.clusters.add(CLUSTER))
        refused("cluster.not_found", lambda: unit.clusters.get("x"))


def test_an_organisation_takes_part_once_at_a_time(units: SqlUnitOfWorkFactory) -> None:
    with units() as unit:
        refused("cluster.already_participates", lambda: unit.clusters.add_participation(replace(PART, id="i2")))
        left = unit.clusters.save_participation(PART.moved(ParticipationAction.LEAVE, ended_on=DAY, ended_by="d9"))
        unit.clusters.add_participation(replace(PART, id="i2"))
        unit.commit()
    with units() as unit:
        assert unit.clusters.participation("i1") == left
        assert [p.id for p in unit.clusters.participations("k")] == ["i1", "i2"]
        assert [p.id for p in unit.clusters.participations("k", active=True)] == ["i2"]
        assert unit.clusters.clusters_of(frozenset({"t1"})) == {"k"}
        assert unit.clusters.clusters_of(frozenset({"t2"})) == frozenset()
        refused("state.stale", lambda: unit.clusters.save_participation(PART))
        refused("cluster.participation_not_found", lambda: unit.clusters.participation("x"))


def test_projects_and_figures(units: SqlUnitOfWorkFactory) -> None:
    project = JointProject("l1", "k", "Birgə xətt", ("t1",))
    figures = YearFigures("k", "t1", 2025, Decimal("10.5"), Decimal("3.15"), Decimal("2.25"), 120, "d5")
    with units() as unit:
        unit.clusters.add_project(project)
        unit.clusters.put_figures(replace(figures, jobs=1))
        unit.clusters.put_figures(figures)
        unit.clusters.put_figures(replace(figures, year=2024))
        refused("cluster.project_exists", lambda: unit.clusters.add_project(project))
        saved = unit.clusters.save_project(replace(project, passport_id="d7"))
        assert unit.clusters.projects("k") == [saved] == [unit.clusters.project("l1")]
        assert [f.year for f in unit.clusters.figures("k")] == [2024, 2025]
        assert unit.clusters.figures("k")[1] == figures
        refused("cluster.project_not_found", lambda: unit.clusters.project("x"))


def test_accessions(units: SqlUnitOfWorkFactory) -> None:
    with units() as unit:
        assert unit.accessions.get("q1") == ACCESSION
        refused("accession.in_progress", lambda: unit.accessions.add(replace(ACCESSION, id="q2")))
        saved = unit.accessions.save(ACCESSION.moved(AccessionAction.WITHDRAW, reason="x"))
        unit.accessions.add(replace(ACCESSION, id="q2"))
        assert unit.accessions.of_cluster("k") == [saved, replace(ACCESSION, id="q2")]
        refused("state.stale", lambda: unit.accessions.save(ACCESSION))
        refused("accession.not_found", lambda: unit.accessions.get("x"))


def test_files_are_kept_as_they_came_and_are_in_every_backup(units: SqlUnitOfWorkFactory, engine: Engine) -> None:
    with units() as unit:
        unit.case_files.add(FILE)
        unit.commit()
    with units() as unit:
        assert unit.case_files.of_owner("accession", "q1") == [FILE] == [unit.case_files.get("f1")]
        assert unit.case_files.of_owner("cluster", "q1") == []
        assert (unit.case_files.find("f1"), unit.case_files.find("x")) == (FILE, None)
        assert list(unit.case_files.ids()) == ["f1"]
        refused("file.not_found", lambda: unit.case_files.get("x"))
    with engine.connect() as connection:
        assert FILE.key in {r.key for r in SqlSnapshot(connection).references()}
    with engine.connect() as connection, pytest.raises((DatabaseError, DomainError), match=r"append.only"):
        connection.exec_driver_sql("UPDATE case_files SET name = 'x'")


def test_editions(units: SqlUnitOfWorkFactory) -> None:
    first = first_edition("k", DAY, [entry(1), entry(2, specialised=True)])
    second = next_edition(first, DAY, [entry(1)], "xaric edilmə")

    def add(unit: SqlUnitOfWork) -> None:
        unit.editions.add(first, difference(None, first))
        unit.editions.add(second, difference(first, second))

    with units() as unit:
        assert unit.editions.last("k") is None
        add(unit)
        assert unit.editions.last("k") == second
        assert unit.editions.get("k", 1) == (first, difference(None, first))
        assert unit.editions.numbers("k") == [1, 2]
        with pytest.raises(ConflictError, match=r"registry\.edition_exists"):
            add(unit)
        with pytest.raises(NotFoundError, match=r"registry\.edition_not_found"):
            unit.editions.get("k", 3)
