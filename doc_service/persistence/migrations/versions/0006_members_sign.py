"""Accounts, remote signing, the interface: what members need to sign from where they are."""

from __future__ import annotations

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One function for each area, called here."""

