"""Several workers follow the same object while it changes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from doc_service.domain.errors import ConflictError
from tests.reserve.conftest import Centre


def test_whoever_is_last_leaves_the_present_state(centre: Centre) -> None:
    keys = [centre.put(b"object %d" % n, n) for n in range(3)]
    (job, *others) = centre.jobs()
    jobs = [job, *others]
    stop = threading.Event()

    def follow() -> set[str]:
        """Again and again, and once more after the last change."""
        codes = set()
        while True:
            last = stop.is_set()
            for each in jobs:
                try:
                    centre.parts.handler(each)
                except ConflictError as error:
                    codes.add(error.code)
            if last:
                return codes

    with ThreadPoolExecutor(4) as pool:
        workers = [pool.submit(follow) for _ in range(4)]
        try:
            for turn in range(12):
                for key in keys:
                    centre.first.legal_hold(key, turn % 2 == 0)
                    centre.first.retain(key, centre.clock.now() + timedelta(days=turn + 1))
        finally:
            stop.set()
        assert set().union(*(worker.result() for worker in workers)) <= {"archive.object_busy"}
    assert centre.holdings()[0] == centre.holdings()[1]
    assert all(len(centre.second.versions(key)) == 1 for key in keys)
