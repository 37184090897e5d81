"""What event streams follow: events as they are recorded, queues of signers, jobs."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Engine, func, or_, select

from doc_service.domain.jobs import Job
from doc_service.domain.signatures import SigningLease
from doc_service.domain.signing_queue import Waiter, in_order
from doc_service.persistence.audit_trail import read_event
from doc_service.persistence.dialect import open_connection
from doc_service.persistence.jobs import job_of
from doc_service.persistence.tables import audit_events, jobs, signing_leases
from doc_service.persistence.tables_signing import signing_queue
from doc_service.ports_interface import FeedEvent, QueueState

_events = audit_events.c


class SqlFeed:
    """``doc_service.ports_interface.Feed``. Each call reads in a transaction of its own and waits for no writer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def newest(self) -> int:
        with open_connection(self._engine, read_only=True) as connection:
            return connection.scalar(select(func.max(_events.rowno))) or 0

    def after(self, place: int, missing: Collection[int], limit: int) -> Sequence[FeedEvent]:
        later = _events.rowno > place
        wanted = or_(later, _events.rowno.in_(missing)) if missing else later
        query = select(_events.rowno, _events.canonical).where(wanted).order_by(_events.rowno).limit(limit)
        with open_connection(self._engine, read_only=True) as connection:
            return [FeedEvent(rowno, read_event(json.loads(text))) for rowno, text in connection.execute(query)]

    def of_subject(self, subject: tuple[str, str], after: int, limit: int) -> Sequence[FeedEvent]:
        about = (_events.subject_type == subject[0]) & (_events.subject_id == subject[1])
        query = select(_events.rowno, _events.canonical).where(about, _events.rowno > after)
        with open_connection(self._engine, read_only=True) as connection:
            rows = connection.execute(query.order_by(_events.rowno).limit(limit))
            return [FeedEvent(rowno, read_event(json.loads(text))) for rowno, text in rows]

    def newest_of(self, subject: tuple[str, str]) -> int:
        about = (_events.subject_type == subject[0]) & (_events.subject_id == subject[1])
        with open_connection(self._engine, read_only=True) as connection:
            return connection.scalar(select(func.max(_events.rowno)).where(about)) or 0

    def queues(self, document_ids: Collection[str]) -> Mapping[str, QueueState]:
        waiting = select(signing_queue).where(signing_queue.c.document_id.in_(document_ids))
        held = select(signing_leases).where(signing_leases.c.document_id.in_(document_ids))
        with open_connection(self._engine, read_only=True) as connection:
            waiters = [Waiter(**row) for row in connection.execute(waiting).mappings()]
            leases = {row["document_id"]: SigningLease(**row) for row in connection.execute(held).mappings()}
        return {
            document_id: QueueState(
                in_order([w for w in waiters if w.document_id == document_id]), leases.get(document_id)
            )
            for document_id in document_ids
        }

    def jobs(self, job_ids: Collection[str]) -> Mapping[str, Job]:
        with open_connection(self._engine, read_only=True) as connection:
            rows = connection.execute(select(jobs).where(jobs.c.id.in_(job_ids))).mappings()
            return {row["id"]: job_of(row) for row in rows}
