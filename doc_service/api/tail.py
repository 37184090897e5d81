"""Follows rows whose numbers are given before they commit, without losing one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from doc_service.ports_interface import FeedEvent

Fetch = Callable[[int, Collection[int], int], Sequence[FeedEvent]]

PATIENCE = 60.0
"""Seconds that a number may stay missing: longer than any transaction lasts (settings.database_lock_timeout)."""
LIMIT = 1000


class Tail:
    """Gives each event once, in the order in which they are found. A number that is skipped may belong to a transaction
    that has not committed (or was undone): it is asked for by name until ``PATIENCE`` has passed. On SQLite, where one
    transaction writes at a time, none is ever skipped. ``monotonic``: seconds."""

    def __init__(self, position: int, monotonic: Callable[[], float]) -> None:
        self._highest = position
        self._missing: dict[int, float] = {}
        self._monotonic = monotonic

    def next(self, fetch: Fetch) -> Sequence[FeedEvent]:
        """What has come since the last call; at most ``LIMIT`` of it."""
        now = self._monotonic()
        self._missing = {number: since for number, since in self._missing.items() if now - since < PATIENCE}
        rows = fetch(self._highest, tuple(self._missing), LIMIT)
        for row in rows:
            if row.place in self._missing:
                del self._missing[row.place]
            elif row.place > self._highest:
                skipped = range(max(self._highest + 1, row.place - LIMIT), row.place)
                self._missing |= dict.fromkeys(skipped, now)
                self._highest = row.place
        while len(self._missing) > LIMIT:
            del self._missing[next(iter(self._missing))]
        return rows
