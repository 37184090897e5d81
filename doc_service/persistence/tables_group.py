"""Tables of what became of recommendations."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from doc_service.persistence.tables import Id, metadata
from doc_service.persistence.types import RowNumber, UtcDateTime

recommendation_outcomes = Table(
    "recommendation_outcomes",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("document_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("state", String(32), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "document_id", "rowno"),
)
"""Rows only grow: where a recommendation stands is what the last one says."""
