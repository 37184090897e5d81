"""Indexes that the description of the tables cannot say for every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

REQUIRED: Mapping[str, str] = {"ix_document_revisions_key": "document_revisions"}
"""By name, with the table. Keys in the order of their bytes, whatever the collation of a PostgreSQL database."""

OPTIONAL: Mapping[str, str] = {"ix_documents_search_text": "documents"}
"""Trigrams, where PostgreSQL has the extension pg_trgm."""

_PRESENT = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'",
    "postgresql": (
        "SELECT i.relname, t.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
        "JOIN pg_class t ON t.oid = x.indrelid WHERE x.indisvalid AND x.indisready AND pg_table_is_visible(t.oid)"
    ),
}


def described(name: str | None) -> bool:
    """Whether the description of the tables is to be compared with the index of this name."""
    return name not in REQUIRED and name not in OPTIONAL


def missing_indexes(connection: Connection) -> Sequence[str]:
    """Names of required indexes that are not there or not usable."""
    rows = connection.execute(text(_PRESENT[connection.dialect.name]))
    present = {str(name): str(table) for name, table in rows}
    return [name for name, table in REQUIRED.items() if present.get(name) != table]
