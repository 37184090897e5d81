"""The reserve centre: what follows the archive, reads for it, and compares both."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine

from doc_service.domain.jobs import Job
from doc_service.jobs.contract import Handler
from doc_service.jobs.policy import RetryPolicy
from doc_service.persistence.replication import SqlReplicationJobs
from doc_service.services.base import Workspace
from doc_service.services.reconcile_archive import ReconcileArchive
from doc_service.services.replicate_object import AnnounceChange, References, ReplicateObject
from doc_service.services.replication_lag import ReplicationLag
from storage.announcing import AnnouncingStore
from storage.api import ObjectStore
from storage.breaker import Breaker
from storage.copying import PRIMARY, RESERVE, Side
from storage.fallback import FallbackStore

_log = logging.getLogger(__name__)

FOLLOWING = RetryPolicy(cap=timedelta(minutes=2), max_attempts=1_000_000)
"""For JobKind.REPLICATE: kept until the reserve answers again, and then soon followed."""


@dataclass(frozen=True, slots=True)
class ReserveCentre:
    """``store``: what the rest of the service uses as the archive. ``handler``: of JobKind.REPLICATE."""

    store: ObjectStore
    handler: Handler
    reconcile: ReconcileArchive
    lag: ReplicationLag
    reserve: ObjectStore


def log_fallback(key: str, reason: str) -> None:
    """The default ``on_fallback``."""
    _log.warning("read from the reserve centre: %s (%s)", key, reason)


def join_reserve(
    work: Workspace, database: Engine, primary: ObjectStore, reserve: ObjectStore, *,
    on_fallback: Callable[[str, str], None] = log_fallback, monotonic: Callable[[], float] = time.monotonic,
    pause: timedelta = timedelta(seconds=15), remover: ObjectStore | None = None,
) -> ReserveCentre:  # fmt: skip
    """The parts over both stores as they are, not wrapped. ``pause``: how long a store that did not answer is left
    alone. ``remover``: the reserve with credentials that may delete what nobody refers to."""
    first, second = Side(PRIMARY, primary), Side(RESERVE, reserve)
    rest = pause.total_seconds()
    replicate = ReplicateObject(first, second, work, References(work), Breaker(rest, monotonic), remover)
    jobs = SqlReplicationJobs(database)

    def handler(job: Job) -> None:
        replicate(job.payload["key"], job.payload["change"])

    announcing = AnnouncingStore(primary, AnnounceChange(work), work.ids.new)
    return ReserveCentre(
        store=FallbackStore(announcing, reserve, on_fallback=on_fallback, breaker=Breaker(rest, monotonic)),
        handler=handler,
        reconcile=ReconcileArchive(work, first, second, jobs.deletions),
        lag=ReplicationLag(jobs, work.clock),
        reserve=reserve,
    )
