"""Sessions of persons and tokens of machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from doc_service.domain.principals import Means, Scope
from doc_service.domain.sessions import ServiceToken, Session
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.tables_access import service_tokens, sessions


class SqlSessions:
    """``doc_service.ports_access.Sessions``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, session: Session) -> None:
        """Raises ``DomainError`` "persistence.unknown_reference" without account."""
        self._connection.execute(insert(sessions), {**asdict(session), "means": str(session.means)})

    def find(self, session_id: str) -> Session | None:
        row = self._connection.execute(select(sessions).where(sessions.c.id == session_id)).mappings().one_or_none()
        return None if row is None else _session(row)

    def of_account(self, account_id: str) -> Sequence[Session]:
        rows = sessions.c
        query = select(sessions).where(rows.account_id == account_id, rows.ended_at.is_(None))
        query = query.order_by(rows.started_at.desc(), rows.id.desc())
        return [_session(row) for row in self._connection.execute(query).mappings()]

    def touch(self, session_id: str, at: datetime, unless_since: datetime) -> bool:
        rows = sessions.c
        due = (rows.id == session_id) & (rows.seen_at <= unless_since) & rows.ended_at.is_(None)
        return self._connection.execute(update(sessions).where(due).values(seen_at=at)).rowcount == 1

    def end(self, session_id: str, at: datetime) -> bool:
        going_on = (sessions.c.id == session_id) & sessions.c.ended_at.is_(None)
        return self._connection.execute(update(sessions).where(going_on).values(ended_at=at)).rowcount == 1

    def end_all(self, account_id: str, at: datetime, *, but: str = "") -> int:
        rows = sessions.c
        going_on = (rows.account_id == account_id) & rows.ended_at.is_(None) & (rows.id != but)
        return self._connection.execute(update(sessions).where(going_on).values(ended_at=at)).rowcount

    def purge(self, before: datetime) -> int:
        self._locks.name("tidy", "access")
        return self._connection.execute(delete(sessions).where(sessions.c.expires_at < before)).rowcount


class SqlTokens:
    """``doc_service.ports_access.Tokens``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token: ServiceToken) -> None:
        """Raises ``DomainError`` "persistence.unknown_reference" without account."""
        scopes = " ".join(sorted(map(str, token.scopes)))
        self._connection.execute(insert(service_tokens), {**asdict(token), "scopes": scopes})

    def find(self, token_id: str) -> ServiceToken | None:
        query = select(service_tokens).where(service_tokens.c.id == token_id)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _token(row)

    def of_account(self, account_id: str) -> Sequence[ServiceToken]:
        rows = service_tokens.c
        query = select(service_tokens).where(rows.account_id == account_id)
        query = query.order_by(rows.created_at.desc(), rows.id.desc())
        return [_token(row) for row in self._connection.execute(query).mappings()]

    def touch(self, token_id: str, at: datetime, unless_since: datetime) -> bool:
        rows = service_tokens.c
        due = (rows.id == token_id) & or_(rows.used_at.is_(None), rows.used_at <= unless_since)
        return self._connection.execute(update(service_tokens).where(due).values(used_at=at)).rowcount == 1

    def revoke(self, token_id: str, at: datetime) -> bool:
        rows = service_tokens.c
        valid = (rows.id == token_id) & rows.revoked_at.is_(None)
        return self._connection.execute(update(service_tokens).where(valid).values(revoked_at=at)).rowcount == 1

    def revoke_all(self, account_id: str, at: datetime) -> int:
        rows = service_tokens.c
        valid = (rows.account_id == account_id) & rows.revoked_at.is_(None)
        return self._connection.execute(update(service_tokens).where(valid).values(revoked_at=at)).rowcount


def _session(row: Mapping[Any, Any]) -> Session:
    return Session(**{**row, "means": Means(row["means"])})


def _token(row: Mapping[Any, Any]) -> ServiceToken:
    return ServiceToken(**{**row, "scopes": frozenset(map(Scope, row["scopes"].split()))})
