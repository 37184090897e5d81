"""Tables of log-in by outside means. Attempts and challenges are rows of minutes; identities stay."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table, Text

from doc_service.persistence.tables import Id, metadata
from doc_service.persistence.types import UtcDateTime

oidc_attempts = Table(
    "oidc_attempts",
    metadata,
    Column("state_sha256", String(64), primary_key=True),
    Column("provider", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("browser_sha256", String(64), nullable=False),
    Column("return_to", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "expires_at"),
)

login_challenges = Table(
    "login_challenges",
    metadata,
    Column("id", Id, primary_key=True),
    Column("nonce", String(64), nullable=False),
    Column("origin", Text, nullable=False),
    Column("browser_sha256", String(64), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "expires_at"),
)

outside_identities = Table(
    "outside_identities",
    metadata,
    Column("issuer", String(300), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False),
    Column("linked_at", UtcDateTime, nullable=False),
    Column("linked_by", Id, nullable=False),
    Index(None, "account_id"),
)
