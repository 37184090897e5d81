"""Tables of accounts, credentials, sessions and tokens. Secrets stand in them as digests or sealed."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

from doc_service.persistence.tables import Id, metadata
from doc_service.persistence.types import RowNumber, UtcDateTime

_FIN_IN_USE = text("state = 'active' AND fin <> ''")
_PERSON_IN_USE = text("state = 'active' AND person_id <> ''")
_EXTERNAL = text("document_id <> ''")
_ADMINISTERS = text("administers = 1")

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("state", String(32), nullable=False),
    Column("person_id", Id, nullable=False),
    Column("fin", String(7), nullable=False),
    Column("document_id", Id, nullable=False),
    Column("administers", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index(
        "ix_accounts_fin", "fin", "document_id", unique=True,
        sqlite_where=_FIN_IN_USE, postgresql_where=_FIN_IN_USE,
    ),
    Index(
        "ix_accounts_person_id", "person_id", "document_id", unique=True,
        sqlite_where=_PERSON_IN_USE, postgresql_where=_PERSON_IN_USE,
    ),
    Index("ix_accounts_external", "document_id", "login", sqlite_where=_EXTERNAL, postgresql_where=_EXTERNAL),
    Index("ix_accounts_administrators", "login", sqlite_where=_ADMINISTERS, postgresql_where=_ADMINISTERS),
    Index(None, "state", "login"),
)  # fmt: skip

credentials = Table(
    "credentials",
    metadata,
    Column("account_id", Id, ForeignKey("accounts.id"), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("password_set_at", UtcDateTime),
    Column("totp", LargeBinary, nullable=False),
    Column("totp_pending", LargeBinary, nullable=False),
    Column("totp_step", RowNumber, nullable=False),
    Column("enrolment_sha256", String(64), nullable=False),
    Column("enrolment_until", UtcDateTime),
    Column("enrolment_resets", Integer, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", Id, ForeignKey("accounts.id"), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("used_at", UtcDateTime),
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failed_at", UtcDateTime, nullable=False),
    Index(None, "failed_at"),
)

login_tickets = Table(
    "login_tickets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False),
    Column("secret_sha256", String(64), nullable=False),
    Column("device", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "expires_at"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False),
    Column("secret_sha256", String(64), nullable=False),
    Column("means", String(32), nullable=False),
    Column("device", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index(None, "account_id", "started_at", "id"),
    Index(None, "expires_at"),
)

service_tokens = Table(
    "service_tokens",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("secret_sha256", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Index(None, "account_id", "created_at", "id"),
)
