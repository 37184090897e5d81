"""Accounts, remote signing, the interface: what members need to sign from where they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from doc_service.persistence.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One function for each area, called here."""
    _access()
    _logins()
    _signing()
    _operations()
    _identity()
    _notify()
    _lists()
    _interface()
    _sima()


def _sima() -> None:
    """Log-ins with SİMA while the person takes out the phone."""
    op.create_table(
        "sima_logins",
        sa.Column("operation_sha256", sa.String(length=64), nullable=False),
        sa.Column("browser_sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proven", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("operation_sha256", name=op.f("pk_sima_logins")),
        sa.UniqueConstraint("browser_sha256", name=op.f("uq_sima_logins_browser_sha256")),
    )
    op.create_index(op.f("ix_sima_logins_expires_at"), "sima_logins", ["expires_at"])


def _lists() -> None:
    """Meetings of every body, the latest first."""
    op.create_index(op.f("ix_meetings_opens_at_id"), "meetings", ["opens_at", "id"])


def _identity() -> None:
    """Identity proofs with their objects, and the history of trust anchors."""
    op.create_table(
        "evidence_objects",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_evidence_objects")),
    )
    op.create_table(
        "identity_proofs",
        sa.Column("rowno", _BIG, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.String(length=200), nullable=False),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=False),
        sa.Column("anchor_sha256", sa.String(length=64), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_identity_proofs_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["signature_requests.id"], name=op.f("fk_identity_proofs_request_id")
        ),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_identity_proofs")),
        sa.UniqueConstraint("id", name=op.f("uq_identity_proofs_id")),
    )
    for column in ("request_id", "document_id", "certificate_sha256"):
        op.create_index(op.f(f"ix_identity_proofs_{column}_rowno"), "identity_proofs", [column, "rowno"])
    op.create_table(
        "trust_anchors",
        sa.Column("rowno", _BIG, autoincrement=True, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_trust_anchors")),
    )
    op.create_index(op.f("ix_trust_anchors_sha256_rowno"), "trust_anchors", ["sha256", "rowno"])
    for table in ("evidence_objects", "identity_proofs", "trust_anchors"):
        _append_only(table)


def _signing() -> None:
    """One record a signature, the queue before the lease, counted refusals; by which way a signature was prepared."""
    op.add_column("prepared_signings", sa.Column("way", sa.String(length=32), server_default="", nullable=False))
    op.create_table(
        "signing_records",
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("signer_id", sa.String(length=200), nullable=False),
        sa.Column("prepared_sha256", sa.String(length=64), nullable=False),
        sa.Column("signature_sha256", sa.String(length=64), nullable=False),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        *_of_a_request("signing_records"),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_signing_records")),
    )
    for columns in (["document_id", "revision"], ["signer_id", "signed_at"]):
        op.create_index(op.f(f"ix_signing_records_{'_'.join(columns)}"), "signing_records", columns)
    _append_only("signing_records")
    op.create_table(
        "signing_queue",
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.String(length=200), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("called_at", UtcDateTime(), nullable=True),
        *_of_a_request("signing_queue"),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_signing_queue")),
    )
    op.create_index(op.f("ix_signing_queue_document_id_joined_at"), "signing_queue", ["document_id", "joined_at"])
    op.create_table(
        "signature_refusals",
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("unrecorded", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["signature_requests.id"], name=op.f("fk_signature_refusals_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "actor", "code", name=op.f("pk_signature_refusals")),
    )


def _of_a_request(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f(f"fk_{table}_document_id")),
        sa.ForeignKeyConstraint(["request_id"], ["signature_requests.id"], name=op.f(f"fk_{table}_request_id")),
    ]


def _append_only(table: str) -> None:
    """Rows are never changed and never deleted."""
    refusal = f"'{table} is append-only'"
    if op.get_bind().dialect.name == "sqlite":
        for action in ("DELETE", "UPDATE"):
            name = f"{table}_no_{action.lower()}"
            op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} BEGIN SELECT RAISE(ABORT, {refusal}); END")
        return
    body = f"BEGIN RAISE EXCEPTION USING ERRCODE = 'DS001', MESSAGE = {refusal}; END"
    op.execute(f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$")
    for action, each in (("delete", "ROW"), ("update", "ROW"), ("truncate", "STATEMENT")):
        name = f"{table}_no_{action}"
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {action.upper()} ON {table} FOR EACH {each} EXECUTE FUNCTION {table}_guard()"
        )
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def _operations() -> None:
    """Signing operations: what a person's device has been asked and has answered."""
    op.create_table(
        "signing_operations",
        sa.Column("rowno", _BIG, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("signer_id", sa.String(length=200), nullable=False),
        sa.Column("means", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("correlation", sa.String(length=64), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_signing_operations")),
        sa.UniqueConstraint("id", name=op.f("uq_signing_operations_id")),
        sa.UniqueConstraint("correlation", name=op.f("uq_signing_operations_correlation")),
    )
    op.create_index(op.f("ix_signing_operations_signer_id_rowno"), "signing_operations", ["signer_id", "rowno"])
    unfinished = sa.text("finished_at IS NULL")
    op.create_index(
        "ix_signing_operations_live", "signing_operations", ["expires_at", "rowno"],
        sqlite_where=unfinished, postgresql_where=unfinished,
    )
    op.create_table(
        "signing_operation_requests",
        sa.Column("operation_id", sa.String(length=200), nullable=False),
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("operation_rowno", _BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["signing_operations.id"], name=op.f("fk_signing_operation_requests_operation_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["signature_requests.id"], name=op.f("fk_signing_operation_requests_request_id")
        ),
        sa.PrimaryKeyConstraint("operation_id", "request_id", name=op.f("pk_signing_operation_requests")),
    )
    op.create_index(
        op.f("ix_signing_operation_requests_request_id_operation_rowno"),
        "signing_operation_requests", ["request_id", "operation_rowno"],
    )


def _interface() -> None:
    """Answers of requests that may be sent again."""
    op.create_table(
        "idempotency_keys",
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=100), nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"])


def _access() -> None:
    """Accounts, what proves their owners, sessions and tokens."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("fin", sa.String(length=7), nullable=False),
        sa.Column("document_id", sa.String(length=200), nullable=False),
        sa.Column("administers", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
    )
    op.create_index(op.f("ix_accounts_state_login"), "accounts", ["state", "login"])
    for name, columns, unique, condition in (
        ("fin", ["fin", "document_id"], True, "state = 'active' AND fin <> ''"),
        ("person_id", ["person_id", "document_id"], True, "state = 'active' AND person_id <> ''"),
        ("external", ["document_id", "login"], False, "document_id <> ''"),
        ("administrators", ["login"], False, "administers = 1"),
    ):
        where = sa.text(condition)
        op.create_index(
            f"ix_accounts_{name}", "accounts", columns, unique=unique, sqlite_where=where, postgresql_where=where
        )
    _credentials()
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("means", sa.String(length=32), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        _of_an_account("sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_account_id_started_at_id"), "sessions", ["account_id", "started_at", "id"])
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"])
    op.create_table(
        "service_tokens",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        _of_an_account("service_tokens"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_tokens")),
    )
    op.create_index(
        op.f("ix_service_tokens_account_id_created_at_id"), "service_tokens", ["account_id", "created_at", "id"]
    )


def _credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_set_at", UtcDateTime(), nullable=True),
        sa.Column("totp", sa.LargeBinary(), nullable=False),
        sa.Column("totp_pending", sa.LargeBinary(), nullable=False),
        sa.Column("totp_step", _BIG, nullable=False),
        sa.Column("enrolment_sha256", sa.String(length=64), nullable=False),
        sa.Column("enrolment_until", UtcDateTime(), nullable=True),
        sa.Column("enrolment_resets", sa.Integer(), nullable=False),
        _of_an_account("credentials"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_credentials")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        _of_an_account("recovery_codes"),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "login_attempts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_attempts")),
    )
    op.create_index(op.f("ix_login_attempts_failed_at"), "login_attempts", ["failed_at"])
    op.create_table(
        "login_tickets",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        _of_an_account("login_tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_tickets")),
    )
    op.create_index(op.f("ix_login_tickets_expires_at"), "login_tickets", ["expires_at"])


def _of_an_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f(f"fk_{table}_account_id"))


def _notify() -> None:
    """Webhooks and their deliveries."""
    op.create_table(
        "webhooks",
        sa.Column("rowno", _BIG, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("id", name=op.f("uq_webhooks_id")),
    )
    op.create_index(op.f("ix_webhooks_state_rowno"), "webhooks", ["state", "rowno"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("webhook_id", sa.String(length=200), nullable=False),
        sa.Column("seq", _BIG, nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("webhook_id", "event_id", name=op.f("uq_webhook_deliveries_webhook_id_event_id")),
        sa.UniqueConstraint("webhook_id", "seq", name=op.f("uq_webhook_deliveries_webhook_id_seq")),
    )
    op.create_index(
        op.f("ix_webhook_deliveries_webhook_id_state_seq"), "webhook_deliveries", ["webhook_id", "state", "seq"]
    )


def _logins() -> None:
    """Log-in by outside means."""
    op.create_table(
        "oidc_attempts",
        sa.Column("state_sha256", sa.String(length=64), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("browser_sha256", sa.String(length=64), nullable=False),
        sa.Column("return_to", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("state_sha256", name=op.f("pk_oidc_attempts")),
    )
    op.create_index(op.f("ix_oidc_attempts_expires_at"), "oidc_attempts", ["expires_at"])
    op.create_table(
        "login_challenges",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("browser_sha256", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_challenges")),
    )
    op.create_index(op.f("ix_login_challenges_expires_at"), "login_challenges", ["expires_at"])
    op.create_table(
        "outside_identities",
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.Column("linked_by", sa.String(length=200), nullable=False),
        _of_an_account("outside_identities"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_outside_identities")),
    )
    op.create_index(op.f("ix_outside_identities_account_id"), "outside_identities", ["account_id"])
