"""Tables of identity proofs and of the history of trust; all of them only ever grow."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table, Text

from doc_service.persistence.tables import Id, metadata
from doc_service.persistence.types import RowNumber, UtcDateTime

evidence_objects = Table(
    "evidence_objects",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

identity_proofs = Table(
    "identity_proofs",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("request_id", Id, ForeignKey("signature_requests.id"), nullable=False),
    Column("document_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("certificate_sha256", String(64), nullable=False),
    Column("anchor_sha256", String(64), nullable=False),
    Column("checked_at", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "request_id", "rowno"),
    Index(None, "document_id", "rowno"),
    Index(None, "certificate_sha256", "rowno"),
)

trust_anchors = Table(
    "trust_anchors",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("sha256", String(64), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "sha256", "rowno"),
)
