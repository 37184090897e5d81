"""Writes objects, refers to them, and follows them; killed (SIGKILL) at the ``limit``-th point.

killed.py PLACE LIMIT       prints nothing; ends 0 when it was not killed
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from doc_service.bootstrap.reserve import join_reserve
from doc_service.domain.documents import Revision, RevisionKind
from doc_service.persistence.engine import make_engine
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.base import Workspace
from doc_service.system import RandomIds, SystemClock
from storage.filesystem import FilesystemStore
from tests.reserve.conftest import key_of, sha

SIZE = 3 << 20
"""Three pieces of a copy."""


class Fuse:
    def __init__(self, limit: int) -> None:
        self.left = limit

    def point(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class FusedStore(FilesystemStore):
    """Points before and after each write, and after each piece that is read for a copy."""

    fuse: Fuse

    def put_new(self, key: str, data: Any, **options: Any) -> Any:
        self.fuse.point()
        if not isinstance(data, bytes):
            data = FusedReader(data, self.fuse)
        done = super().put_new(key, data, **options)
        self.fuse.point()
        return done

    def retain(self, *arguments: Any, **named: Any) -> Any:
        self.fuse.point()
        done = super().retain(*arguments, **named)
        self.fuse.point()
        return done


class FusedReader:
    def __init__(self, reader: Any, fuse: Fuse) -> None:
        self.reader, self.fuse = reader, fuse

    def read(self, size: int = -1) -> Any:
        chunk = self.reader.read(size)
        self.fuse.point()
        return chunk


class FusedUnits(SqlUnitOfWorkFactory):
    fuse: Fuse

    def __call__(self) -> Any:
        unit = super().__call__()
        commit = unit.commit

        def fused() -> None:
            self.fuse.point()
            commit()
            self.fuse.point()

        unit.commit = fused  # type: ignore[method-assign]
        return unit


def main(place: Path, limit: int) -> None:
    fuse, clock = Fuse(limit), SystemClock()
    FusedStore.fuse = FusedUnits.fuse = fuse
    engine = make_engine(f"sqlite:///{place}/main.db")
    units = FusedUnits(engine)
    work = Workspace(units, clock, RandomIds())
    stores = FusedStore(place / "archive", clock), FusedStore(place / "reserve", clock)
    centre = join_reserve(work, engine, *stores)
    with units.reading() as uow:
        number = len(uow.documents.revisions("d1"))
    data = b"%08d" % number * (SIZE // 8)
    key = key_of(data, number=number)
    centre.store.put_new(key, data, sha256=sha(data))
    with units() as uow:
        uow.documents.add_revision(
            Revision("d1", number, RevisionKind.SIGNATURE, key, sha(data), SIZE, clock.now(), "B-T", "i")
        )
        uow.commit()
    centre.store.retain(key, datetime(2040, 1, 1, tzinfo=UTC))
    with units.reading() as uow:
        jobs = uow.jobs.pending()
    for job in jobs:
        centre.handler(job)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
