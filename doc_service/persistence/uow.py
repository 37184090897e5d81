"""One transaction over all repositories (DESIGN 2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine

from doc_service import ports
from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import Job
from doc_service.persistence.access import SqlAccounts, SqlCredentials
from doc_service.persistence.accessions import SqlAccessions, SqlCaseFiles, SqlEditions
from doc_service.persistence.audit_trail import SqlAuditTrail
from doc_service.persistence.bodies import SqlBodies, SqlMeetings, SqlSubstitutions
from doc_service.persistence.clusters import SqlClusters
from doc_service.persistence.copies import SqlCopies, SqlSuccessions
from doc_service.persistence.dialect import POSTGRESQL, open_connection
from doc_service.persistence.dispatch import SqlDeliveries
from doc_service.persistence.documents import SqlDocuments, SqlVisas
from doc_service.persistence.group import SqlRecommendations
from doc_service.persistence.identity import SqlIdentityProofs
from doc_service.persistence.jobs import SqlJobs
from doc_service.persistence.journals import SqlJournals
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.logins import SqlOutsideLogins
from doc_service.persistence.operations import SqlSigningOperations
from doc_service.persistence.queries import SqlQueries
from doc_service.persistence.registers import SqlOrganisations, SqlPeople
from doc_service.persistence.sessions import SqlSessions, SqlTokens
from doc_service.persistence.signatures import SqlSignatures
from doc_service.persistence.signing import SqlSigning
from doc_service.persistence.sima import SqlSimaAttempts
from doc_service.persistence.templates import SqlTemplates
from doc_service.persistence.webhooks import SqlWebhooks
from doc_service.ports_access import Accounts, Credentials, Sessions, Tokens
from doc_service.ports_clusters import Accessions, CaseFiles, Clusters, Editions
from doc_service.ports_copies import Copies, Successions
from doc_service.ports_dispatch import Deliveries
from doc_service.ports_group import Recommendations
from doc_service.ports_identity import IdentityProofs
from doc_service.ports_login import OutsideLogins
from doc_service.ports_notify import Webhooks
from doc_service.ports_operations import SigningOperations
from doc_service.ports_queries import Queries
from doc_service.ports_registers import Organisations, People
from doc_service.ports_signing import Signing
from doc_service.ports_sima import SimaAttempts
from doc_service.ports_templates import Templates


class SqlUnitOfWork:
    """``doc_service.ports.UnitOfWork``; also gives ``job_leases`` to the runner.

    The transaction begins with the first statement. On SQLite a writing unit then holds the only write lock, on
    PostgreSQL it locks the documents and meetings that it reads (``doc_service.persistence.locks``): keep it short, and
    never open a second writing unit inside it in the same thread. ``commit`` may be called several times;
    what follows it is the next transaction. Jobs are told of only once they are committed.
    """

    bodies: ports.Bodies
    meetings: ports.Meetings
    documents: ports.Documents
    visas: ports.Visas
    substitutions: ports.Substitutions
    journals: ports.Journals
    signatures: ports.Signatures
    signing: Signing
    identity: IdentityProofs
    webhooks: Webhooks
    jobs: ports.Jobs
    audit: ports.AuditTrail
    accounts: Accounts
    credentials: Credentials
    sessions: Sessions
    logins: OutsideLogins
    tokens: Tokens
    operations: SigningOperations
    queries: Queries
    recommendations: Recommendations
    sima: SimaAttempts
    templates: Templates
    deliveries: Deliveries
    copies: Copies
    successions: Successions
    people: People
    organisations: Organisations
    clusters: Clusters
    accessions: Accessions
    case_files: CaseFiles
    editions: Editions

    def __init__(
        self,
        engine: Engine,
        *,
        read_only: bool,
        on_enqueue: Callable[[Sequence[Job]], None],
        queued_for: timedelta | None = None,
    ) -> None:
        self._engine = engine
        self._read_only = read_only
        self._notify = on_enqueue
        self._queued_for = queued_for
        self._enqueued: list[Job] = []
        self._connection: Connection | None = None
        self._locks: RowLocks

    def __enter__(self) -> Self:
        """Raises ``DomainError`` "persistence.unavailable" when there is no free connection."""
        if self._connection is not None:
            raise RuntimeError("this unit of work is open already")
        connection = open_connection(self._engine, read_only=self._read_only)
        self._connection = connection
        locks = self._locks = RowLocks(connection)
        self._enqueued = []
        self.bodies = SqlBodies(connection, locks)
        self.meetings = SqlMeetings(connection, locks)
        self.documents = SqlDocuments(connection, locks)
        self.visas = SqlVisas(connection, locks)
        self.substitutions = SqlSubstitutions(connection, locks)
        self.journals = SqlJournals(connection, locks)
        self.signatures = SqlSignatures(connection, locks)
        self.signing = SqlSigning(connection, locks)
        self.identity = SqlIdentityProofs(connection, locks)
        self.webhooks = SqlWebhooks(connection, locks)
        jobs = SqlJobs(connection, self._enqueued.append, self._queued_for)
        self.jobs = jobs
        self.job_leases = jobs
        self.audit = SqlAuditTrail(connection)
        self.accounts = SqlAccounts(connection, locks)
        self.credentials = SqlCredentials(connection, locks)
        self.sessions = SqlSessions(connection, locks)
        self.logins = SqlOutsideLogins(connection)
        self.tokens = SqlTokens(connection)
        self.operations = SqlSigningOperations(connection, locks)
        self.queries = SqlQueries(connection)
        self.recommendations = SqlRecommendations(connection, locks)
        self.sima = SqlSimaAttempts(connection)
        self.deliveries = SqlDeliveries(connection)
        self.templates = SqlTemplates(connection, locks)
        self.copies = SqlCopies(connection)
        self.successions = SqlSuccessions(connection)
        self.people = SqlPeople(connection)
        self.organisations = SqlOrganisations(connection, locks)
        self.clusters = SqlClusters(connection, locks)
        self.accessions = SqlAccessions(connection, locks)
        self.case_files = SqlCaseFiles(connection)
        self.editions = SqlEditions(connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def commit(self) -> None:
        """Makes everything durable. Raises ``DomainError`` "persistence.no_space", "persistence.unavailable",
        "persistence.unit_failed" (a statement has failed before); nothing is stored then. "persistence.answer_lost":
        the server went away while it committed, and only looking tells whether it did; use cases may be repeated.
        """
        if self._connection is None:
            raise RuntimeError("this unit of work is not open")
        try:
            self._connection.commit()
        except DomainError as error:
            if error.code == "persistence.unavailable" and self._connection.dialect.name == POSTGRESQL:
                raise DomainError("persistence.answer_lost", "", **error.faults[0].params) from error
            raise
        self._locks.forget()
        if self._enqueued:
            committed = tuple(self._enqueued)
            self._enqueued.clear()
            self._notify(committed)


def _nobody(_: Sequence[Job]) -> None:
    """Nobody waits for jobs in this process."""


class SqlUnitOfWorkFactory:
    """``doc_service.ports.UnitOfWorkFactory``: each call gives a fresh writing unit.

    ``on_enqueue`` is given the jobs due at once that a commit added, after it and in the committing thread, e.g. to
    wake a runner. ``queued_for``: it hands them to a broker, and they count as handed over for so long (``Relay``).
    """

    def __init__(
        self,
        engine: Engine,
        *,
        on_enqueue: Callable[[Sequence[Job]], None] = _nobody,
        queued_for: timedelta | None = None,
    ) -> None:
        self._engine = engine
        self._on_enqueue = on_enqueue
        self._queued_for = queued_for

    def __call__(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self._engine, read_only=False, on_enqueue=self._on_enqueue, queued_for=self._queued_for)

    def reading(self) -> SqlUnitOfWork:
        """A unit that sees one consistent state, waits for no writer and cannot write."""
        return SqlUnitOfWork(self._engine, read_only=True, on_enqueue=_nobody)
