"""Votes: simple majority, tie and casting vote, for 1 to 200 voters (001 §5.9.4)."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.errors import DomainError
from doc_service.domain.meetings import Choice, Vote
from doc_service.domain.voting import Outcome, Tally, decide
from tests.domain.domain_builders import SEEDS, SIZES

F, A, N = Choice.FOR, Choice.AGAINST, Choice.ABSTAIN


def votes_of(*choices: Choice) -> list[Vote]:
    return [Vote(f"m{n}", choice) for n, choice in enumerate(choices)]


@st.composite
def polls(draw: st.DrawFn) -> tuple[list[Vote], int, str | None]:
    """Votes, number attending (1 to 200) and who presides: often a voter, sometimes not, sometimes nobody."""
    attending = draw(SIZES)
    chance = Random(draw(SEEDS))
    weights = draw(st.sampled_from([(1, 1, 1), (5, 5, 1), (1, 1, 0), (0, 0, 1), (9, 1, 1)]))
    choices = chance.choices([F, A, N], weights, k=chance.randint(0, attending))
    presiding_id = draw(st.sampled_from(["m0", "m0", "m1", "nobody-voted", None]))
    return votes_of(*choices), attending, presiding_id


@st.composite
def ties(draw: st.DrawFn) -> list[Vote]:
    """As many for as against, plus abstentions; m0 is the presiding person and did not vote yet."""
    half, abstained = draw(st.integers(0, 99)), draw(st.integers(0, 50))
    return [Vote(f"v{n}", c) for n, c in enumerate([F] * half + [A] * half + [N] * abstained)]


@given(polls())
def test_the_tally_accounts_for_everybody_who_attends(poll: tuple[list[Vote], int, str | None]) -> None:
    votes, attending, presiding_id = poll
    tally = decide(votes, attending, presiding_id).tally
    assert tally.in_favour + tally.against + tally.abstained + tally.not_voting == attending
    assert tally.in_favour == sum(v.choice is F for v in votes)
    assert tally.against == sum(v.choice is A for v in votes)
    assert tally.abstained == sum(v.choice is N for v in votes)


@given(polls())
def test_a_majority_decides_whoever_presides(poll: tuple[list[Vote], int, str | None]) -> None:
    votes, attending, presiding_id = poll
    decision = decide(votes, attending, presiding_id)
    difference = sum({F: 1, A: -1, N: 0}[v.choice] for v in votes)
    if difference:
        assert decision.outcome is (Outcome.ADOPTED if difference > 0 else Outcome.NOT_ADOPTED)
        assert decision.casting_vote is None


@given(polls(), st.randoms(use_true_random=False))
def test_the_order_of_votes_changes_nothing(poll: tuple[list[Vote], int, str | None], chance: st.DataObject) -> None:
    votes, attending, presiding_id = poll
    mixed = list(votes)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert decide(mixed, attending, presiding_id) == decide(votes, attending, presiding_id)


@given(polls(), st.data())
def test_turning_a_vote_in_favour_never_loses_an_adopted_act(
    poll: tuple[list[Vote], int, str | None], data: st.DataObject
) -> None:
    votes, attending, presiding_id = poll
    if not votes:
        return
    index = data.draw(st.integers(0, len(votes) - 1))
    turned = [Vote(v.voter_id, F) if n == index else v for n, v in enumerate(votes)]
    before, after = decide(votes, attending, presiding_id), decide(turned, attending, presiding_id)
    assert after.outcome is Outcome.ADOPTED or before.outcome is Outcome.NOT_ADOPTED


@given(ties(), st.sampled_from([F, A]))
def test_a_tie_goes_as_the_presiding_person_voted(tied: list[Vote], own: Choice) -> None:
    """001 §5.9.4: the presiding person's vote, which is part of the tie, decides."""
    answer = Vote("answer", A if own is F else F)
    votes = [*tied, Vote("m0", own), answer]
    decision = decide(votes, len(votes) + 3, "m0")
    assert decision.tally.tied
    assert decision.casting_vote is own
    assert decision.outcome is (Outcome.ADOPTED if own is F else Outcome.NOT_ADOPTED)


@given(ties(), st.sampled_from(["abstained", "did not vote", "nobody presides"]))
def test_a_tie_without_a_presiding_vote_is_not_adopted(tied: list[Vote], case: str) -> None:
    votes = [*tied, Vote("m0", N)] if case == "abstained" else tied
    decision = decide(votes, len(votes) + 1, None if case == "nobody presides" else "m0")
    assert (decision.outcome, decision.casting_vote) == (Outcome.NOT_ADOPTED, None)


def test_the_casting_vote_is_not_counted_twice() -> None:
    assert decide(votes_of(F, A), 2, "m0").tally == Tally(1, 1, 0, 0)
    assert decide(votes_of(F, A, A), 3, "m0").outcome is Outcome.NOT_ADOPTED


def test_abstentions_do_not_defeat_a_majority_of_those_for_and_against() -> None:
    assert decide(votes_of(N, N, N, F), 5, "m0").outcome is Outcome.ADOPTED


@given(polls(), st.data())
def test_a_vote_cast_twice_is_refused(poll: tuple[list[Vote], int, str | None], data: st.DataObject) -> None:
    votes, attending, presiding_id = poll
    if not votes:
        return
    again = data.draw(st.sampled_from(votes))
    choice = data.draw(st.sampled_from(list(Choice)))
    with pytest.raises(DomainError) as caught:
        decide([*votes, Vote(again.voter_id, choice)], attending + 1, presiding_id)
    assert caught.value.faults[0].code == "vote.double"
    assert caught.value.faults[0].params == {"voter": again.voter_id}


@given(SIZES, st.integers(1, 20))
def test_more_votes_than_voters_are_refused(attending: int, surplus: int) -> None:
    with pytest.raises(DomainError) as caught:
        decide(votes_of(*[F] * (attending + surplus)), attending, "m0")
    assert caught.value.faults[0].params == {"votes": attending + surplus, "voters": attending}
    assert caught.value.code == "vote.exceeds_voters"
