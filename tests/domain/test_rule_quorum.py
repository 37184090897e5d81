"""Quorum, presiding and the protocol's signatories, for bodies of 1 to 200 members (001 §5.4, §5.9.1, §5.9.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from doc_service.domain.bodies import BodyRules, Membership, Role
from doc_service.domain.body_kinds import COORDINATION_GROUP, rules_for
from doc_service.domain.meetings import Attendance, Presence
from doc_service.domain.presiding import presiding
from doc_service.domain.protocol_signatories import protocol_signatories
from doc_service.domain.quorum import needed, quorum_of
from tests.domain.domain_builders import DAY, RULES, SIZES, attended_bodies, attends_as, body_of, delegate_for

KQ = rules_for(COORDINATION_GROUP)
Attended = tuple[tuple[Membership, ...], tuple[Attendance, ...]]


def test_more_than_half_for_every_size_from_1_to_200() -> None:
    """001 §5.9.1: exactly half is not enough, one more is."""
    for size in range(1, 201):
        least = needed(size, KQ)
        assert 2 * least > size
        assert not 2 * (least - 1) > size


def test_known_figures_of_the_quorum() -> None:
    assert [needed(n, KQ) for n in (0, 1, 2, 3, 4, 15, 199, 200)] == [1, 1, 2, 2, 3, 8, 100, 101]


@given(SIZES, st.integers(1, 9), st.integers(1, 10))
def test_any_share_is_exceeded_exactly(size: int, part: int, whole: int) -> None:
    assume(part < whole)
    least = needed(size, replace(KQ, quorum=(part, whole)))
    assert Fraction(least, size) > Fraction(part, whole) >= Fraction(least - 1, size)


@given(RULES, attended_bodies())
def test_quorum_counts_members_present_and_delegated(rules: BodyRules, attended: Attended) -> None:
    members, attendance = attended
    coming = sum(a.presence is not Presence.ABSENT for a in attendance)
    quorum = quorum_of(rules, members, attendance, DAY)
    assert (quorum.members, quorum.attending) == (len(members), coming)
    assert quorum.met is (Fraction(coming, len(members)) > Fraction(1, 2))


@given(attended_bodies(), st.randoms(use_true_random=False))
def test_order_and_repetition_of_entries_change_nothing(attended: Attended, chance: st.DataObject) -> None:
    members, attendance = attended
    shuffled = list(attendance) * 2
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert quorum_of(KQ, members, shuffled) == quorum_of(KQ, members, attendance)


@given(attended_bodies(), st.integers(1, 50))
def test_people_who_are_not_members_never_make_a_quorum(attended: Attended, strangers: int) -> None:
    """001 §5.11."""
    members, attendance = attended
    crowd = attendance + tuple(attends_as(f"x{n}", Presence.PRESENT) for n in range(strangers))
    assert quorum_of(KQ, members, crowd) == quorum_of(KQ, members, attendance)


@given(attended_bodies(), st.data())
def test_one_more_who_comes_never_breaks_the_quorum(attended: Attended, data: st.DataObject) -> None:
    members, attendance = attended
    index = data.draw(st.integers(0, len(members) - 1))
    came = list(attendance)
    came[index] = attends_as(members[index].person.id, Presence.PRESENT)
    before, after = quorum_of(KQ, members, attendance), quorum_of(KQ, members, came)
    assert after.attending - before.attending == (attendance[index].presence is Presence.ABSENT)
    assert after.met or not before.met


@given(SIZES, st.integers(-400, 400))
def test_a_delegate_counts_while_the_power_of_attorney_holds(size: int, offset: int) -> None:
    """003 §4.2: a delegate acts only on a recorded power of attorney."""
    members = body_of(size)
    until = DAY + timedelta(days=offset)
    sent = [Attendance(m.person.id, Presence.DELEGATED, delegate_for(m.person.id, until)) for m in members]
    quorum = quorum_of(KQ, members, sent, DAY)
    assert quorum.attending == (size if until >= DAY else 0)


def test_a_delegate_without_paper_or_ahead_of_it_does_not_count() -> None:
    members = body_of(1)
    delegate = delegate_for("m0")
    unnumbered = replace(delegate, power=replace(delegate.power, number="  "))
    future = replace(delegate, power=replace(delegate.power, issued_on=DAY + timedelta(days=1)))
    for sent in (None, unnumbered, future):
        assert not quorum_of(KQ, members, [Attendance("m0", Presence.DELEGATED, sent)], DAY).met


@given(attended_bodies())
def test_the_head_presides_in_person_else_the_deputy_else_nobody(attended: Attended) -> None:
    """001 §5.4."""
    members, attendance = attended
    in_person = {a.member_id for a in attendance if a.presence is Presence.PRESENT}
    chair = presiding(members, attendance)
    if "m0" in in_person:
        assert chair is not None
        assert chair.role is Role.HEAD
    elif "m1" in in_person:
        assert chair is not None
        assert chair.role is Role.DEPUTY_HEAD
    else:
        assert chair is None


def test_a_delegate_never_presides() -> None:
    members = body_of(5)
    sent = [attends_as(m.person.id, Presence.DELEGATED) for m in members[:2]]
    assert presiding(members, [*sent, *(attends_as(f"m{n}", Presence.PRESENT) for n in range(2, 5))]) is None


@given(RULES, attended_bodies())
def test_signatories_are_those_who_attended_in_the_order_of_the_form(rules: BodyRules, attended: Attended) -> None:
    """001 §5.9.5: head, deputy head, members."""
    members, attendance = attended
    signatories = protocol_signatories(rules, members, attendance)
    came = {a.member_id: a for a in attendance if a.presence is not Presence.ABSENT}
    expected = [m.person.id for m in members if m.person.id in came and m.role in rules.protocol_signatories]
    assert [s.member.person.id for s in signatories] == expected
    for signatory in signatories:
        entry = came[signatory.member.person.id]
        assert signatory.is_delegate is (entry.presence is Presence.DELEGATED)
        if entry.delegate is None:
            assert (signatory.signer, signatory.power) == (signatory.member.person, None)
        else:
            assert (signatory.signer, signatory.power) == (entry.delegate.person, entry.delegate.power)


@given(attended_bodies(), st.randoms(use_true_random=False))
def test_the_head_signs_first_wherever_the_body_lists_them(attended: Attended, chance: st.DataObject) -> None:
    members, attendance = attended
    mixed = list(members)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    roles = [s.member.role for s in protocol_signatories(KQ, mixed, attendance)]
    assert roles == sorted(roles, key=[Role.HEAD, Role.DEPUTY_HEAD, Role.MEMBER].index)


def test_a_delegated_entry_without_a_delegate_has_no_signature() -> None:
    assert protocol_signatories(KQ, body_of(1), [Attendance("m0", Presence.DELEGATED)]) == ()


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 900), st.integers(-1, 901))
def test_a_term_holds_on_its_first_and_last_day(since: date, length: int, offset: int) -> None:
    member = replace(body_of(1)[0], since=since, until=since + timedelta(days=length))
    assert member.holds_on(since + timedelta(days=offset)) is (0 <= offset <= length)
