"""Append-only guards: the database itself refuses to rewrite records that only ever grow.

They protect against mistakes and stray statements of the service's own account; against an operator who drops them
stand the audit log's proofs (DESIGN 11) and the archive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text


def _refuse(table: str, action: str, when: str = "") -> str:
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _changed(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in columns)


SQLITE_GUARDS: Mapping[str, str] = {
    "audit_events_no_delete": _refuse("audit_events", "DELETE"),
    "audit_events_no_update": _refuse(
        "audit_events",
        "UPDATE",
        "OLD.seq IS NOT NULL OR NEW.seq IS NULL OR "
        + _changed("rowno", "id", "at", "action", "subject_type", "subject_id", "canonical", "leaf_hash"),
    ),
    "audit_nodes_no_delete": _refuse("audit_nodes", "DELETE"),
    "audit_nodes_no_update": _refuse("audit_nodes", "UPDATE"),
    "audit_head_no_delete": _refuse("audit_head", "DELETE"),
    "audit_head_no_update": _refuse("audit_head", "UPDATE", "NEW.size < OLD.size"),
    "audit_checkpoints_no_delete": _refuse("audit_checkpoints", "DELETE"),
    "audit_checkpoints_no_update": _refuse(
        "audit_checkpoints",
        "UPDATE",
        "OLD.timestamp IS NOT NULL OR NEW.timestamp IS NULL OR "
        + _changed("size", "root", "at", "sha256", "document", "key"),
    ),
    "journal_entries_no_delete": _refuse("journal_entries", "DELETE"),
    "journal_entries_no_update": _refuse(
        "journal_entries",
        "UPDATE",
        "OLD.annulled_reason <> '' OR " + _changed("journal", "year", "seq", "number", "document_id", "registered_on"),
    ),
    "journal_counters_no_delete": _refuse("journal_counters", "DELETE"),
    "journal_counters_no_update": _refuse(
        "journal_counters", "UPDATE", "NEW.last_seq <> OLD.last_seq + 1 OR " + _changed("journal", "year")
    ),
    "document_revisions_no_delete": _refuse("document_revisions", "DELETE"),
    "document_revisions_no_update": _refuse("document_revisions", "UPDATE"),
}
"""Guards of the newest schema by name; migrations carry their own frozen copies."""


def missing_guards(connection: Connection) -> Sequence[str]:
    """Names of guards that are not there or read differently."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    present = {str(name): str(sql) for name, sql in rows}
    return [name for name, sql in SQLITE_GUARDS.items() if present.get(name) != sql]
