"""Validates many stored files on all processors."""

from __future__ import annotations

import functools
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from doc_service.backup.contract import FileVerdict
from doc_service.bootstrap.trust import trust_for_verifying
from doc_service.bootstrap.verifier import verifier
from doc_service.ports import Clock
from doc_service.services.verify_file import VerifyFile
from doc_service.settings import Settings
from doc_service.system import SystemClock
from signing.api import SigningError
from storage.api import ObjectStore, StorageError

OpenArchive = Callable[[Settings, Clock], ObjectStore]
"""A function of a module: it travels to other processes."""

_FEW = 40
_CHUNK = 10


class ProcessJudge:
    """``FileJudge``: one process a processor; a few files are judged in this one, sooner than processes start."""

    def __init__(self, settings: Settings, archive: OpenArchive, processes: int | None = None) -> None:
        self._settings = settings
        self._archive = archive
        self._processes = processes or os.cpu_count() or 1

    def __call__(self, keys: Iterable[str]) -> Iterator[FileVerdict]:
        wanted: Sequence[str] = list(keys)
        judge = functools.partial(_judge, self._settings, self._archive)
        if len(wanted) <= _FEW or self._processes == 1:
            yield from map(judge, wanted)
            return
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self._processes, mp_context=context) as pool:
            yield from pool.map(judge, wanted, chunksize=_CHUNK)


@functools.lru_cache(maxsize=1)
def _parts(settings: Settings, archive: OpenArchive) -> tuple[ObjectStore, VerifyFile]:
    """Opened once in each process."""
    clock = SystemClock()
    return archive(settings, clock), verifier(trust_for_verifying(settings, clock, ()), clock)


def _judge(settings: Settings, archive: OpenArchive, key: str) -> FileVerdict:
    store, verify = _parts(settings, archive)
    try:
        found = verify(store.read(key))
    except (StorageError, SigningError) as error:
        return FileVerdict(key, False, "", "", (error.code,))
    report = found.report
    findings = [*report.findings, *(f for signature in report.signatures for f in signature.findings)]
    reasons = () if report.valid else tuple(dict.fromkeys(f.code for f in findings))
    return FileVerdict(key, report.valid, found.number, str(report.level or ""), reasons)
