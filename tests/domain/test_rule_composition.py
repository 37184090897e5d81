"""Who may make up a body: heads and deputy heads, whatever the terms."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.bodies import Membership, Role
from doc_service.domain.body_kinds import COORDINATION_GROUP, MEMBERS_MEETING, rules_for
from doc_service.domain.composition import composition_faults
from tests.domain.domain_builders import person

FIRST = date(2026, 1, 1)


@st.composite
def rosters(draw: st.DrawFn) -> list[Membership]:
    rows = draw(
        st.lists(st.tuples(st.sampled_from(Role), st.integers(0, 20), st.none() | st.integers(0, 10)), max_size=8)
    )
    return [
        Membership(
            person(f"m{n}"),
            role,
            FIRST + timedelta(days=since),
            None if length is None else FIRST + timedelta(days=since + length),
        )
        for n, (role, since, length) in enumerate(rows)
    ]


def most_at_a_time(members: list[Membership], role: Role) -> int:
    days = [FIRST + timedelta(days=n) for n in range(40)]
    return max(sum(m.role is role and m.holds_on(day) for m in members) for day in days)


@given(rosters())
def test_the_group_has_one_head_and_one_deputy_on_any_day(members: list[Membership]) -> None:
    """001 §5.2: one of the deputy ministers is the head, the chair of the Agency's board is the deputy head."""
    found = {f.code for f in composition_faults(rules_for(COORDINATION_GROUP), members)}
    assert ("body.several_heads" in found) is (most_at_a_time(members, Role.HEAD) > 1)
    assert ("body.several_deputies" in found) is (most_at_a_time(members, Role.DEPUTY_HEAD) > 1)


@given(rosters())
def test_where_nothing_is_ruled_deputies_are_as_many_as_the_meeting_elects(members: list[Membership]) -> None:
    found = {f.code for f in composition_faults(rules_for(MEMBERS_MEETING), members)}
    assert "body.several_deputies" not in found


def test_a_successor_is_no_second_head() -> None:
    members = [
        Membership(person("a"), Role.HEAD, FIRST, FIRST + timedelta(days=9)),
        Membership(person("b"), Role.HEAD, FIRST + timedelta(days=10)),
    ]
    assert list(composition_faults(rules_for(COORDINATION_GROUP), members)) == []
    members[1] = Membership(person("b"), Role.HEAD, FIRST + timedelta(days=9))
    (fault,) = composition_faults(rules_for(COORDINATION_GROUP), members)
    assert (fault.field, fault.params) == ("members[1].role", {"count": 2, "day": "2026-01-10"})
