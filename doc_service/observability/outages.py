"""The journal of outages (002 §7.1.2: interruptions of the information system's work are recorded): rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

SERVICE = "service"
"""The component that is out when the program itself does not run."""


@dataclass(frozen=True, slots=True)
class Outage:
    """``component`` did not work for the process on ``host`` since ``began_at``. ``ended_at`` None: it is not over.
    Component, host and beginning name it."""

    component: str
    host: str
    began_at: datetime
    ended_at: datetime | None
    reason: str


class Recorded(Protocol):
    """An outage as the journal gives it back."""

    @property
    def id(self) -> str: ...
    @property
    def component(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def began_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def reason(self) -> str: ...


class Outages(Protocol):
    """Where the journal is kept. Rows are never removed, and changed once: when the outage is over. Everything may
    raise: the database may be what is out."""

    def open(self, component: str, host: str, at: datetime, reason: str) -> str:
        """The id; of the one that lasts already, when there is one of this component and host."""
        ...

    def close(self, outage_id: str, at: datetime) -> bool:
        """False when it was over already."""
        ...

    def list(self, since: datetime) -> Sequence[Recorded]:
        """Those not over before ``since``, oldest first."""
        ...

    def open_ones(self) -> Sequence[Recorded]: ...


def enter(journal: Outages, outage: Outage) -> None:
    """Puts ``outage`` into the journal as it is, over or not; what is there already is left alone, so that it may be
    repeated after a crash at any point."""
    same = [
        o
        for o in journal.list(outage.began_at)
        if (o.component, o.host, o.began_at) == (outage.component, outage.host, outage.began_at)
    ]
    if same:
        outage_id, ended = same[0].id, same[0].ended_at
    else:
        outage_id, ended = journal.open(outage.component, outage.host, outage.began_at, outage.reason), None
    if outage.ended_at is not None and ended is None:
        journal.close(outage_id, outage.ended_at)


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of one component: how often it failed in a row and since when, and since when it is out."""

    failures: int = 0
    failing_since: datetime | None = None
    reason: str = ""
    out_since: datetime | None = None

    @property
    def out(self) -> bool:
        return self.out_since is not None


@dataclass(frozen=True, slots=True)
class Began:
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Ended:
    at: datetime


Change = Began | Ended


def observe(state: Watched, *, well: bool, at: datetime, reason: str, threshold: int) -> tuple[Watched, Change | None]:
    """The state after one look, and what it changes. An outage begins when the component failed ``threshold`` times in
    a row, and is dated from the first of these; it ends with the first look that finds it well, never before it began
    (clocks are set)."""
    if well:
        ended = Ended(max(at, state.out_since)) if state.out_since is not None else None
        return Watched(), ended
    since = state.failing_since or at
    failing = replace(state, failures=state.failures + 1, failing_since=since, reason=state.reason or reason)
    if failing.out or failing.failures < threshold:
        return failing, None
    return replace(failing, out_since=since), Began(since, failing.reason)


@dataclass(frozen=True, slots=True)
class Downtime:
    """One line of the report: ``month`` as "2026-11" (UTC)."""

    component: str
    month: str
    outages: int
    total: timedelta


def report(outages: Iterable[Recorded | Outage], now: datetime) -> Sequence[Downtime]:
    """Downtime by component and month, sorted. Spans of one component that overlap, e.g. seen from two machines, count
    once; an outage over the end of a month is shared between both."""
    spans: dict[tuple[str, str], list[tuple[datetime, datetime]]] = {}
    for outage in outages:
        for begin, end in _months(outage.began_at.astimezone(UTC), (outage.ended_at or now).astimezone(UTC)):
            spans.setdefault((outage.component, f"{begin:%Y-%m}"), []).append((begin, end))
    return [
        Downtime(component, month, len(found), _union(found)) for (component, month), found in sorted(spans.items())
    ]


def _months(begin: datetime, end: datetime) -> Iterable[tuple[datetime, datetime]]:
    end = max(begin, end)
    while True:
        first = begin.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        following = (first + timedelta(days=32)).replace(day=1)
        if end <= following:
            yield begin, end
            return
        yield begin, following
        begin = following


def _union(spans: Sequence[tuple[datetime, datetime]]) -> timedelta:
    total, reached = timedelta(), None
    for begin, end in sorted(spans):
        start = begin if reached is None else max(begin, reached)
        total += max(end - start, timedelta())
        reached = end if reached is None else max(reached, end)
    return total


def lasting(outages: Iterable[Recorded | Outage], host: str, threshold: int) -> Mapping[str, Watched]:
    """What a process that starts on ``host`` goes on with, by component."""
    return {
        o.component: Watched(threshold, o.began_at, o.reason, o.began_at)
        for o in outages
        if o.ended_at is None and o.host == host
    }
