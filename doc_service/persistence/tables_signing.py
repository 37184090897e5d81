"""Tables of signing: one record a signature, the queue before the lease, and how often a refusal was met."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from doc_service.persistence.tables import Id, metadata
from doc_service.persistence.types import UtcDateTime

signing_records = Table(
    "signing_records",
    metadata,
    Column("request_id", Id, ForeignKey("signature_requests.id"), primary_key=True),
    Column("document_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("signer_id", Id, nullable=False),
    Column("prepared_sha256", String(64), nullable=False),
    Column("signature_sha256", String(64), nullable=False),
    Column("certificate_sha256", String(64), nullable=False),
    Column("signed_at", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "document_id", "revision"),
    Index(None, "signer_id", "signed_at"),
)

signing_queue = Table(
    "signing_queue",
    metadata,
    Column("request_id", Id, ForeignKey("signature_requests.id"), primary_key=True),
    Column("document_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("called_at", UtcDateTime),
    Index(None, "document_id", "joined_at"),
)

signature_refusals = Table(
    "signature_refusals",
    metadata,
    Column("request_id", Id, ForeignKey("signature_requests.id"), primary_key=True),
    Column("actor", Id, primary_key=True),
    Column("code", String(100), primary_key=True),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("unrecorded", Integer, nullable=False),
)
