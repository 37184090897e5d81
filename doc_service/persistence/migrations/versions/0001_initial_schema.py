"""Initial schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from doc_service.persistence.types import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_SQLITE_GUARDS = (
    "CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END",
    "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL OR NEW.rowno IS NOT OLD.rowno OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.action IS NOT OLD.action OR NEW.subject_type IS NOT OLD.subject_type OR NEW.subject_id IS NOT OLD.subject_id OR NEW.canonical IS NOT OLD.canonical OR NEW.leaf_hash IS NOT OLD.leaf_hash BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END",
    "CREATE TRIGGER audit_nodes_no_delete BEFORE DELETE ON audit_nodes BEGIN SELECT RAISE(ABORT, 'audit_nodes is append-only'); END",
    "CREATE TRIGGER audit_nodes_no_update BEFORE UPDATE ON audit_nodes BEGIN SELECT RAISE(ABORT, 'audit_nodes is append-only'); END",
    "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'audit_head is append-only'); END",
    "CREATE TRIGGER audit_head_no_update BEFORE UPDATE ON audit_head WHEN NEW.size < OLD.size BEGIN SELECT RAISE(ABORT, 'audit_head is append-only'); END",
    "CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'audit_checkpoints is append-only'); END",
    "CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints WHEN OLD.timestamp IS NOT NULL OR NEW.timestamp IS NULL OR NEW.size IS NOT OLD.size OR NEW.root IS NOT OLD.root OR NEW.at IS NOT OLD.at OR NEW.sha256 IS NOT OLD.sha256 OR NEW.document IS NOT OLD.document OR NEW.key IS NOT OLD.key BEGIN SELECT RAISE(ABORT, 'audit_checkpoints is append-only'); END",
    "CREATE TRIGGER journal_entries_no_delete BEFORE DELETE ON journal_entries BEGIN SELECT RAISE(ABORT, 'journal_entries is append-only'); END",
    "CREATE TRIGGER journal_entries_no_update BEFORE UPDATE ON journal_entries WHEN OLD.annulled_reason <> '' OR NEW.journal IS NOT OLD.journal OR NEW.year IS NOT OLD.year OR NEW.seq IS NOT OLD.seq OR NEW.number IS NOT OLD.number OR NEW.document_id IS NOT OLD.document_id OR NEW.registered_on IS NOT OLD.registered_on BEGIN SELECT RAISE(ABORT, 'journal_entries is append-only'); END",
    "CREATE TRIGGER journal_counters_no_delete BEFORE DELETE ON journal_counters BEGIN SELECT RAISE(ABORT, 'journal_counters is append-only'); END",
    "CREATE TRIGGER journal_counters_no_update BEFORE UPDATE ON journal_counters WHEN NEW.last_seq <> OLD.last_seq + 1 OR NEW.journal IS NOT OLD.journal OR NEW.year IS NOT OLD.year BEGIN SELECT RAISE(ABORT, 'journal_counters is append-only'); END",
    "CREATE TRIGGER document_revisions_no_delete BEFORE DELETE ON document_revisions BEGIN SELECT RAISE(ABORT, 'document_revisions is append-only'); END",
    "CREATE TRIGGER document_revisions_no_update BEFORE UPDATE ON document_revisions BEGIN SELECT RAISE(ABORT, 'document_revisions is append-only'); END",
)


def upgrade() -> None:
    op.create_table(
        "audit_checkpoints",
        sa.Column("size", _BIG, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("timestamp", sa.LargeBinary(), nullable=True),
        sa.Column("timestamp_key", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_checkpoints")),
        sa.UniqueConstraint("sha256", name=op.f("uq_audit_checkpoints_sha256")),
    )
    op.create_table(
        "audit_events",
        sa.Column("rowno", _BIG, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("seq", _BIG, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject_type", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.String(length=200), nullable=False),
        sa.Column("canonical", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_audit_events")),
        sa.UniqueConstraint("id", name=op.f("uq_audit_events_id")),
        sa.UniqueConstraint("seq", name=op.f("uq_audit_events_seq")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_events_subject_type_subject_id_rowno"), "audit_events", ["subject_type", "subject_id", "rowno"], unique=False)
    op.create_index(
        "ix_audit_events_unsequenced", "audit_events", ["rowno"], unique=False, sqlite_where=sa.text("seq IS NULL"), postgresql_where=sa.text("seq IS NULL")
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", _BIG, nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_nodes",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("idx", _BIG, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "idx", name=op.f("pk_audit_nodes")),
    )
    op.create_table(
        "bodies",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bodies")),
    )
    op.create_table(
        "jobs",
        sa.Column("rowno", _BIG, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("run_after", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.String(length=100), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_jobs")),
        sa.UniqueConstraint("id", name=op.f("uq_jobs_id")),
        sa.UniqueConstraint("key", name=op.f("uq_jobs_key")),
    )
    op.create_index(op.f("ix_jobs_state_run_after_rowno"), "jobs", ["state", "run_after", "rowno"], unique=False)
    op.create_table(
        "journals",
        sa.Column("code", sa.String(length=50), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_journals")),
    )
    op.create_table(
        "substitutions",
        sa.Column("rowno", _BIG, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("absent_id", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_substitutions")),
        sa.UniqueConstraint("id", name=op.f("uq_substitutions_id")),
    )
    op.create_index(op.f("ix_substitutions_absent_id_since"), "substitutions", ["absent_id", "since"], unique=False)
    op.create_table(
        "journal_counters",
        sa.Column("journal", sa.String(length=50), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["journal"], ["journals.code"], name=op.f("fk_journal_counters_journal")),
        sa.PrimaryKeyConstraint("journal", "year", name=op.f("pk_journal_counters")),
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("body_id", sa.String(length=200), nullable=False),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_meetings_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
    )
    op.create_index(op.f("ix_meetings_body_id_opens_at"), "meetings", ["body_id", "opens_at"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("instrument", sa.String(length=100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("body_id", sa.String(length=200), nullable=False),
        sa.Column("meeting_id", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_documents_body_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_documents_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_body_id"), "documents", ["body_id"], unique=False)
    op.create_index(op.f("ix_documents_created_at_id"), "documents", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_documents_instrument_created_at"), "documents", ["instrument", "created_at"], unique=False)
    op.create_index(op.f("ix_documents_meeting_id"), "documents", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_documents_number"), "documents", ["number"], unique=False)
    op.create_index(op.f("ix_documents_state_created_at"), "documents", ["state", "created_at"], unique=False)
    op.create_table(
        "document_revisions",
        sa.Column("document_id", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", _BIG, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_document_revisions_document_id")),
        sa.PrimaryKeyConstraint("document_id", "number", name=op.f("pk_document_revisions")),
    )
    op.create_index(op.f("ix_document_revisions_sha256"), "document_revisions", ["sha256"], unique=False)
    op.create_table(
        "journal_entries",
        sa.Column("journal", sa.String(length=50), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.String(length=200), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("annulled_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_journal_entries_seq_from_1")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_journal_entries_document_id")),
        sa.ForeignKeyConstraint(["journal"], ["journals.code"], name=op.f("fk_journal_entries_journal")),
        sa.PrimaryKeyConstraint("journal", "year", "seq", name=op.f("pk_journal_entries")),
        sa.UniqueConstraint("journal", "document_id", name=op.f("uq_journal_entries_journal_document_id")),
        sa.UniqueConstraint("journal", "number", name=op.f("uq_journal_entries_journal_number")),
    )
    op.create_index(op.f("ix_journal_entries_document_id"), "journal_entries", ["document_id"], unique=False)
    op.create_table(
        "signature_requests",
        sa.Column("rowno", _BIG, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.String(length=200), nullable=False),
        sa.Column("signing_order", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("signer_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_signature_requests_document_id")),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_signature_requests")),
        sa.UniqueConstraint("id", name=op.f("uq_signature_requests_id")),
    )
    op.create_index(op.f("ix_signature_requests_document_id_signing_order"), "signature_requests", ["document_id", "signing_order"], unique=False)
    op.create_index(op.f("ix_signature_requests_signer_id_state"), "signature_requests", ["signer_id", "state"], unique=False)
    op.create_table(
        "visas",
        sa.Column("rowno", _BIG, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.String(length=200), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_visas_document_id")),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_visas")),
        sa.UniqueConstraint("id", name=op.f("uq_visas_id")),
    )
    op.create_index(op.f("ix_visas_document_id_round"), "visas", ["document_id", "round"], unique=False)
    op.create_table(
        "prepared_signings",
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.String(length=200), nullable=False),
        sa.Column("lease_token", _BIG, nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=False),
        sa.Column("to_be_signed", sa.LargeBinary(), nullable=False),
        sa.Column("signature_algorithm", sa.String(length=100), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_prepared_signings_document_id")),
        sa.ForeignKeyConstraint(["request_id"], ["signature_requests.id"], name=op.f("fk_prepared_signings_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_prepared_signings")),
    )
    op.create_table(
        "signing_leases",
        sa.Column("document_id", sa.String(length=200), nullable=False),
        sa.Column("token", _BIG, nullable=False),
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_signing_leases_document_id")),
        sa.ForeignKeyConstraint(["request_id"], ["signature_requests.id"], name=op.f("fk_signing_leases_request_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_signing_leases")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for guard in _SQLITE_GUARDS:
            op.execute(guard)
