"""Reserve centre: objects followed a second, and comparison of two stores of 10,000 objects (directories).

bench_reserve.py [OBJECTS] [DIRECTORY]
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from doc_service.bootstrap.reserve import join_reserve
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.base import Workspace
from doc_service.system import RandomIds, SystemClock
from storage.filesystem import FilesystemStore
from storage.keys import revision_key

SIZE = 80_000
FOLLOWED = 300


def run(objects: int = 5_000, parent: str | None = None) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=parent) as place:
        engine = make_engine(f"sqlite:///{place}/main.db")
        migrate(engine)
        work = Workspace(SqlUnitOfWorkFactory(engine), SystemClock(), RandomIds())
        stores = [FilesystemStore(Path(place) / name, SystemClock()) for name in ("archive", "reserve")]
        centre = join_reserve(work, engine, stores[0], stores[1])
        bodies = [number.to_bytes(8, "big") * (SIZE // 8) for number in range(FOLLOWED)]
        figures = {"objects": float(objects), "bytes_each": float(SIZE)}
        begun = time.perf_counter()
        for body in bodies:
            put(centre.store, body)
        figures["put_and_announced_per_s"] = FOLLOWED / (time.perf_counter() - begun)
        with work.uow.reading() as uow:
            jobs = uow.jobs.pending()
        begun = time.perf_counter()
        for job in jobs:
            centre.handler(job)
        figures["followed_per_s"] = FOLLOWED / (time.perf_counter() - begun)
        for number in range(FOLLOWED, objects):
            for store in stores:
                put(store, number.to_bytes(8, "big") * 16)
        for deep in (False, True):
            begun = time.perf_counter()
            report = centre.reconcile("bench", deep=deep, progress=lambda *_: None, tell=lambda finding: None)
            assert (report.compared, report.found) == (objects, 0)
            figures["compare_deep_s" if deep else "compare_s"] = time.perf_counter() - begun
        figures["max_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        engine.dispose()
        return {name: round(value, 1) for name, value in figures.items()}


def put(store: object, body: bytes) -> None:
    digest = hashlib.sha256(body).hexdigest()
    key = revision_key(f"d{int.from_bytes(body[:8], 'big') // 10:06d}", body[7] % 10, digest)
    store.put_new(key, body, sha256=digest)  # type: ignore[attr-defined]


if __name__ == "__main__":
    print(json.dumps(run(int((sys.argv[1:] or ["10000"])[0]), (sys.argv[2:] or [None])[0]), indent=2))  # type: ignore[list-item]
