"""The table of deliveries (004 §5.1.8–5.1.9)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from doc_service.persistence.tables import Id, metadata
from doc_service.persistence.types import RowNumber, UtcDateTime

deliveries = Table(
    "deliveries",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("document_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("state", String(32), nullable=False),
    Column("sent_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "document_id", "rowno"),
    Index(None, "state", "rowno"),
    Index(None, "sent_at", "rowno"),
)
