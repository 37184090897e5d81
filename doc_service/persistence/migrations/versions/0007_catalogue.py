"""Registers, clusters and everything else that the whole catalogue of instruments needs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from doc_service.persistence.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One function for each area, called here."""
    _claims()


def _claims() -> None:
    """Who drives a signing operation."""
    op.create_table(
        "signing_claims",
        sa.Column("operation_id", sa.String(length=200), nullable=False),
        sa.Column("token", sa.String(length=200), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["signing_operations.id"], name=op.f("fk_signing_claims_operation_id")
        ),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_signing_claims")),
    )
