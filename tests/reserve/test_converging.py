"""Whatever happens in whatever order, both sides hold the same after outages end and a reconciliation."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import closing, suppress
from datetime import timedelta
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from doc_service.domain.errors import ConflictError
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from storage.api import StorageError
from storage.filesystem import FilesystemStore
from tests.reserve.conftest import Centre, MovableClock, key_of, make_centre

FAST = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Every step waits for the medium several times."""
OBJECTS = st.integers(0, 2)
STEPS = st.one_of(
    st.tuples(st.just("put"), OBJECTS, st.none() | st.integers(1, 9)),
    st.tuples(st.just("retain"), OBJECTS, st.integers(1, 9)),
    st.tuples(st.just("hold"), OBJECTS, st.booleans()),
    st.tuples(st.just("delete"), OBJECTS, st.none()),
    st.tuples(st.just("refer"), OBJECTS, st.none()),
    st.tuples(st.just("run"), st.integers(0, 30), st.booleans()),
    st.tuples(st.just("cut"), st.sampled_from(["primary", "reserve"]), st.booleans()),
    st.tuples(st.just("days"), st.integers(1, 5), st.none()),
    st.tuples(st.just("reconcile"), st.booleans(), st.booleans()),
)


@cache
def migrated() -> Path:
    """An empty database with its schema."""
    path = Path(tempfile.mkdtemp(prefix="reserve-")) / "main.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@settings(max_examples=30)
@given(steps=st.lists(STEPS, max_size=30), rest=st.randoms(use_true_random=False))
def test_histories_converge(steps: list[tuple[str, object, object]], rest: object) -> None:
    with tempfile.TemporaryDirectory(dir=FAST) as place:
        shutil.copy(migrated(), f"{place}/main.db")
        engine = make_engine(f"sqlite:///{place}/main.db")
        clock = MovableClock()
        stores = FilesystemStore(Path(place) / "a", clock), FilesystemStore(Path(place) / "b", clock)
        with closing(_Closing(engine)):
            centre = make_centre(engine, clock, *stores)
            history = History(centre)
            for name, one, other in steps:
                with suppress(StorageError, ConflictError):
                    getattr(history, name)(one, other)
            history.settle(rest)


class _Closing:
    def __init__(self, engine: object) -> None:
        self.close = engine.dispose  # type: ignore[attr-defined]


class History:
    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.referred: set[str] = set()
        self.done: list[object] = []

    def put(self, number: int, days: int | None) -> None:
        until = None if days is None else self.centre.clock.now() + timedelta(days=days)
        self.centre.put(b"object %d" % number, number, retain_until=until)

    def retain(self, number: int, days: int) -> None:
        self.centre.store.retain(self.key(number), self.centre.clock.now() + timedelta(days=days))

    def hold(self, number: int, on: bool) -> None:
        self.centre.store.legal_hold(self.key(number), on)

    def delete(self, number: int, _: None) -> None:
        """As the sweep does: never what is referred to."""
        key = self.key(number)
        if key not in self.referred:
            self.centre.store.delete_version(key, self.centre.primary.stat(key).version)

    def refer(self, number: int, _: None) -> None:
        """As a use case does: it puts the object first."""
        key = self.centre.put(b"object %d" % number, number)
        if key not in self.referred:
            self.centre.refer(key)
            self.referred.add(key)

    def run(self, number: int, again: bool) -> None:
        """One job, not the oldest; or one that has run already."""
        jobs = self.done if again else self.centre.jobs()
        if jobs:
            job = jobs[number % len(jobs)]
            self.done.append(job)
            self.centre.run(job)  # type: ignore[arg-type]

    def cut(self, side: str, down: bool) -> None:
        getattr(self.centre, side).down = "storage.unavailable" if down else ""

    def days(self, count: int, _: None) -> None:
        self.centre.clock.forward(days=count)

    def reconcile(self, repair: bool, deep: bool) -> None:
        self.centre.reconcile(repair=repair, deep=deep)

    def settle(self, rest: object) -> None:
        """The outages end, what is left runs in any order, and the sides are compared."""
        centre = self.centre
        centre.primary.down = centre.reserve.down = ""
        centre.clock.forward(minutes=1)
        jobs = centre.jobs()
        rest.shuffle(jobs)  # type: ignore[attr-defined]
        for job in jobs:
            assert centre.run(job) is None
        assert centre.reconcile(repair=True).sound
        ours, theirs = centre.holdings()
        assert ours == theirs
        assert self.referred <= set(ours)
        assert centre.reconcile(deep=True).found == 0

    def key(self, number: int) -> str:
        return key_of(b"object %d" % number, number=number)
