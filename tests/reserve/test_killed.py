"""Killed at every point between writing, announcing, referring and copying: nothing referred to goes unannounced."""

from __future__ import annotations

import os
import signal
import traceback
from pathlib import Path

from sqlalchemy import Engine

from doc_service.persistence.engine import make_engine
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from storage.filesystem import FilesystemStore
from tests.persistence.samples import fill
from tests.reserve import killed
from tests.reserve.conftest import Centre, MovableClock, make_centre


def start(place: Path, limit: int) -> int:
    """In a process of its own: forking only spares the imports."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            killed.main(place, limit)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_every_reference_was_announced_whatever_the_moment_of_death(tmp_path: Path, engine: Engine) -> None:
    fill(engine)
    engine.dispose()
    deaths = 0
    while (code := start(tmp_path, deaths + 1)) == -signal.SIGKILL:
        deaths += 1
        after_a_death(tmp_path)
    assert code == 0
    assert deaths >= 15, "put, announcement, reference, retention, its announcement, two copies' steps"
    after_the_last(tmp_path)


def after_a_death(place: Path) -> None:
    """A kill leaves whole objects only, and a job for each that a revision refers to."""
    engine = make_engine(f"sqlite:///{place}/main.db")
    with SqlUnitOfWorkFactory(engine).reading() as uow:
        referred = {revision.key for revision in uow.documents.revisions("d1")}
        announced = {job.payload["key"] for job in uow.jobs.pending()}
    engine.dispose()
    clock = MovableClock()
    for name in ("archive", "reserve"):
        store = FilesystemStore(place / name, clock)
        assert all(store.verify(info.key) for info in store.list())
    stored = {info.key for info in FilesystemStore(place / "archive", clock).list()}
    assert referred <= stored
    assert referred <= announced


def after_the_last(place: Path) -> None:
    """The jobs bring every referred object to the reserve; what nobody announced, only comparing finds."""
    clock = MovableClock()
    engine = make_engine(f"sqlite:///{place}/main.db")
    centre = reopened(place, engine, clock)
    assert centre.follow() == []
    ours, theirs = centre.holdings()
    with centre.work.uow.reading() as uow:
        referred = {revision.key for revision in uow.documents.revisions("d1")}
    assert referred <= set(theirs)
    assert {key: ours[key] for key in referred} == {key: theirs[key] for key in referred}
    assert centre.reconcile(repair=True).sound
    ours, theirs = centre.holdings()
    assert ours == theirs
    engine.dispose()


def reopened(place: Path, engine: Engine, clock: MovableClock) -> Centre:
    stores = FilesystemStore(place / "archive", clock), FilesystemStore(place / "reserve", clock)
    return make_centre(engine, clock, *stores, filled=True)
