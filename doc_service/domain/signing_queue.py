"""The queue before a document's signing lease: who asked first signs first, nobody is waited for in vain.

A place is kept by asking about it. The person whose turn has come has a short time to prepare; who does not loses the
place (DESIGN 6), so that an open page that nobody looks at holds up no one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Waiter:
    """One place. ``called_at``: since when it is this person's turn (None: not yet)."""

    document_id: str
    request_id: str
    joined_at: datetime
    seen_at: datetime
    called_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QueuePatience:
    """``unseen``: a place nobody asked about for so long is lost. ``turn``: how long a turn waits for its person."""

    unseen: timedelta = timedelta(seconds=15)
    turn: timedelta = timedelta(seconds=20)

    def keeps(self, waiter: Waiter, now: datetime) -> bool:
        in_turn = waiter.called_at is None or now - waiter.called_at <= self.turn
        return in_turn and now - waiter.seen_at <= self.unseen

    def refresh_due(self, waiter: Waiter, now: datetime) -> bool:
        """Whether being asked about is worth writing down: not more often than needed to keep the place."""
        return now - waiter.seen_at >= self.unseen / 5


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """What a waiting person is shown. ``position``: 1 is next, 0 is not in the queue; ``waiting``: how many are.
    ``holds_lease``: the document is this person's now, ``your_turn``: it is free and this person may prepare; both
    until ``until``, which otherwise is when the present holder's time ends (None: nobody holds it)."""

    position: int
    waiting: int
    holds_lease: bool = False
    your_turn: bool = False
    until: datetime | None = None


def in_order(waiters: Sequence[Waiter]) -> tuple[Waiter, ...]:
    """First come, first served; of one moment by the request's id."""
    return tuple(sorted(waiters, key=lambda w: (w.joined_at, w.request_id)))


def kept(waiters: Sequence[Waiter], now: datetime, patience: QueuePatience) -> tuple[Waiter, ...]:
    """The places that are not lost, in order."""
    return tuple(w for w in in_order(waiters) if patience.keeps(w, now))


def position(waiters: Sequence[Waiter], request_id: str) -> int:
    """From 1; 0 when the request has no place among ``waiters`` (in order)."""
    return next((n for n, w in enumerate(waiters, 1) if w.request_id == request_id), 0)
