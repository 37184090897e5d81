"""How far the reserve is behind, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from storage.filesystem import FilesystemStore
from tests.persistence.engines import ENGINES
from tests.reserve.conftest import Centre, MovableClock, make_centre


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(ENGINES[request.param](tmp_path))
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def centre(engine: Engine, clock: MovableClock, tmp_path: Path) -> Centre:
    return make_centre(engine, clock, FilesystemStore(tmp_path / "a", clock), FilesystemStore(tmp_path / "b", clock))


def test_the_lag_grows_with_waiting_and_not_with_attempts(centre: Centre) -> None:
    lag = centre.parts.lag
    assert lag().as_json() == {"pending": 0, "dead": 0, "oldest_age_seconds": 0.0, "last_success": None}
    centre.put(b"one")
    centre.clock.forward(minutes=10)
    centre.put(b"two", 1)
    (old, young) = centre.jobs()
    now = centre.clock.now()
    with centre.work.uow() as uow:
        assert uow.jobs.claim_job(old.id, now, now + timedelta(minutes=1), "t")
        uow.jobs.fail(old.id, "t", error="down", run_after=now + timedelta(minutes=2), at=now)
        uow.commit()
    assert (lag().times.pending, lag().age) == (2, timedelta(minutes=10))
    assert centre.run(young) is None
    assert (lag().times.pending, lag().times.last_success) == (1, now)
    with centre.work.uow() as uow:
        later = now + timedelta(minutes=3)
        assert uow.jobs.claim_job(old.id, later, later + timedelta(minutes=1), "t")
        uow.jobs.fail(old.id, "t", error="gone", run_after=None, at=later)
        uow.commit()
    assert (lag().times.pending, lag().times.dead, lag().age) == (0, 1, timedelta())


def test_announced_deletions_are_known_until_they_are_followed(centre: Centre) -> None:
    key = centre.put(b"x")
    centre.follow()
    centre.store.delete_version(key, centre.first.stat(key).version)
    assert centre.parts.reconcile.deletions() == {key}
    centre.follow()
    assert centre.parts.reconcile.deletions() == set()
