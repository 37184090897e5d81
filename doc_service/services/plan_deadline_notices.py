"""Every hour: whose deadline comes near, and whose has passed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from doc_service.domain.notices import Channel, Notice, NoticeKind, moment
from doc_service.domain.signatures import SignatureRequest
from doc_service.ports import UnitOfWork
from doc_service.services.announce import notice_jobs
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class PlanDeadlineNotices:
    """``near``: how long before the deadline the person is told. The secretary is told of a deadline that has passed.
    A deadline is told of once in each of both ways; one that was moved is another one."""

    work: Workspace
    channels: frozenset[Channel]
    near: timedelta

    def __call__(self) -> int:
        """How many jobs were asked for now."""
        now = self.work.clock.now()
        with self.work.uow.reading() as uow:
            due = [n for request in uow.signatures.waiting(now) for n in self._of(uow, request, now)]
            jobs = [job for notice in due for job in notice_jobs(self.work, uow, notice, self.channels)]
        if not jobs:
            return 0
        with self.work.uow() as uow:
            asked = sum(uow.jobs.enqueue(job) for job in jobs)
            uow.commit()
        return asked

    def _of(self, uow: UnitOfWork, request: SignatureRequest, now: datetime) -> Iterator[Notice]:
        if request.due_at is None or now < request.due_at - self.near:
            return
        over = request.due_at <= now
        persons = [request.signer.id]
        if over:
            persons.append(uow.bodies.get(uow.documents.get(request.document_id).body_id).secretary.id)
        kind = NoticeKind.OVERDUE if over else NoticeKind.DUE_SOON
        for person in dict.fromkeys(persons):
            yield Notice(kind, person, request.document_id, moment(request.due_at), request.id)
