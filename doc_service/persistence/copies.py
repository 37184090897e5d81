"""The register of issued copies, and the succession of documents."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select

from doc_service.domain.copies import CopyIssue, Succession
from doc_service.domain.errors import ConflictError
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.keyset import fetch
from doc_service.persistence.tables_copies import copy_issues, successions
from doc_service.ports_queries import Page, Slice

_ISSUE = Codec(CopyIssue)
_SUCCESSION = Codec(Succession)


class SqlCopies:
    """``doc_service.ports_copies.Copies``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, issue: CopyIssue) -> None:
        """Raises ``ConflictError`` "copy.exists"; ``DomainError`` "persistence.unknown_reference"."""
        row = {
            "id": issue.id,
            "original_id": issue.original_id,
            "code": issue.code,
            "issued_at": issue.issued_at,
            "body": _ISSUE.encode(issue),
        }
        if not insert_new(self._connection, copy_issues, row):
            raise ConflictError("copy.exists", "id", id=issue.id)

    def find(self, copy_id: str) -> CopyIssue | None:
        return self._one(copy_issues.c.id == copy_id)

    def of_code(self, code: str) -> CopyIssue | None:
        return self._one(copy_issues.c.code == code)

    def page(self, page: Slice, *, original_id: str = "") -> Page[CopyIssue]:
        query = select(copy_issues.c.body)
        if original_id:
            query = query.where(copy_issues.c.original_id == original_id)
        return fetch(self._connection, query, [copy_issues.c.rowno], page, lambda row: _ISSUE.decode(row.body))

    def _one(self, of: ColumnElement[bool]) -> CopyIssue | None:
        text = self._connection.scalar(select(copy_issues.c.body).where(of))
        return None if text is None else _ISSUE.decode(text)


class SqlSuccessions:
    """``doc_service.ports_copies.Successions``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, succession: Succession) -> None:
        """Raises ``DomainError`` "persistence.unknown_reference"."""
        row = {
            "old_id": succession.old_id,
            "new_id": succession.new_id,
            "kind": str(succession.kind),
            "body": _SUCCESSION.encode(succession),
        }
        insert_new(self._connection, successions, row)

    def after(self, document_id: str) -> Sequence[Succession]:
        rows = successions.c
        query = select(rows.body).where(rows.old_id == document_id).order_by(rows.rowno)
        return [_SUCCESSION.decode(text) for text in self._connection.scalars(query)]
