"""The table of log-ins with SİMA: rows of minutes."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from doc_service.persistence.tables import metadata
from doc_service.persistence.types import UtcDateTime

sima_logins = Table(
    "sima_logins",
    metadata,
    Column("operation_sha256", String(64), primary_key=True),
    Column("browser_sha256", String(64), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("proven", Integer, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "expires_at"),
)
