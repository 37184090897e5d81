"""Gives jobs that were given up a new start, after an operator has removed the cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.jobs import Job
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class ReviveJobs:
    """Every dead job, or the one with ``job_id``; returns those revived. Each revival is recorded, by
    the one of several operators who did it."""

    work: Workspace

    def __call__(self, actor: str, job_id: str = "") -> Sequence[Job]:
        with self.work.uow() as uow:
            chosen = [job for job in uow.jobs.dead() if job_id in ("", job.id)]
            revived = [job for job in chosen if uow.jobs.revive(job.id, self.work.clock.now())]
            for job in revived:
                details = {"key": job.key, "error": job.last_error}
                self.work.record(uow, actor, Action.JOB_REVIVED, ("job", job.id), details)
            uow.commit()
        return revived
