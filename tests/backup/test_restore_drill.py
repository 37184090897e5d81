"""The drill at size: a service with many documents, backed up, lost, restored, and every document verified.

``make drill`` does it with 2,000 documents, the gate with as many as leave room for the other tests.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from doc_service.backup.check import check_backup
from doc_service.bootstrap import open_container
from signing.api import Level
from tests.backup.conftest import Place, enter, quiet
from tools.dataset.build import build

FEW_SECONDS = Level.B_T
"""Nine in ten documents end at B-T, which costs half of B-LTA to make and to judge; all else about them is the same."""
DOCUMENTS = int(os.environ.get("DRILL_DOCUMENTS", "100"))
OF_THEM_LTA = DOCUMENTS // 10


class Watch:
    """Seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.seconds[stage] = round(time.monotonic() - start, 1)


def drilled(place: Place, tmp_path: Path, target_url: str, documents: int, of_them_lta: int) -> None:
    """Builds, backs up, loses and restores a service, and verifies everything in it; prints figures."""
    watch, common = Watch(), documents - of_them_lta
    with watch("build"):
        build(place.settings.model_copy(update={"final_level": FEW_SECONDS}), common, tell=quiet_line)
        build(place.settings, of_them_lta, first=common, tell=quiet_line)
    with watch("backup"):
        made = place.backup(tmp_path / "backup", objects=True)
    with watch("check"):
        assert check_backup(tmp_path / "backup", quiet).valid
    target = place.empty(tmp_path / "target", target_url)
    shutil.rmtree(place.data)
    with watch("restore"):
        done = target.restore(tmp_path / "backup")
    with watch("drill"):
        report = target.drill(tmp_path / "backup")
    assert (made.faults, done.faults, report.faults) == ((), (), ())
    assert (report.documents, report.judged, report.journal_entries) == (documents, documents, documents)
    assert report.revisions >= 2 * documents
    assert report.log_size == done.log_size
    figures = {"documents": documents, "revisions": report.revisions, "bytes": report.bytes, "events": report.log_size}
    print(json.dumps({**figures, "seconds": watch.seconds}))
    with open_container(target.settings, services=False) as service:
        enter(service, documents, 1)
    query = "SELECT journal, max(seq), count(*) FROM journal_entries GROUP BY journal ORDER BY journal"
    given = {journal: (last, count) for journal, last, count in target.rows(query)}
    assert given["KQ-B"] == (documents * 8 // 10 + 1,) * 2
    assert all(last == count for last, count in given.values())


@pytest.mark.slow
@pytest.mark.timeout(2400)
def test_every_document_is_verified_after_a_restore(tmp_path: Path) -> None:
    """002 §3.5, §6.1.9: backups bring everything back."""
    drilled(Place(tmp_path / "data"), tmp_path, "", DOCUMENTS, OF_THEM_LTA)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_same_on_postgresql(tmp_path: Path, new_postgres_url: Callable[[], str]) -> None:
    drilled(Place(tmp_path / "data", new_postgres_url()), tmp_path, new_postgres_url(), 60, 6)


def quiet_line(text: str) -> None:
    """Figures are printed at the end."""
