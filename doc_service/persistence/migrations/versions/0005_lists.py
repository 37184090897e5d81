"""An index for every list that a page or an auditor asks for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_DROPPED = {
    "documents": ("state_created_at", "instrument_created_at", "body_id"),
    "signature_requests": ("signer_id_state",),
}
_MADE = {
    "documents": (
        ("state", "created_at", "id"),
        ("instrument", "created_at", "id"),
        ("body_id", "created_at", "id"),
    ),
    "visas": (("unit", "state", "rowno"),),
    "journal_entries": (("registered_on", "journal"),),
    "signature_requests": (("signer_id", "state", "rowno"), ("state", "rowno")),
    "jobs": (("state", "kind", "rowno"),),
    "outages": (("began_at",),),
    "audit_events": (("at", "rowno"), ("action", "at", "rowno"), ("actor", "at", "rowno")),
}
_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    for table, indexes in _DROPPED.items():
        for index in indexes:
            op.drop_index(op.f(f"ix_{table}_{index}"), table_name=table)
    for table, made in _MADE.items():
        for columns in made:
            op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
    op.create_index("ix_outages_open", "outages", ["began_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    bind = op.get_bind()
    order = "" if bind.dialect.name == "sqlite" else ' COLLATE "C"'
    op.execute(f"CREATE INDEX ix_document_revisions_key ON document_revisions (key{order})")
    if bind.dialect.name == "postgresql":
        _search_by_trigrams(bind)


def _search_by_trigrams(bind: sa.Connection) -> None:
    """Only where the server has the extension and lets us; without it a search reads documents, newest first."""
    known = bind.scalar(sa.text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"))
    if not known:
        return
    try:
        with bind.begin_nested():
            bind.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            bind.execute(
                sa.text("CREATE INDEX ix_documents_search_text ON documents USING gin (search_text gin_trgm_ops)")
            )
    except Exception as error:
        if getattr(error, "code", "") != "persistence.forbidden":
            raise
