"""Jobs know when they were asked for, handed to a broker and done; outages are a journal (002 §7.1.2)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from doc_service.persistence.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("created_at", UtcDateTime(), nullable=True))
    op.add_column("jobs", sa.Column("queued_until", UtcDateTime(), nullable=True))
    op.add_column("jobs", sa.Column("finished_at", UtcDateTime(), nullable=True))
    op.create_table(
        "outages",
        sa.Column("rowno", _BIG, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("component", sa.String(length=64), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_outages")),
        sa.UniqueConstraint("id", name=op.f("uq_outages_id")),
    )
    op.create_index(op.f("ix_outages_component_began_at"), "outages", ["component", "began_at"])
