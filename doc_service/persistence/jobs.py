"""Outbox jobs: rows that commit with the change that asks for them (DESIGN 2–3)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, or_, select, update

from doc_service.domain.errors import NotFoundError
from doc_service.domain.jobs import Backlog, Job, JobKind, JobState
from doc_service.persistence.codec import json_to_text
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.tables import jobs
from doc_service.persistence.types import UtcDateTime

_READY = str(JobState.READY)
_KINDS = tuple(str(kind) for kind in JobKind)


class SqlJobs:
    """``doc_service.ports.Jobs``, and ``doc_service.jobs.contract.JobLeases``.

    A lease is held by its token: whoever claimed the row last. ``finish``, ``fail`` and ``renew`` are conditional on
    it, so a runner that was taken for dead changes nothing when it comes back.

    ``on_enqueue`` is told of each new job that is due at once. ``queued_for``: such a job counts as handed to a broker
    for so long, since whoever is told publishes it after the commit; None: there is no broker.
    """

    def __init__(
        self, connection: Connection, on_enqueue: Callable[[Job], None], queued_for: timedelta | None = None
    ) -> None:
        self._connection = connection
        self._on_enqueue = on_enqueue
        self._queued_for = queued_for

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
            "created_at": job.created_at or job.run_after,
            "queued_until": self._queued_until(job.run_after) if job.due_at_once else None,
        }
        added = insert_new(self._connection, jobs, row)
        if added and job.due_at_once:
            self._on_enqueue(job)
        return added

    def _queued_until(self, now: datetime) -> datetime | None:
        return None if self._queued_for is None else now + self._queued_for

    def get(self, job_id: str) -> Job:
        """Raises ``NotFoundError`` "job.not_found"."""
        row = self._connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().one_or_none()
        if row is None:
            raise NotFoundError("job.not_found", "id", id=job_id)
        return job_of(row)

    def find(self, key: str) -> Job | None:
        row = self._connection.execute(select(jobs).where(jobs.c.key == key)).mappings().one_or_none()
        return None if row is None else job_of(row)

    def claim(self, now: datetime, until: datetime, token: str, *, limit: int = 1) -> Sequence[Job]:
        """Due jobs, oldest first, leased to ``token`` until ``until``.

        Taking over a lease that ran out counts as an attempt: the runner that held it is taken for dead, and a job
        that kills its runner must not be tried for ever.
        """
        free = _claimable(now)
        query = select(jobs.c.id).where(free).order_by(jobs.c.run_after, jobs.c.rowno).limit(max(limit, 0))
        candidates = self._connection.scalars(query.with_for_update(skip_locked=True)).all()
        return [self.get(job_id) for job_id in candidates if self._take(job_id, free, until, token)]

    def claim_job(self, job_id: str, now: datetime, until: datetime, token: str) -> Job | None:
        """As ``claim``, of this job alone; None when it is unknown, done, dead, not due, or leased by somebody."""
        return self.get(job_id) if self._take(job_id, _claimable(now), until, token) else None

    def _take(self, job_id: str, free: ColumnElement[bool], until: datetime, token: str) -> bool:
        lost = case((jobs.c.lease_token.is_not(None), 1), else_=0)
        changes = {
            "lease_token": token,
            "lease_until": until,
            "attempts": jobs.c.attempts + lost,
            "queued_until": None,
        }
        return self._connection.execute(update(jobs).where(jobs.c.id == job_id, free).values(changes)).rowcount == 1

    def hand_over(
        self, kinds: Sequence[JobKind], now: datetime, until: datetime, *, lost: datetime | None, limit: int
    ) -> Sequence[Job]:
        """Due jobs, oldest first, marked as given to a broker until ``until``."""
        never = jobs.c.queued_until.is_(None)
        unmarked = never if lost is None else or_(never, jobs.c.queued_until <= lost)
        free = _claimable(now) & jobs.c.kind.in_([str(kind) for kind in kinds]) & unmarked
        query = select(jobs).where(free).order_by(jobs.c.run_after, jobs.c.rowno).limit(max(limit, 0))
        rows = self._connection.execute(query.with_for_update(skip_locked=True)).mappings().all()
        if rows:
            marked = update(jobs).where(jobs.c.id.in_([row["id"] for row in rows]))
            self._connection.execute(marked.values(queued_until=until))
        return [job_of(row) for row in rows]

    def take_back(self, job_ids: Sequence[str], until: datetime) -> None:
        """Takes the marks that end at ``until`` from these jobs."""
        marked = jobs.c.id.in_(list(job_ids)) & (jobs.c.queued_until == until)
        self._connection.execute(update(jobs).where(marked).values(queued_until=None))

    def renew(self, job_id: str, token: str, until: datetime) -> bool:
        """Lengthens the lease; False when it was lost meanwhile."""
        return self._change(job_id, token, {"lease_until": until})

    def finish(self, job_id: str, token: str, at: datetime) -> bool:
        """False when the lease was lost meanwhile."""
        done = {"state": str(JobState.DONE), "lease_token": None, "lease_until": None, "finished_at": at}
        return self._change(job_id, token, done)

    def fail(
        self, job_id: str, token: str, *, error: str, run_after: datetime | None, at: datetime, counts: bool = True
    ) -> bool:
        """Ready again at ``run_after``, with one more attempt when it ``counts``, or dead; False when the lease was
        lost meanwhile."""
        changes: dict[str, Any] = {
            "attempts": jobs.c.attempts + int(counts),
            "last_error": error,
            "lease_token": None,
            "lease_until": None,
        }
        if run_after is None:
            changes |= {"state": str(JobState.DEAD), "finished_at": at}
        else:
            changes["run_after"] = run_after
        return self._change(job_id, token, changes)

    def pending(self) -> Sequence[Job]:
        """Every job that is neither done nor dead, leased ones included, in the order they become due. Kinds that a
        later program added are left to it, here and in ``claim``."""
        query = select(jobs).where(_ready()).order_by(jobs.c.run_after, jobs.c.rowno)
        return [job_of(row) for row in self._connection.execute(query).mappings()]

    def next_due(self) -> datetime | None:
        """When the next ready job may be claimed; None when none is left."""
        later = jobs.c.lease_until > jobs.c.run_after
        claimable_from = case((later, jobs.c.lease_until), else_=jobs.c.run_after)
        query = select(func.min(claimable_from, type_=UtcDateTime())).where(_ready())
        found: datetime | None = self._connection.scalar(query)
        return found

    def backlog(self, now: datetime) -> Mapping[JobKind, Backlog]:
        """What is left of every kind; the index keeps it from reading what is done."""
        ready, leased = jobs.c.state == _READY, jobs.c.lease_until > now
        due = ready & (jobs.c.run_after <= now) & func.coalesce(jobs.c.lease_until <= now, True)
        query = (
            select(
                jobs.c.kind,
                func.sum(case((ready, 1), else_=0)),
                func.sum(case((due, 1), else_=0)),
                func.sum(case((ready & leased, 1), else_=0)),
                func.sum(case((ready, 0), else_=1)),
                func.min(case((due, jobs.c.run_after)), type_=UtcDateTime()),
            )
            .where(jobs.c.state.in_([_READY, str(JobState.DEAD)]), jobs.c.kind.in_(_KINDS))
            .group_by(jobs.c.kind)
        )
        found = {JobKind(kind): Backlog(*figures) for kind, *figures in self._connection.execute(query)}
        return {kind: found.get(kind, Backlog()) for kind in JobKind}

    def dead(self) -> Sequence[Job]:
        """Jobs that were given up, oldest first."""
        query = select(jobs).where(jobs.c.state == str(JobState.DEAD), jobs.c.kind.in_(_KINDS)).order_by(jobs.c.rowno)
        return [job_of(row) for row in self._connection.execute(query).mappings()]

    def revive(self, job_id: str, now: datetime) -> bool:
        """Ready again from ``now`` with its attempts forgotten; False when it is not dead."""
        changes = {
            "state": _READY,
            "attempts": 0,
            "run_after": now,
            "lease_token": None,
            "lease_until": None,
            "queued_until": self._queued_until(now),
            "finished_at": None,
        }
        given_up = (jobs.c.id == job_id) & (jobs.c.state == str(JobState.DEAD))
        revived = self._connection.execute(update(jobs).where(given_up).values(changes)).rowcount == 1
        if revived:
            self._on_enqueue(self.get(job_id))
        return revived

    def _change(self, job_id: str, token: str, changes: Mapping[str, Any]) -> bool:
        held = (jobs.c.id == job_id) & (jobs.c.lease_token == token) & (jobs.c.state == _READY)
        return self._connection.execute(update(jobs).where(held).values(dict(changes))).rowcount == 1


def _ready() -> ColumnElement[bool]:
    return (jobs.c.state == _READY) & jobs.c.kind.in_(_KINDS)


def _claimable(now: datetime) -> ColumnElement[bool]:
    free = or_(jobs.c.lease_until.is_(None), jobs.c.lease_until <= now)
    return _ready() & (jobs.c.run_after <= now) & free


def job_of(row: Mapping[Any, Any]) -> Job:
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
        created_at=row["created_at"],
    )
