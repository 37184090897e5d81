"""Who signs in place of whom (000 §5.4, 001 §5.4, 004 §7.7), and in what order (004 §5.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.domain.signing_order import all_signed, open_next
from doc_service.domain.substitution import Substitution, check_substitution, substitution_for
from tests.domain.domain_builders import DAY, person

DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 31))


@st.composite
def substitutions(draw: st.DrawFn) -> Substitution:
    since, until, ordered = draw(DAYS), draw(DAYS), draw(DAYS)
    absent, substitute = draw(st.sampled_from(["a", "b"])), draw(st.sampled_from(["a", "b", "c"]))
    number = draw(st.sampled_from(["3-21/1-15/2026", "", " "]))
    return Substitution(draw(st.uuids()).hex, absent, person(substitute), number, ordered, since, until)


@given(substitutions())
def test_each_broken_rule_has_its_own_fault_and_all_come_at_once(record: Substitution) -> None:
    """000 §5.4: "müəyyən edilmiş qaydada": by an order made before, for a period, by another person."""
    codes = {fault.code for fault in check_substitution(record)}
    assert ("substitution.order_missing" in codes) is not bool(record.order_number.strip())
    assert ("substitution.order_after_start" in codes) is (record.since < record.order_date)
    assert ("substitution.period_reversed" in codes) is (record.since > record.until)
    assert ("substitution.self" in codes) is (record.substitute.id == record.absent_id)


@given(st.lists(substitutions(), max_size=12), DAYS)
def test_the_newest_order_in_force_on_the_day_is_found(records: list[Substitution], day: date) -> None:
    found = substitution_for(records, "a", day)
    in_force = [r for r in records if r.absent_id == "a" and r.since <= day <= r.until]
    if found is None:
        assert in_force == []
    else:
        assert found in in_force
        assert found.order_date == max(r.order_date for r in in_force)
        assert substitution_for(list(reversed(records)), "a", day) == found


def test_a_substitution_holds_on_its_first_and_last_day_only() -> None:
    """000 §5.4, 004 §7.7: while the head is absent."""
    record = Substitution("s", "a", person("c"), "1", DAY, DAY, DAY + timedelta(days=3))
    assert check_substitution(record) == ()
    held = [substitution_for([record], "a", DAY + timedelta(days=n)) is record for n in range(-1, 5)]
    assert held == [False, True, True, True, True, False]
    assert substitution_for([record], "b", DAY) is None


@st.composite
def request_sets(draw: st.DrawFn) -> list[SignatureRequest]:
    rows = draw(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(RequestState)), max_size=30))
    return [
        SignatureRequest(f"r{n}", "doc", order, f"sig_{n}", "üzv", person(f"m{n}", n), state)
        for n, (order, state) in enumerate(rows)
    ]


@given(request_sets())
def test_only_the_lowest_unfinished_order_opens(requests: list[SignatureRequest]) -> None:
    done = {RequestState.SIGNED, RequestState.WITHDRAWN}
    for request in requests:
        opens = request in open_next(requests)
        blocked = any(r.order < request.order and r.state not in done for r in requests)
        assert opens is (request.state is RequestState.WAITING and not blocked)


@given(request_sets())
def test_opening_repeatedly_reaches_every_waiting_request_and_ends_signed(requests: list[SignatureRequest]) -> None:
    current = {r.id: replace(r, state=RequestState.WAITING) for r in requests}
    groups: list[int] = []
    while opened := open_next(list(current.values())):
        assert not all_signed(list(current.values()))
        groups.append(opened[0].order)
        current.update({r.id: replace(r, state=RequestState.OPEN) for r in opened})
        assert open_next(list(current.values())) == ()
        current.update({r.id: replace(r, state=RequestState.SIGNED) for r in opened})
    assert groups == sorted({r.order for r in requests})
    assert all_signed(list(current.values())) is bool(requests)


@given(request_sets())
def test_a_document_is_signed_when_nothing_that_stands_is_missing(requests: list[SignatureRequest]) -> None:
    states = [r.state for r in requests if r.state is not RequestState.WITHDRAWN]
    assert all_signed(requests) is (states != [] and set(states) == {RequestState.SIGNED})


def test_a_withdrawn_request_holds_nobody_back_but_a_declined_one_does() -> None:
    first = SignatureRequest("r1", "doc", 1, "sig_1", "sədr", person("m1"), RequestState.WITHDRAWN)
    second = SignatureRequest("r2", "doc", 2, "sig_2", "üzv", person("m2"))
    assert open_next([first, second]) == (second,)
    assert open_next([replace(first, state=RequestState.DECLINED), second]) == ()


def test_no_requests_or_only_withdrawn_ones_are_not_signed() -> None:
    gone = SignatureRequest("r", "doc", 1, "sig", "üzv", person("m"), RequestState.WITHDRAWN)
    assert not all_signed([])
    assert not all_signed([gone])
    assert open_next([gone]) == ()
