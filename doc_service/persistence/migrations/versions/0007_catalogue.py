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
    _registers()


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


def _registers() -> None:
    """Persons and organisations that instruments name."""
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("voen", sa.String(length=10), nullable=False),
        sa.Column("head_id", sa.String(length=200), nullable=False),
        sa.Column("keeper_id", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["head_id"], ["people.id"], name=op.f("fk_organisations_head_id")),
        sa.ForeignKeyConstraint(["keeper_id"], ["people.id"], name=op.f("fk_organisations_keeper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("voen", name=op.f("uq_organisations_voen")),
    )
    for column in ("head_id", "keeper_id"):
        op.create_index(op.f(f"ix_organisations_{column}"), "organisations", [column])
