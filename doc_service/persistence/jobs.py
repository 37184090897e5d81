"""Outbox jobs: rows that commit with the change that asks for them (DESIGN 2–3)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, or_, select, update

from doc_service.domain.errors import NotFoundError
from doc_service.domain.jobs import Job, JobKind, JobState
from doc_service.persistence.codec import json_to_text
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.tables import jobs

_READY = str(JobState.READY)
_KINDS = tuple(str(kind) for kind in JobKind)


class SqlJobs:
    """``doc_service.ports.Jobs``, and ``doc_service.jobs.contract.JobLeases``.

    A lease is held by its token: whoever claimed the row last. ``finish``, ``fail`` and ``renew`` are conditional on
    it, so a runner that was taken for dead changes nothing when it comes back.
    """

    def __init__(self, connection: Connection, on_enqueue: Callable[[], None]) -> None:
        self._connection = connection
        self._on_enqueue = on_enqueue

    def enqueue(self, job: Job) -> bool:
        """False when a job with this key (or id) is there already, done ones included."""
        row = {
            "id": job.id,
            "kind": str(job.kind),
            "key": job.key,
            "payload": json_to_text(job.payload, "payload"),
            "state": str(job.state),
            "run_after": job.run_after,
            "attempts": job.attempts,
            "lease_token": job.lease_token,
            "lease_until": job.lease_until,
            "last_error": job.last_error,
        }
        added = insert_new(self._connection, jobs, row)
        if added:
            self._on_enqueue()
        return added

    def get(self, job_id: str) -> Job:
        """Raises ``NotFoundError`` "job.not_found"."""
        row = self._connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().one_or_none()
        if row is None:
            raise NotFoundError("job.not_found", "id", id=job_id)
        return _job(row)

    def find(self, key: str) -> Job | None:
        row = self._connection.execute(select(jobs).where(jobs.c.key == key)).mappings().one_or_none()
        return None if row is None else _job(row)

    def claim(self, now: datetime, until: datetime, token: str, *, limit: int = 1) -> Sequence[Job]:
        """Due jobs, oldest first, leased to ``token`` until ``until``.

        Taking over a lease that ran out counts as an attempt: the runner that held it is taken for dead, and a job
        that kills its runner must not be tried for ever.
        """
        free = _claimable(now)
        query = select(jobs.c.id).where(free).order_by(jobs.c.run_after, jobs.c.rowno).limit(max(limit, 0))
        candidates = self._connection.scalars(query.with_for_update(skip_locked=True)).all()
        return [self.get(job_id) for job_id in candidates if self._take(job_id, free, until, token)]

    def _take(self, job_id: str, free: ColumnElement[bool], until: datetime, token: str) -> bool:
        lost = case((jobs.c.lease_token.is_not(None), 1), else_=0)
        changes = {"lease_token": token, "lease_until": until, "attempts": jobs.c.attempts + lost}
        return self._connection.execute(update(jobs).where(jobs.c.id == job_id, free).values(changes)).rowcount == 1

    def renew(self, job_id: str, token: str, until: datetime) -> bool:
        """Lengthens the lease; False when it was lost meanwhile."""
        return self._change(job_id, token, {"lease_until": until})

    def finish(self, job_id: str, token: str) -> bool:
        """False when the lease was lost meanwhile."""
        return self._change(job_id, token, {"state": str(JobState.DONE), "lease_token": None, "lease_until": None})

    def fail(self, job_id: str, token: str, *, error: str, run_after: datetime | None) -> bool:
        """Ready again at ``run_after`` with one more attempt, or dead; False when the lease was lost meanwhile."""
        changes: dict[str, Any] = {
            "attempts": jobs.c.attempts + 1,
            "last_error": error,
            "lease_token": None,
            "lease_until": None,
        }
        if run_after is None:
            changes["state"] = str(JobState.DEAD)
        else:
            changes["run_after"] = run_after
        return self._change(job_id, token, changes)

    def pending(self) -> Sequence[Job]:
        """Every job that is neither done nor dead, leased ones included, in the order they become due. Kinds that a
        later program added are left to it, here and in ``claim``."""
        query = (
            select(jobs).where(jobs.c.state == _READY, jobs.c.kind.in_(_KINDS)).order_by(jobs.c.run_after, jobs.c.rowno)
        )
        return [_job(row) for row in self._connection.execute(query).mappings()]

    def dead(self) -> Sequence[Job]:
        """Jobs that were given up, oldest first."""
        query = select(jobs).where(jobs.c.state == str(JobState.DEAD), jobs.c.kind.in_(_KINDS)).order_by(jobs.c.rowno)
        return [_job(row) for row in self._connection.execute(query).mappings()]

    def revive(self, job_id: str, now: datetime) -> bool:
        """Ready again from ``now`` with its attempts forgotten; False when it is not dead."""
        changes = {"state": _READY, "attempts": 0, "run_after": now, "lease_token": None, "lease_until": None}
        given_up = (jobs.c.id == job_id) & (jobs.c.state == str(JobState.DEAD))
        revived = self._connection.execute(update(jobs).where(given_up).values(changes)).rowcount == 1
        if revived:
            self._on_enqueue()
        return revived

    def _change(self, job_id: str, token: str, changes: Mapping[str, Any]) -> bool:
        held = (jobs.c.id == job_id) & (jobs.c.lease_token == token) & (jobs.c.state == _READY)
        return self._connection.execute(update(jobs).where(held).values(dict(changes))).rowcount == 1


def _claimable(now: datetime) -> ColumnElement[bool]:
    free = or_(jobs.c.lease_until.is_(None), jobs.c.lease_until <= now)
    return (jobs.c.state == _READY) & (jobs.c.run_after <= now) & jobs.c.kind.in_(_KINDS) & free


def _job(row: Mapping[Any, Any]) -> Job:
    return Job(
        id=row["id"],
        kind=JobKind(row["kind"]),
        key=row["key"],
        run_after=row["run_after"],
        payload=json.loads(row["payload"]),
        state=JobState(row["state"]),
        attempts=row["attempts"],
        lease_token=row["lease_token"],
        lease_until=row["lease_until"],
        last_error=row["last_error"],
    )
