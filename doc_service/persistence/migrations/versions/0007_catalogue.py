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
    _copies()


def _copies() -> None:
    """Issued copies, and documents that follow one another."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "copy_issues",
        sa.Column("rowno", big, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("original_id", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["documents.id"], name=op.f("fk_copy_issues_id")),
        sa.ForeignKeyConstraint(["original_id"], ["documents.id"], name=op.f("fk_copy_issues_original_id")),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_copy_issues")),
        sa.UniqueConstraint("id", name=op.f("uq_copy_issues_id")),
        sa.UniqueConstraint("code", name=op.f("uq_copy_issues_code")),
    )
    op.create_index(op.f("ix_copy_issues_original_id_rowno"), "copy_issues", ["original_id", "rowno"])
    op.create_table(
        "successions",
        sa.Column("rowno", big, autoincrement=True, nullable=False),
        sa.Column("old_id", sa.String(length=200), nullable=False),
        sa.Column("new_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["old_id"], ["documents.id"], name=op.f("fk_successions_old_id")),
        sa.ForeignKeyConstraint(["new_id"], ["documents.id"], name=op.f("fk_successions_new_id")),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_successions")),
        sa.UniqueConstraint("old_id", "new_id", "kind", name=op.f("uq_successions_old_id_new_id_kind")),
    )
    _only_grows("copy_issues")
    _only_grows("successions")


def _only_grows(table: str) -> None:
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
