"""The figures that metrics show of the database, in one reading transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select

from doc_service.domain.documents import DocumentState, RevisionKind
from doc_service.domain.jobs import Backlog, JobKind
from doc_service.persistence.dialect import open_connection
from doc_service.persistence.jobs import SqlJobs
from doc_service.persistence.tables import (
    audit_checkpoints,
    audit_events,
    document_revisions,
    documents,
    outages,
)
from doc_service.persistence.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class Figures:
    """See ``doc_service.observability.standing.Standing``, which is made from it."""

    backlog: Mapping[JobKind, Backlog]
    pending_extension: int
    oldest_extension: datetime | None
    last_checkpoint: datetime | None
    unstamped: int
    unsequenced: int
    open_outages: Mapping[str, int]


class SqlFigures:
    """Every query is answered by an index or by rows that are few: work that is left, documents that wait."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, now: datetime) -> Figures:
        """Raises ``DomainError`` "persistence.unavailable" when there is no free connection."""
        with open_connection(self._engine, read_only=True) as connection:
            backlog = SqlJobs(connection, lambda _: None).backlog(now)
            waiting = _waiting_since(connection)
            return Figures(
                backlog,
                len(waiting),
                min(waiting, default=None),
                connection.scalar(select(audit_checkpoints.c.at).order_by(audit_checkpoints.c.size.desc()).limit(1)),
                _count(connection, audit_checkpoints.c.size, audit_checkpoints.c.timestamp.is_(None)),
                _count(connection, audit_events.c.rowno, audit_events.c.seq.is_(None)),
                _open_outages(connection),
            )


def _waiting_since(connection: Connection) -> list[datetime]:
    """When the last signature of each document was made that is signed and not extended."""
    last = func.max(document_revisions.c.created_at, type_=UtcDateTime)
    query = (
        select(last)
        .join(documents, documents.c.id == document_revisions.c.document_id)
        .where(documents.c.state == DocumentState.SIGNED, document_revisions.c.kind == RevisionKind.SIGNATURE)
        .group_by(documents.c.id)
    )
    return [moment for moment in connection.scalars(query) if moment is not None]


def _count(connection: Connection, column: object, condition: object) -> int:
    return int(connection.scalar(select(func.count(column)).where(condition)) or 0)  # type: ignore[arg-type]


def _open_outages(connection: Connection) -> dict[str, int]:
    query = select(outages.c.component, func.count()).where(outages.c.ended_at.is_(None)).group_by(outages.c.component)
    return {row[0]: row[1] for row in connection.execute(query)}
