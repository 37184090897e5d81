"""Tables of the interface itself."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from doc_service.persistence.tables import Id, metadata
from doc_service.persistence.types import UtcDateTime

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("account_id", Id, primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("method", String(10), nullable=False),
    Column("path", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("token", String(100), nullable=False),
    Column("held_until", UtcDateTime, nullable=False),
    Column("status", Integer),
    Column("headers", Text, nullable=False),
    Column("body", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "created_at"),
)
