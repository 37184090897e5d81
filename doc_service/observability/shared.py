"""Metrics of several processes that are scraped as one: a worker and the processes it forks.

``prometheus_client`` keeps the values of each process in memory-mapped files of one directory, so what a killed process
has counted is not lost, and the parent adds them up at a scrape. Its files are usually named by process id; a worker
that replaces its processes for weeks would heap up files without end, therefore they are named by the slot in the pool
that a process has: a successor goes on where its predecessor stopped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry, values
from prometheus_client.multiprocess import MultiProcessCollector

_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"


def share_metrics(directory: Path, slot: Callable[[], str]) -> CollectorRegistry:
    """From now on metrics that are made in this process and those it forks live in ``directory``, which is emptied
    first; gives the registry of their sums, for ``MetricsServer``. ``slot`` names the present process: two that run at
    the same time must not have the same name.

    Call it once, in the parent, before any ``Metrics`` is made: how values are kept is a setting of the whole library.
    """
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True, mode=0o700)
    os.environ[_DIRECTORY] = str(directory)
    values.ValueClass = values.MultiProcessValue(slot)  # type: ignore[no-untyped-call]
    sums = CollectorRegistry()
    MultiProcessCollector(sums, path=str(directory))  # type: ignore[no-untyped-call]
    return sums


def pool_slot() -> str:
    """The slot of a process of Celery's pool; "main" in the parent."""
    from billiard.process import current_process  # type: ignore[import-untyped]

    index = getattr(current_process(), "index", None)
    return "main" if index is None else f"slot{index}"
