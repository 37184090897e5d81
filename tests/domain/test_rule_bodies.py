"""Rule tables: every figure is there and names its clause."""

from __future__ import annotations

import pytest

from doc_service.domain.acts import act_allowed, allowed_acts
from doc_service.domain.bodies import ActKind, BodyRules, Matter, Role
from doc_service.domain.body_kinds import (
    BODY_KINDS,
    CLUSTER_ORGAN,
    COORDINATION_GROUP,
    FOUNDERS_MEETING,
    MEMBERS_MEETING,
    rules_for,
)
from doc_service.domain.errors import NotFoundError

FIGURES = (
    "quorum",
    "ordinary_notice_days",
    "extraordinary_notice_days",
    "max_interval_months",
    "acts",
    "protocol_signatories",
    "deputies",
)


@pytest.mark.parametrize("rules", BODY_KINDS.values(), ids=lambda r: r.kind)
def test_every_figure_that_is_ruled_names_its_clause_and_no_other_does(rules: BodyRules) -> None:
    ruled = {figure for figure in FIGURES if getattr(rules, figure) is not None}
    assert set(rules.clauses) == ruled
    assert all(clause.strip() for clause in rules.clauses.values())


@pytest.mark.parametrize("rules", BODY_KINDS.values(), ids=lambda r: r.kind)
def test_every_matter_allows_some_act_and_the_head_signs_the_protocol(rules: BodyRules) -> None:
    assert all(allowed_acts(rules, matter) for matter in Matter)
    assert Role.HEAD in rules.protocol_signatories
    assert rules.quorum == (1, 2)


def test_the_coordination_group_has_the_figures_of_its_statute() -> None:
    rules = rules_for(COORDINATION_GROUP)
    assert rules.quorum == (1, 2)  # 001 §5.9.1
    assert (rules.ordinary_notice_days, rules.extraordinary_notice_days) == (5, 2)  # 001 §5.8
    assert rules.max_interval_months == 6  # 001 §5.9.2
    assert rules.protocol_signatories == {Role.HEAD, Role.DEPUTY_HEAD, Role.MEMBER}  # 001 §5.9.5
    assert rules.deputies == 1  # 001 §5.2


@pytest.mark.parametrize(
    ("matter", "kind", "allowed"),
    [
        (Matter.ORGANISATIONAL, ActKind.DECISION, True),
        (Matter.ORGANISATIONAL, ActKind.PROPOSAL, False),
        (Matter.ORGANISATIONAL, ActKind.RECOMMENDATION, False),
        (Matter.OTHER, ActKind.DECISION, False),
        (Matter.OTHER, ActKind.PROPOSAL, True),
        (Matter.OTHER, ActKind.RECOMMENDATION, True),
    ],
)
def test_the_coordination_group_decides_organisational_matters_only(
    matter: Matter, kind: ActKind, *, allowed: bool
) -> None:
    """001 §5.10."""
    assert act_allowed(rules_for(COORDINATION_GROUP), matter, kind) is allowed


@pytest.mark.parametrize("kind", [FOUNDERS_MEETING, MEMBERS_MEETING, CLUSTER_ORGAN])
def test_cluster_bodies_adopt_decisions_on_every_matter(kind: str) -> None:
    """003 Əlavə 2; 003 Əlavə 13 §7.1: decisions, whatever the matter."""
    assert all(allowed_acts(rules_for(kind), matter) == {ActKind.DECISION} for matter in Matter)


def test_cluster_bodies_meet_at_least_yearly_and_founders_as_needed() -> None:
    """003 §4.8; 003 Əlavə 13 §7.1."""
    assert rules_for(MEMBERS_MEETING).max_interval_months == 12
    assert rules_for(CLUSTER_ORGAN).max_interval_months == 12
    assert rules_for(FOUNDERS_MEETING).max_interval_months is None


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotFoundError) as caught:
        rules_for("kollegiya")
    fault = caught.value.faults[0]
    assert (fault.code, fault.field) == ("body.unknown_kind", "kind")
    assert COORDINATION_GROUP in str(fault.params["known"])
