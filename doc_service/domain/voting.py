"""Votes: simple majority of those attending; on a tie the presiding person's own vote decides (001 §5.9.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from doc_service.domain.errors import DomainError
from doc_service.domain.meetings import Choice, Vote


class Outcome(StrEnum):
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"


@dataclass(frozen=True, slots=True)
class Tally:
    """lehinə, əleyhinə, bitərəf, and those attending who did not vote; together: everybody who attends."""

    in_favour: int
    against: int
    abstained: int
    not_voting: int

    @property
    def tied(self) -> bool:
        return self.in_favour == self.against


@dataclass(frozen=True, slots=True)
class Decision:
    """The result on one item. ``casting_vote``: the presiding person's vote, only where it settled a tie."""

    tally: Tally
    outcome: Outcome
    casting_vote: Choice | None


def decide(votes: Sequence[Vote], attending: int, presiding_id: str | None) -> Decision:
    """Counts votes by name and decides (001 §5.9.4).

    Adopted when for > against. On a tie the presiding person's own FOR adopts and AGAINST rejects; when that person
    abstained, did not vote, or nobody presides, the item is not adopted. Raises ``DomainError`` "vote.double" or
    "vote.exceeds_voters" rather than count a vote that cannot be.
    """
    by_voter = {vote.voter_id: vote.choice for vote in votes}
    if len(by_voter) != len(votes):
        twice = next(voter for voter, n in Counter(v.voter_id for v in votes).items() if n > 1)
        raise DomainError("vote.double", "votes", voter=twice)
    if len(votes) > attending:
        raise DomainError("vote.exceeds_voters", "votes", votes=len(votes), voters=attending)
    counts = Counter(by_voter.values())
    tally = Tally(counts[Choice.FOR], counts[Choice.AGAINST], counts[Choice.ABSTAIN], attending - len(votes))
    own = by_voter.get(presiding_id) if presiding_id is not None else None
    casting = own if tally.tied and own in (Choice.FOR, Choice.AGAINST) else None
    adopted = tally.in_favour > tally.against or casting is Choice.FOR
    return Decision(tally, Outcome.ADOPTED if adopted else Outcome.NOT_ADOPTED, casting)
