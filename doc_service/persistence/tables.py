"""Tables. Columns that are searched, ordered or guarded stand by themselves; the rest of a record is JSON in ``body``.

``rowno`` keeps the order of recording where an order among equals matters.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from doc_service.persistence.types import RowNumber, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = String(200)

bodies = Table(
    "bodies",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

meetings = Table(
    "meetings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("body_id", Id, ForeignKey("bodies.id"), nullable=False),
    Column("opens_at", UtcDateTime, nullable=False),
    Column("state", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "body_id", "opens_at"),
    Index(None, "opens_at", "id"),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("instrument", String(100), nullable=False),
    Column("title", Text, nullable=False),
    Column("number", String(200)),
    Column("search_text", Text, nullable=False),
    Column("state", String(32), nullable=False),
    Column("body_id", Id, ForeignKey("bodies.id"), nullable=False),
    Column("meeting_id", Id, ForeignKey("meetings.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("data", Text, nullable=False),
    Index(None, "created_at", "id"),
    Index(None, "state", "created_at", "id"),
    Index(None, "instrument", "created_at", "id"),
    Index(None, "number"),
    Index(None, "body_id", "created_at", "id"),
    Index(None, "meeting_id"),
)

document_revisions = Table(
    "document_revisions",
    metadata,
    Column("document_id", Id, ForeignKey("documents.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("key", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", RowNumber, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("level", String(16)),
    Column("field", Text),
    Index(None, "sha256"),
)

visas = Table(
    "visas",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("document_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("round", Integer, nullable=False),
    Column("unit", Text, nullable=False),
    Column("state", String(32), nullable=False),
    Column("decided_by", Text),
    Column("decided_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    Index(None, "document_id", "round"),
    Index(None, "unit", "state", "rowno"),
)

substitutions = Table(
    "substitutions",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("absent_id", Id, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "absent_id", "since"),
)

journals = Table(
    "journals",
    metadata,
    Column("code", String(50), primary_key=True),
    Column("title", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("pattern", Text, nullable=False),
)

journal_counters = Table(
    "journal_counters",
    metadata,
    Column("journal", String(50), ForeignKey("journals.code"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last_seq", Integer, nullable=False),
)

journal_entries = Table(
    "journal_entries",
    metadata,
    Column("journal", String(50), ForeignKey("journals.code"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("number", String(200), nullable=False),
    Column("document_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("registered_on", Date, nullable=False),
    Column("annulled_reason", Text, nullable=False),
    UniqueConstraint("journal", "document_id"),
    UniqueConstraint("journal", "number"),
    CheckConstraint("seq > 0", name="seq_from_1"),
    Index(None, "document_id"),
    Index(None, "registered_on", "journal"),
)

signature_requests = Table(
    "signature_requests",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("document_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("signing_order", Integer, nullable=False),
    Column("field", String(200), nullable=False),
    Column("signer_id", Id, nullable=False),
    Column("state", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "document_id", "signing_order"),
    Index(None, "signer_id", "state", "rowno"),
    Index(None, "state", "rowno"),
)

signing_leases = Table(
    "signing_leases",
    metadata,
    Column("document_id", Id, ForeignKey("documents.id"), primary_key=True),
    Column("token", RowNumber, nullable=False),
    Column("request_id", Id, ForeignKey("signature_requests.id"), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

prepared_signings = Table(
    "prepared_signings",
    metadata,
    Column("request_id", Id, ForeignKey("signature_requests.id"), primary_key=True),
    Column("document_id", Id, ForeignKey("documents.id"), nullable=False),
    Column("lease_token", RowNumber, nullable=False),
    Column("base_revision", Integer, nullable=False),
    Column("base_sha256", String(64), nullable=False),
    Column("to_be_signed", LargeBinary, nullable=False),
    Column("signature_algorithm", String(100), nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("way", String(32), nullable=False, server_default=""),
)

jobs = Table(
    "jobs",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("kind", String(50), nullable=False),
    Column("key", String(300), nullable=False, unique=True),
    Column("payload", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("run_after", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_token", String(100)),
    Column("lease_until", UtcDateTime),
    Column("last_error", Text, nullable=False),
    Column("created_at", UtcDateTime),
    Column("queued_until", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Index(None, "state", "run_after", "rowno"),
    Index(None, "state", "kind", "rowno"),
)

outages = Table(
    "outages",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("component", String(64), nullable=False),
    Column("host", String(200), nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    Index(None, "component", "began_at"),
    Index(None, "began_at"),
    Index(
        "ix_outages_open",
        "began_at",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

audit_events = Table(
    "audit_events",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("seq", RowNumber, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject_type", String(64), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("canonical", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
    Column("actor", Id),
    Index(None, "subject_type", "subject_id", "rowno"),
    Index(None, "at", "rowno"),
    Index(None, "action", "at", "rowno"),
    Index(None, "actor", "at", "rowno"),
    Index(
        "ix_audit_events_unsequenced",
        "rowno",
        sqlite_where=text("seq IS NULL"),
        postgresql_where=text("seq IS NULL"),
    ),
    sqlite_autoincrement=True,
)

audit_nodes = Table(
    "audit_nodes",
    metadata,
    Column("level", Integer, primary_key=True),
    Column("idx", RowNumber, primary_key=True),
    Column("hash", LargeBinary(32), nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", RowNumber, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

audit_checkpoints = Table(
    "audit_checkpoints",
    metadata,
    Column("size", RowNumber, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("document", LargeBinary, nullable=False),
    Column("key", Text, nullable=False),
    Column("timestamp", LargeBinary),
    Column("timestamp_key", Text),
    Index(
        "ix_audit_checkpoints_unstamped",
        "size",
        sqlite_where=text("timestamp IS NULL"),
        postgresql_where=text("timestamp IS NULL"),
    ),
)
