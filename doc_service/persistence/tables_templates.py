"""Tables of uploaded templates: versions and what became of them; rows only grow."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from doc_service.persistence.tables import Id, metadata
from doc_service.persistence.types import RowNumber, UtcDateTime

template_versions = Table(
    "template_versions",
    metadata,
    Column("name", Id, primary_key=True),
    Column("instrument", String(100), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("instrument", "number"),
)

template_moves = Table(
    "template_moves",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("name", Id, ForeignKey("template_versions.name"), nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "name", "rowno"),
)
