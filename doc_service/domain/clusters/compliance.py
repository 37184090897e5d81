"""Whether a cluster meets the requirements, line by line with the evidence (003 Əlavə 13 §4, §7.1; §3.1; Əlavə 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from doc_service.domain.clusters.clusters import Benchmark, YearFigures, export_share
from doc_service.domain.clusters.road_map import Paper

LEAST_MEMBERS, LEAST_PROJECTS = 10, 1
LEAST_EXPORT, LEAST_ORGAN, LEAST_EFFICIENT = Decimal(30), Decimal(50), Decimal(50)
_TENTH = Decimal("0.1")


class Requirement(StrEnum):
    """In the order of 003 Əlavə 13 §4, then §7.1."""

    TERRITORY = "territory"
    SPECIALISATION = "specialisation"
    SPECIALISED_ORGANISATION = "specialised_organisation"
    COOPERATION = "cooperation"
    PROJECTS = "projects"
    MEMBERS_AGREEMENTS = "members_agreements"
    STATE_AGREEMENT = "state_agreement"
    EXTERNAL_MARKETS = "external_markets"
    MEMBERS = "members"
    EFFICIENCY = "efficiency"
    COLLEGIAL_ORGAN = "collegial_organ"


CLAUSES = {
    Requirement.TERRITORY: "003 Əlavə 13 §4; §3.1",
    Requirement.SPECIALISATION: "003 Əlavə 13 §4",
    Requirement.SPECIALISED_ORGANISATION: "003 Əlavə 13 §4; §4.1",
    Requirement.COOPERATION: "003 Əlavə 13 §4; §5.3.3",
    Requirement.PROJECTS: "003 Əlavə 13 §4; §3.1",
    Requirement.MEMBERS_AGREEMENTS: "003 Əlavə 13 §4; §4.15; Əlavə 4",
    Requirement.STATE_AGREEMENT: "003 Əlavə 13 §4; §5.8",
    Requirement.EXTERNAL_MARKETS: "003 Əlavə 13 §4",
    Requirement.MEMBERS: "003 Əlavə 13 §4; §3.1",
    Requirement.EFFICIENCY: "003 Əlavə 13 §4",
    Requirement.COLLEGIAL_ORGAN: "003 Əlavə 13 §7.1",
}


class Verdict(StrEnum):
    """UNKNOWN: a figure is missing, so nobody can say."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """``figures``: name and value, as text; ``lacking``: organisations that stand against it or whose figures are not
    there; ``papers``: what proves it."""

    requirement: Requirement
    verdict: Verdict
    figures: tuple[tuple[str, str], ...] = ()
    papers: tuple[Paper, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def clause(self) -> str:
        return CLAUSES[self.requirement]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known on the day of the check. ``members``: organisations that take part, infrastructure included;
    ``producers``: the participants proper among them; ``agreed``: those with a signed agreement. ``organ_seats``: of
    every seat of the collegial organ, the participant it stands for ("": nobody of the cluster); None: no organ.
    ``figures``: of ``year``, the last one with figures (None: none)."""

    territory: str
    product: str
    specialised_id: str
    specialised_papers: tuple[Paper, ...]
    members: tuple[str, ...]
    producers: tuple[str, ...]
    agreed: frozenset[str]
    agreements: tuple[Paper, ...]
    projects: tuple[Paper, ...]
    maps: tuple[Paper, ...]
    state_agreements: tuple[Paper, ...]
    organ_seats: tuple[str, ...] | None
    year: int | None
    figures: tuple[YearFigures, ...]
    benchmark: Benchmark | None


def check(facts: Facts) -> tuple[Line, ...]:
    """Every requirement, in their order."""
    return (
        _said(Requirement.TERRITORY, facts.territory),
        _said(Requirement.SPECIALISATION, facts.product),
        _line(
            Requirement.SPECIALISED_ORGANISATION,
            bool(facts.specialised_id),
            (("organisation", facts.specialised_id or "–"),),
            facts.specialised_papers,
        ),
        _papers(Requirement.COOPERATION, facts.maps),
        _papers(Requirement.PROJECTS, facts.projects, LEAST_PROJECTS),
        _agreements(facts),
        _papers(Requirement.STATE_AGREEMENT, facts.state_agreements),
        _markets(facts),
        _line(
            Requirement.MEMBERS,
            len(facts.members) >= LEAST_MEMBERS,
            (("members", str(len(facts.members))), ("least", str(LEAST_MEMBERS))),
        ),
        _efficiency(facts),
        _organ(facts),
    )


def compliant(lines: Sequence[Line]) -> bool:
    return all(line.verdict is Verdict.MET for line in lines)


def _line(
    requirement: Requirement,
    met: bool,
    figures: tuple[tuple[str, str], ...] = (),
    papers: tuple[Paper, ...] = (),
    lacking: tuple[str, ...] = (),
) -> Line:
    return Line(requirement, Verdict.MET if met else Verdict.NOT_MET, figures, papers, lacking)


def _said(requirement: Requirement, text: str) -> Line:
    return _line(requirement, bool(text.strip()), (("said", text.strip() or "–"),))


def _papers(requirement: Requirement, papers: tuple[Paper, ...], least: int = 1) -> Line:
    done = sum(p.done for p in papers)
    return _line(requirement, done >= least, (("signed", str(done)), ("least", str(least))), papers)


def _agreements(facts: Facts) -> Line:
    """An agreement with every participant; infrastructure needs none (003 §4.15)."""
    lacking = tuple(p for p in facts.producers if p not in facts.agreed)
    figures = (
        ("participants", str(len(facts.producers))),
        ("with_agreement", str(len(facts.producers) - len(lacking))),
    )
    met = bool(facts.producers) and not lacking
    return _line(Requirement.MEMBERS_AGREEMENTS, met, figures, facts.agreements, lacking)


def _markets(facts: Facts) -> Line:
    share = export_share(facts.figures)
    lacking = _without_figures(facts)
    if share is None or facts.year is None:
        return Line(Requirement.EXTERNAL_MARKETS, Verdict.UNKNOWN, lacking=lacking)
    figures = (("year", str(facts.year)), ("percent", _text(share)), ("least", str(LEAST_EXPORT)))
    return _line(Requirement.EXTERNAL_MARKETS, share >= LEAST_EXPORT, figures, lacking=lacking)


def _efficiency(facts: Facts) -> Line:
    """Labour productivity above the average that was recorded, at half of the participants at least. One without
    figures does not count as efficient."""
    lacking = _without_figures(facts)
    if facts.benchmark is None or not facts.figures or not facts.producers:
        return Line(Requirement.EFFICIENCY, Verdict.UNKNOWN, lacking=lacking)
    average = facts.benchmark.productivity
    above = [f for f in facts.figures if f.productivity is not None and f.productivity > average]
    share = _percent(len(above), len(facts.producers))
    figures = (
        ("year", str(facts.benchmark.year)), ("average", _text(average)), ("source", facts.benchmark.source),
        ("above", str(len(above))), ("participants", str(len(facts.producers))), ("percent", _text(share)),
        ("least", str(LEAST_EFFICIENT)),
    )  # fmt: skip
    return _line(Requirement.EFFICIENCY, share >= LEAST_EFFICIENT, figures, lacking=lacking)


def _organ(facts: Facts) -> Line:
    """At least half of the participants sit in the collegial organ (003 §7.1 of Əlavə 13), and at least half of its
    seats are theirs: the wording allows both readings, so both are asked for."""
    if facts.organ_seats is None:
        return _line(Requirement.COLLEGIAL_ORGAN, met=False)
    sitting = set(facts.organ_seats) & set(facts.producers)
    theirs = sum(seat in facts.producers for seat in facts.organ_seats)
    of_participants = _percent(len(sitting), len(facts.producers))
    of_seats = _percent(theirs, len(facts.organ_seats))
    figures = (
        ("participants", str(len(facts.producers))), ("sitting", str(len(sitting))),
        ("percent_of_participants", _text(of_participants)), ("seats", str(len(facts.organ_seats))),
        ("percent_of_seats", _text(of_seats)), ("least", str(LEAST_ORGAN)),
    )  # fmt: skip
    met = of_participants >= LEAST_ORGAN and of_seats >= LEAST_ORGAN
    lacking = tuple(p for p in facts.producers if p not in sitting)
    return _line(Requirement.COLLEGIAL_ORGAN, met, figures, lacking=() if met else lacking)


def _without_figures(facts: Facts) -> tuple[str, ...]:
    known = {f.organisation_id for f in facts.figures}
    return tuple(p for p in facts.producers if p not in known)


def _percent(part: int, whole: int) -> Decimal:
    return Decimal(part * 100) / whole if whole else Decimal(0)


def _text(value: Decimal) -> str:
    """One place after the point; the comparison is made before rounding."""
    return str(value.quantize(_TENTH, ROUND_HALF_UP))
