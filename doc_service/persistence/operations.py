"""Signing operations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, or_, select, update

from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.signing_operations import SigningOperation
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.stale import require_updated
from doc_service.persistence.tables_operations import (
    signing_claims,
    signing_correlations,
    signing_operation_requests,
    signing_operations,
)

_OPERATION = Codec(SigningOperation)
_MANY = 500


class SqlSigningOperations:
    """``doc_service.ports_operations.SigningOperations``. A writing unit that reads an operation locks its row."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, operation: SigningOperation) -> None:
        """Raises ``ConflictError`` "operation.exists"; ``DomainError`` "persistence.unknown_reference" without one of
        the requests."""
        if not insert_new(self._connection, signing_operations, {"id": operation.id, **_row(operation)}):
            raise ConflictError("operation.exists", "id", id=operation.id)
        rows = signing_operations.c
        rowno = self._connection.execute(select(rows.rowno).where(rows.id == operation.id)).scalar_one()
        self._correlate(operation)
        parts = [
            {"operation_id": operation.id, "request_id": item.request_id, "operation_rowno": rowno}
            for item in operation.items
        ]
        self._connection.execute(signing_operation_requests.insert(), parts)

    def get(self, operation_id: str) -> SigningOperation:
        """Raises ``NotFoundError`` "signing_operation.not_found"."""
        found = self._one(signing_operations.c.id == operation_id)
        if found is None:
            raise NotFoundError("signing_operation.not_found", "id", id=operation_id)
        return found

    def find_by_correlation(self, correlation: str) -> SigningOperation | None:
        return self._one(signing_operations.c.correlation == correlation)

    def find_by_past_correlation(self, correlation: str) -> SigningOperation | None:
        rows = signing_correlations.c
        operation_id = self._connection.scalar(select(rows.operation_id).where(rows.correlation == correlation))
        return None if operation_id is None else self._one(signing_operations.c.id == operation_id)

    def _correlate(self, operation: SigningOperation) -> None:
        if operation.correlation:
            row = {"correlation": operation.correlation, "operation_id": operation.id}
            insert_new(self._connection, signing_correlations, row)

    def save(self, operation: SigningOperation) -> SigningOperation:
        """Raises ``ConflictError`` "state.stale", ``NotFoundError`` "signing_operation.not_found"."""
        saved = replace(operation, version=operation.version + 1)
        rows = signing_operations.c
        changed = self._connection.execute(
            update(signing_operations)
            .where(rows.id == operation.id, rows.version == operation.version)
            .values(_row(saved))
        )
        require_updated(self._connection, signing_operations, "signing_operation", operation.id, changed.rowcount)
        self._correlate(saved)
        return saved

    def take(self, operation_id: str, token: str, now: datetime, until: datetime) -> bool:
        """Raises ``DomainError`` "persistence.unknown_reference" without operation."""
        claim = {"operation_id": operation_id, "token": token, "until": until}
        rows = signing_claims.c
        free = (rows.operation_id == operation_id) & or_(rows.until <= now, rows.token == token)
        taken = self._connection.execute(update(signing_claims).where(free).values(claim))
        return taken.rowcount == 1 or insert_new(self._connection, signing_claims, claim)

    def hold(self, operation_id: str, token: str, until: datetime) -> bool:
        held = update(signing_claims).where(_held(operation_id, token)).values(until=until)
        return self._connection.execute(held).rowcount == 1

    def let_go(self, operation_id: str, token: str) -> None:
        self._connection.execute(delete(signing_claims).where(_held(operation_id, token)))

    def live_of_requests(self, request_ids: Sequence[str]) -> Sequence[SigningOperation]:
        rows, parts = signing_operations.c, signing_operation_requests.c
        found: dict[str, SigningOperation] = {}
        for start in range(0, len(request_ids), _MANY):
            wanted = list(request_ids[start : start + _MANY])
            query = (
                select(rows.body)
                .join_from(signing_operation_requests, signing_operations, parts.operation_id == rows.id)
                .where(parts.request_id.in_(wanted), rows.finished_at.is_(None))
                .order_by(rows.rowno)
            )
            found.update({o.id: o for o in self._all(query)})
        return sorted(found.values(), key=lambda o: (o.created_at, o.id))

    def of_request(self, request_id: str, *, limit: int = 20) -> Sequence[SigningOperation]:
        rows, parts = signing_operations.c, signing_operation_requests.c
        query = (
            select(rows.body)
            .join_from(signing_operation_requests, signing_operations, parts.operation_id == rows.id)
            .where(parts.request_id == request_id)
            .order_by(parts.operation_rowno.desc())
            .limit(limit)
        )
        return self._all(query)

    def of_signer(self, signer_id: str, *, limit: int = 50) -> Sequence[SigningOperation]:
        rows = signing_operations.c
        query = select(rows.body).where(rows.signer_id == signer_id).order_by(rows.rowno.desc()).limit(limit)
        return self._all(query)

    def overdue(self, now: datetime, *, limit: int = 100) -> Sequence[SigningOperation]:
        rows = signing_operations.c
        query = (
            select(rows.body)
            .where(rows.finished_at.is_(None), rows.expires_at <= now)
            .order_by(rows.expires_at, rows.rowno)
            .limit(limit)
        )
        return self._all(query)

    def _one(self, condition: Any) -> SigningOperation | None:
        query = self._locks.exclusive(select(signing_operations.c.body).where(condition))
        text = self._connection.execute(query).scalar_one_or_none()
        return None if text is None else _OPERATION.decode(text)

    def _all(self, query: Select[Any]) -> list[SigningOperation]:
        return [_OPERATION.decode(text) for text in self._connection.scalars(query)]


def _held(operation_id: str, token: str) -> ColumnElement[bool]:
    return (signing_claims.c.operation_id == operation_id) & (signing_claims.c.token == token)


def _row(operation: SigningOperation) -> dict[str, Any]:
    return {
        "signer_id": operation.signer_id,
        "means": operation.means,
        "provider": operation.provider,
        "state": str(operation.state),
        "correlation": operation.correlation or None,
        "expires_at": operation.expires_at,
        "finished_at": operation.finished_at,
        "version": operation.version,
        "body": _OPERATION.encode(operation),
    }
