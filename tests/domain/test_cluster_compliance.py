"""The requirements of 003 Əlavə 13 §4 and §7.1, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from doc_service.domain.clusters.clusters import Benchmark, YearFigures
from doc_service.domain.clusters.compliance import Facts, Line, Requirement, Verdict, check, compliant
from doc_service.domain.clusters.road_map import Paper

MEMBERS = tuple(f"t{n}" for n in range(1, 11))
PRODUCERS = MEMBERS[:6]


def paper(done: bool = True) -> Paper:
    return Paper("document", "d1", "KL-1", date(2026, 5, 4), done)


def year(organisation: str, export: str = "4", added: str = "2", jobs: int = 100) -> YearFigures:
    return YearFigures("k", organisation, 2025, Decimal(10), Decimal(export), Decimal(added), jobs)


GOOD = Facts(
    territory="Sumqayıt", product="boru", specialised_id="t9", specialised_papers=(paper(),), members=MEMBERS,
    producers=PRODUCERS, agreed=frozenset(PRODUCERS), agreements=(paper(),), projects=(paper(),), maps=(paper(),),
    state_agreements=(paper(),), organ_seats=("t1", "t2", "t3", ""), year=2025,
    figures=tuple(year(p, added="2" if p in PRODUCERS[:3] else "1") for p in PRODUCERS),
    benchmark=Benchmark(2025, Decimal(15), "Dövlət Statistika Komitəsi"),
)  # fmt: skip


def line(requirement: Requirement, **changes: object) -> Line:
    return next(x for x in check(replace(GOOD, **changes)) if x.requirement is requirement)  # type: ignore[arg-type]


def test_a_cluster_that_meets_all_of_them() -> None:
    """003 Əlavə 13 §4 bullet 1–9, §7.1: eleven lines, each with its clause."""
    lines = check(GOOD)
    assert [x.requirement for x in lines] == list(Requirement)
    assert compliant(lines)
    assert all(x.clause.startswith("003") for x in lines)


@pytest.mark.parametrize(
    ("requirement", "changes"),
    [
        (Requirement.TERRITORY, {"territory": " "}),
        (Requirement.SPECIALISATION, {"product": ""}),
        (Requirement.SPECIALISED_ORGANISATION, {"specialised_id": ""}),
        (Requirement.COOPERATION, {"maps": ()}),
        (Requirement.PROJECTS, {"projects": (paper(done=False),)}),
        (Requirement.STATE_AGREEMENT, {"state_agreements": ()}),
        (Requirement.MEMBERS, {"members": MEMBERS[:9]}),
        (Requirement.COLLEGIAL_ORGAN, {"organ_seats": None}),
    ],
)
def test_what_is_not_there(requirement: Requirement, changes: dict[str, object]) -> None:
    """003 Əlavə 13 §4 bullet 1–6, bullet 8; 003 §3.1: each requirement that is a matter of being there."""
    assert line(requirement, **changes).verdict is Verdict.NOT_MET
    assert not compliant(check(replace(GOOD, **changes)))  # type: ignore[arg-type]


def test_an_agreement_with_every_participant() -> None:
    """003 Əlavə 13 §4 bullet 6; 003 §4.15: infrastructure needs none; the participant without one is named."""
    found = line(Requirement.MEMBERS_AGREEMENTS, agreed=frozenset(PRODUCERS[:-1]))
    assert (found.verdict, found.lacking) == (Verdict.NOT_MET, ("t6",))
    assert line(Requirement.MEMBERS_AGREEMENTS, producers=()).verdict is Verdict.NOT_MET


@pytest.mark.parametrize(
    ("export", "verdict", "percent"),
    [("3", "met", "30.0"), ("2.99", "not_met", "29.9"), ("2.999", "not_met", "30.0"), ("0", "not_met", "0.0")],
)
def test_external_markets(export: str, verdict: str, percent: str) -> None:
    """003 Əlavə 13 §4 bullet 7: at least 30 % of the production goes abroad; compared before rounding."""
    found = line(Requirement.EXTERNAL_MARKETS, figures=tuple(year(p, export) for p in PRODUCERS))
    assert (found.verdict, dict(found.figures)["percent"]) == (verdict, percent)


def test_figures_that_are_not_there() -> None:
    """Nobody can say; who has not given figures is named."""
    assert line(Requirement.EXTERNAL_MARKETS, figures=(), year=None).verdict is Verdict.UNKNOWN
    assert line(Requirement.EFFICIENCY, benchmark=None).verdict is Verdict.UNKNOWN
    some = tuple(year(p) for p in PRODUCERS[:4])
    assert line(Requirement.EFFICIENCY, figures=some).lacking == ("t5", "t6")


def test_efficiency_above_the_average() -> None:
    """003 Əlavə 13 §4 bullet 9: at least 50 % of the organisations above the average; at it is not above it."""
    figures = tuple(year(p, added="1.5" if p == "t3" else "2" if p in ("t1", "t2") else "1") for p in PRODUCERS)
    found = line(Requirement.EFFICIENCY, figures=figures)
    assert (found.verdict, dict(found.figures)["above"]) == (Verdict.NOT_MET, "2")
    assert dict(line(Requirement.EFFICIENCY).figures)["percent"] == "50.0"
    nobody = tuple(year(p, jobs=0) for p in PRODUCERS)
    assert line(Requirement.EFFICIENCY, figures=nobody).verdict is Verdict.NOT_MET


@pytest.mark.parametrize(
    ("seats", "verdict"),
    [
        (("t1", "t2", "t3"), "met"),
        (("t1", "t2", "t2", "t2"), "not_met"),
        (("t1", "t2", "t3", "", "", "", ""), "not_met"),
        ((), "not_met"),
    ],
)
def test_half_of_the_collegial_organ(seats: tuple[str, ...], verdict: str) -> None:
    """003 Əlavə 13 §7.1: at least 50 % of the participants in the organ, and at least half of its seats theirs."""
    assert line(Requirement.COLLEGIAL_ORGAN, organ_seats=seats).verdict == verdict
