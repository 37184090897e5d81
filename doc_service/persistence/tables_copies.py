"""Tables of the issues of copies, and of documents that follow one another."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from doc_service.persistence.tables import Id, metadata
from doc_service.persistence.types import RowNumber, UtcDateTime

copy_issues = Table(
    "copy_issues",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Id, ForeignKey("documents.id"), nullable=False, unique=True),
    Column("original_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("code", String(32), nullable=False, unique=True),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "original_id", "rowno"),
)
successions = Table(
    "successions",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("old_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("new_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("old_id", "new_id", "kind"),
)
