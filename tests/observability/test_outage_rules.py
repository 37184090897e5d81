"""The journal of outages (002 §7.1.2): when one begins and ends, downtime, crashes, and entries made afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.errors import DomainError
from doc_service.observability.health import CheckResult, Health, Status
from doc_service.observability.outage_files import LifeSign, PendingEntries
from doc_service.observability.outage_monitor import OutageMonitor
from doc_service.observability.outages import SERVICE, Began, Ended, Outage, Recorded, Watched, enter, observe, report
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.outages import SqlOutages
from doc_service.system import RandomIds
from tests.persistence.engines import ENGINES

T0 = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 5))
def test_outages_are_the_runs_of_failures_that_are_long_enough(looks: list[bool], threshold: int) -> None:
    state, changes = Watched(), []
    for second, well in enumerate(looks):
        state, change = observe(state, well=well, at=at(second), reason="x", threshold=threshold)
        if change is not None:
            changes.append(change)
    assert changes == expected(looks, threshold)
    assert state.out == (len(changes) % 2 == 1)


def expected(looks: Sequence[bool], threshold: int) -> list[Began | Ended]:
    """Said differently: runs of False, by position."""
    told: list[Began | Ended] = []
    text = "".join("w" if well else "f" for well in looks)
    position = 0
    while (first := text.find("f", position)) >= 0:
        end = text.find("w", first)
        length = (end if end >= 0 else len(text)) - first
        if length >= threshold:
            told.append(Began(at(first), "x"))
            if end >= 0:
                told.append(Ended(at(end)))
        if end < 0:
            break
        position = end
    return told


def test_an_outage_never_ends_before_it_began() -> None:
    state, _ = observe(Watched(), well=False, at=at(100), reason="x", threshold=1)
    assert observe(state, well=True, at=at(50), reason="", threshold=1)[1] == Ended(at(100))


spans = st.lists(
    st.tuples(st.integers(0, 80 * 24), st.integers(0, 50 * 24)).map(
        lambda s: Outage("db", "h", T0 + timedelta(hours=s[0]), T0 + timedelta(hours=s[0] + s[1]), "x")
    ),
    max_size=8,
)


@given(spans)
def test_downtime_counts_every_hour_once(outages: list[Outage]) -> None:
    now = T0 + timedelta(days=365)
    hours: dict[str, set[datetime]] = {}
    for outage in outages:
        hour, end = outage.began_at, outage.ended_at or now
        while hour < end:
            hours.setdefault(f"{hour:%Y-%m}", set()).add(hour)
            hour += timedelta(hours=1)
    told = {line.month: line.total for line in report(outages, now) if line.total}
    assert told == {month: timedelta(hours=len(found)) for month, found in hours.items()}


class Clock:
    def __init__(self) -> None:
        self.moment = T0

    def now(self) -> datetime:
        return self.moment

    def later(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Fallible:
    """The journal's database goes away when ``down``."""

    def __init__(self, inner: SqlOutages) -> None:
        self.inner, self.down = inner, False

    def _ask(self) -> SqlOutages:
        if self.down:
            raise DomainError("persistence.unavailable")
        return self.inner

    def open(self, component: str, host: str, at: datetime, reason: str) -> str:
        return self._ask().open(component, host, at, reason)

    def close(self, outage_id: str, at: datetime) -> bool:
        return self._ask().close(outage_id, at)

    def list(self, since: datetime) -> Sequence[Recorded]:
        return self._ask().list(since)

    def open_ones(self) -> Sequence[Recorded]:
        return self._ask().open_ones()


class Watching:
    """A monitor whose components are as ``bad`` says; ``restart`` is another process on the same files."""

    def __init__(self, directory: Path, journal: Fallible) -> None:
        self.directory, self.journal, self.clock = directory, journal, Clock()
        self.bad: set[str] = set()
        self.restart()

    def restart(self) -> None:
        self.pending = PendingEntries(self.directory / "api.pending")
        self.monitor = OutageMonitor(
            self._look, self.journal, self.pending, LifeSign(self.directory / "api.alive"), self.clock, host="a/api"
        )
        self.monitor.begin()

    def _look(self) -> Health:
        names = ("database", "archive", "tsa")
        return Health(
            self.clock.now(),
            [
                CheckResult(n, Status.FAILED if n in self.bad else Status.OK, n != "tsa", 0.0, "no_answer")
                for n in names
            ],
        )

    def looks(self, count: int, *bad: str) -> None:
        self.bad = set(bad)
        for _ in range(count):
            self.monitor.look_once()
            self.clock.later(10)

    def entered(self) -> list[tuple[str, float, float | None]]:
        def seconds(moment: datetime | None) -> float | None:
            return None if moment is None else (moment - T0).total_seconds()

        return [(o.component, seconds(o.began_at) or 0.0, seconds(o.ended_at)) for o in self.journal.inner.list(T0)]


@pytest.fixture(params=["sqlite", "postgresql"])
def watching(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Watching]:
    engine = make_engine(ENGINES[request.param](tmp_path))
    migrate(engine)
    yield Watching(tmp_path, Fallible(SqlOutages(engine, RandomIds())))
    engine.dispose()


def test_an_outage_is_entered_from_its_first_failure(watching: Watching) -> None:
    """002 §7.1.2: dayanma hallarının qeydiyyatı."""
    watching.looks(2)
    watching.looks(2, "archive")
    assert watching.entered() == []
    watching.looks(2, "archive", "tsa")
    assert watching.entered() == [("archive", 20.0, None)]
    watching.looks(1)
    assert watching.entered() == [("archive", 20.0, 60.0)]


def test_an_outage_of_the_database_itself_is_entered_afterwards(watching: Watching) -> None:
    watching.journal.down = True
    watching.looks(5, "database")
    watching.looks(1)
    assert watching.entered() == []
    assert len(watching.pending.read()) == 2
    watching.journal.down = False
    watching.looks(1)
    assert watching.entered() == [("database", 0.0, 50.0)]
    assert not watching.pending.read()


def test_entering_again_after_a_crash_enters_nothing_twice(watching: Watching) -> None:
    entry = Outage("database", "a/api", at(0), at(50), "no_answer")
    for _ in range(3):
        enter(watching.journal, entry)
        enter(watching.journal, Outage("database", "a/api", at(0), None, "no_answer"))
    assert watching.entered() == [("database", 0.0, 50.0)]


def test_an_outage_goes_on_over_a_restart(watching: Watching) -> None:
    watching.looks(4, "archive")
    watching.restart()
    watching.looks(2, "archive")
    watching.looks(1)
    assert watching.entered() == [("archive", 0.0, 60.0)]


def test_restarted_while_the_database_is_out(watching: Watching) -> None:
    watching.journal.down = True
    watching.looks(3, "database")
    watching.restart()
    watching.looks(1, "database")
    watching.looks(1)
    watching.journal.down = False
    watching.looks(1)
    assert watching.entered() == [("database", 0.0, 40.0)]


def test_a_dead_service_is_an_outage_until_its_next_start(watching: Watching) -> None:
    """002 §7.1.2: also when nobody was there to record it."""
    watching.looks(1)
    watching.clock.later(300)
    watching.restart()
    watching.looks(1)
    assert watching.entered() == [(SERVICE, 0.0, 310.0)]


def test_a_service_that_was_stopped_is_none(watching: Watching) -> None:
    watching.monitor.start()
    watching.monitor.stop()
    watching.clock.later(300)
    watching.restart()
    watching.looks(1)
    assert watching.entered() == []


def test_a_line_cut_short_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "p"
    pending = PendingEntries(path)
    pending.append(Outage("a", "h", at(0), None, "x"))
    path.write_bytes(path.read_bytes() + b'{"component": "b", "ho')
    pending.append(Outage("c", "h", at(0), at(1), "şərh"))
    assert [(o.component, o.ended_at) for o in pending.read()] == [("a", None), ("c", at(1))]
    assert json.loads(path.read_bytes().splitlines()[-1])["reason"] == "şərh"
