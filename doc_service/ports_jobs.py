"""Where background jobs wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from doc_service.domain.jobs import Backlog, Job, JobKind


class Jobs(Protocol):
    def enqueue(self, job: Job) -> bool:
        """False when the key is already there."""
        ...

    def get(self, job_id: str) -> Job: ...
    def find(self, key: str) -> Job | None: ...
    def claim(self, now: datetime, until: datetime, token: str, *, limit: int = 1) -> Sequence[Job]:
        """Leases ready jobs that are due and not leased by somebody else, oldest first, by conditional update."""
        ...

    def claim_job(self, job_id: str, now: datetime, until: datetime, token: str) -> Job | None:
        """As ``claim``, of this job alone; None when it is unknown, done, dead, not due, or leased by somebody."""
        ...

    def hand_over(
        self, kinds: Sequence[JobKind], now: datetime, until: datetime, *, lost: datetime | None, limit: int
    ) -> Sequence[Job]:
        """Marks due jobs as given to a broker until ``until``, oldest first, by conditional update, so that two relays
        do not publish the same job. Taken are those never handed over, and those whose mark ends at ``lost`` or
        earlier (None: only the former). A claim, a failure and a revival take the mark away."""
        ...

    def take_back(self, job_ids: Sequence[str], until: datetime) -> None:
        """Takes the marks that end at ``until`` from these jobs: they were not published after all."""
        ...

    def finish(self, job_id: str, token: str, at: datetime) -> bool:
        """False when the lease was lost meanwhile."""
        ...

    def fail(
        self, job_id: str, token: str, *, error: str, run_after: datetime | None, at: datetime, counts: bool = True
    ) -> bool:
        """Back to ready at ``run_after``, or dead when it is None; with one more attempt when it ``counts``."""
        ...

    def pending(self) -> Sequence[Job]: ...
    def next_due(self) -> datetime | None:
        """When the next ready job may be claimed; None when none is left."""
        ...

    def backlog(self, now: datetime) -> Mapping[JobKind, Backlog]:
        """What is left of every kind, those with nothing left included."""
        ...

    def dead(self) -> Sequence[Job]:
        """Jobs that were given up, oldest first."""
        ...

    def revive(self, job_id: str, now: datetime) -> bool:
        """Gives a dead job a new start; False when it is not dead."""
        ...
