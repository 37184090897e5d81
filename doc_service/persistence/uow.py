"""One transaction over all repositories (DESIGN 2)."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from doc_service import ports
from doc_service.domain.errors import DomainError
from doc_service.persistence.audit_trail import SqlAuditTrail
from doc_service.persistence.bodies import SqlBodies, SqlMeetings, SqlSubstitutions
from doc_service.persistence.dialect import READ_ONLY
from doc_service.persistence.documents import SqlDocuments, SqlVisas
from doc_service.persistence.jobs import SqlJobs
from doc_service.persistence.journals import SqlJournals
from doc_service.persistence.signatures import SqlSignatures


class SqlUnitOfWork:
    """``doc_service.ports.UnitOfWork``; also gives ``job_leases`` to the runner.

    The transaction begins with the first statement. On SQLite a writing unit then holds the only write lock: keep it
    short, and never open a second writing unit inside it in the same thread. ``commit`` may be called several times;
    what follows it is the next transaction. Jobs wake the runner only once they are committed.
    """

    bodies: ports.Bodies
    meetings: ports.Meetings
    documents: ports.Documents
    visas: ports.Visas
    substitutions: ports.Substitutions
    journals: ports.Journals
    signatures: ports.Signatures
    jobs: ports.Jobs
    audit: ports.AuditTrail

    def __init__(self, engine: Engine, *, read_only: bool, on_enqueue: Callable[[], None]) -> None:
        self._engine = engine
        self._read_only = read_only
        self._notify = on_enqueue
        self._enqueued = False
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        """Raises ``DomainError`` "persistence.unavailable" when there is no free connection."""
        if self._connection is not None:
            raise RuntimeError("this unit of work is open already")
        try:
            connection = self._engine.connect().execution_options(**{READ_ONLY: self._read_only})
        except PoolTimeoutError as error:
            raise DomainError("persistence.unavailable", "", reason=str(error)) from error
        self._connection = connection
        self._enqueued = False
        self.bodies = SqlBodies(connection)
        self.meetings = SqlMeetings(connection)
        self.documents = SqlDocuments(connection)
        self.visas = SqlVisas(connection)
        self.substitutions = SqlSubstitutions(connection)
        self.journals = SqlJournals(connection)
        self.signatures = SqlSignatures(connection)
        jobs = SqlJobs(connection, self._mark_enqueued)
        self.jobs = jobs
        self.job_leases = jobs
        self.audit = SqlAuditTrail(connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def commit(self) -> None:
        """Makes everything durable. Raises ``DomainError`` "persistence.no_space", "persistence.unavailable"; nothing
        is stored then."""
        if self._connection is None:
            raise RuntimeError("this unit of work is not open")
        self._connection.commit()
        if self._enqueued:
            self._enqueued = False
            self._notify()

    def _mark_enqueued(self) -> None:
        self._enqueued = True


def _nobody() -> None:
    """Nobody waits for jobs in this process."""


class SqlUnitOfWorkFactory:
    """``doc_service.ports.UnitOfWorkFactory``: each call gives a fresh writing unit.

    ``on_enqueue`` is called after a commit that added jobs (from the committing thread), e.g. to wake a runner.
    """

    def __init__(self, engine: Engine, *, on_enqueue: Callable[[], None] = _nobody) -> None:
        self._engine = engine
        self._on_enqueue = on_enqueue

    def __call__(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self._engine, read_only=False, on_enqueue=self._on_enqueue)

    def reading(self) -> SqlUnitOfWork:
        """A unit that sees one consistent state, waits for no writer and cannot write."""
        return SqlUnitOfWork(self._engine, read_only=True, on_enqueue=_nobody)
