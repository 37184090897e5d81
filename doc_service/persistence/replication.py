"""What the outbox knows of the reserve centre."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import ColumnElement, Engine, func, select

from doc_service.domain.jobs import JobKind, JobState
from doc_service.persistence.dialect import open_connection
from doc_service.persistence.tables import jobs
from doc_service.services.replication_lag import ReplicationTimes
from storage.announcing import Change

_LATEST = 1000
"""Jobs looked at for the last success: enough for any number of workers, without reading what is long done."""


class SqlReplicationJobs:
    """``doc_service.services.replication_lag.ReplicationJobs``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def times(self) -> ReplicationTimes:
        ready, dead = jobs.c.state == str(JobState.READY), jobs.c.state == str(JobState.DEAD)
        latest = select(jobs.c.finished_at, jobs.c.state).where(_replicates()).order_by(jobs.c.rowno.desc())
        recent = latest.limit(_LATEST).subquery()
        done = select(func.max(recent.c.finished_at, type_=jobs.c.finished_at.type))
        count = select(func.count()).select_from(jobs)
        oldest = select(func.min(jobs.c.created_at, type_=jobs.c.created_at.type))
        with open_connection(self._engine, read_only=True) as connection:
            return ReplicationTimes(
                pending=connection.scalar(count.where(ready, _replicates())) or 0,
                dead=connection.scalar(count.where(dead, _replicates())) or 0,
                oldest=connection.scalar(oldest.where(ready, _replicates())),
                last_success=connection.scalar(done.where(recent.c.state == str(JobState.DONE))),
            )

    def deletions(self) -> Collection[str]:
        """Those given up included: they were announced."""
        left = jobs.c.state.in_([str(JobState.READY), str(JobState.DEAD)])
        with open_connection(self._engine, read_only=True) as connection:
            rows = connection.scalars(select(jobs.c.payload).where(left, _replicates()))
            payloads = (json.loads(text) for text in rows)
            return {payload["key"] for payload in payloads if payload.get("change") == Change.DELETE}


def _replicates() -> ColumnElement[bool]:
    return jobs.c.kind == str(JobKind.REPLICATE)
