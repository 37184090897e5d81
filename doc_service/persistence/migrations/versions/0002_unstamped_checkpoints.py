"""Checkpoints that wait for a time stamp are found without reading the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WAITING = sa.text("timestamp IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_audit_checkpoints_unstamped",
        "audit_checkpoints",
        ["size"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
