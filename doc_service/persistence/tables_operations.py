"""Tables of signing operations."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, text

from doc_service.persistence.tables import Id, metadata
from doc_service.persistence.types import RowNumber, UtcDateTime

signing_operations = Table(
    "signing_operations",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("signer_id", Id, nullable=False),
    Column("means", String(32), nullable=False),
    Column("provider", String(100), nullable=False),
    Column("state", String(32), nullable=False),
    Column("correlation", String(64), unique=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "signer_id", "rowno"),
    Index(
        "ix_signing_operations_live",
        "expires_at",
        "rowno",
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
)
signing_operation_requests = Table(
    "signing_operation_requests",
    metadata,
    Column("operation_id", Id, ForeignKey("signing_operations.id"), primary_key=True),
    Column("request_id", Id, ForeignKey("signature_requests.id"), primary_key=True),
    Column("operation_rowno", RowNumber, nullable=False),
    Index(None, "request_id", "operation_rowno"),
)
"""Which operations a request was in, in the order of recording."""
signing_correlations = Table(
    "signing_correlations",
    metadata,
    Column("correlation", String(64), primary_key=True),
    Column("operation_id", Id, ForeignKey("signing_operations.id"), nullable=False),
    Index(None, "operation_id"),
)
"""Every correlation an operation ever had: who comes back with an earlier one has been answered already."""
signing_claims = Table(
    "signing_claims",
    metadata,
    Column("operation_id", Id, ForeignKey("signing_operations.id"), primary_key=True),
    Column("token", Id, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
"""Who drives an operation. Beside it, since a claim is renewed while the call that holds it changes the operation."""
