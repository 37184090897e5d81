"""Append-only guards: the database itself refuses to rewrite records that only ever grow.

They protect against mistakes and stray statements of the service's own account; against an operator who drops them
stand the audit log's proofs (DESIGN 11) and the archive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from doc_service.persistence.dialect import POSTGRESQL
from doc_service.persistence.dialect.postgresql import APPEND_ONLY


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of ``table`` are never deleted. They are changed only as long as ``refused`` (over OLD and NEW) does not
    hold and the columns ``fixed`` stay as they are; without both, never."""

    table: str
    refused: str = ""
    fixed: tuple[str, ...] = ()

    def condition(self, differs: str) -> str:
        """When a change is refused; "" for always. ``differs``: the engine's comparison that knows NULL."""
        changed = [f"NEW.{column} {differs} OLD.{column}" for column in self.fixed]
        return " OR ".join(filter(None, [self.refused, *changed]))


RULES: Sequence[Rule] = (
    Rule(
        "audit_events",
        "OLD.seq IS NOT NULL OR NEW.seq IS NULL",
        ("rowno", "id", "at", "action", "subject_type", "subject_id", "actor", "canonical", "leaf_hash"),
    ),
    Rule("audit_nodes"),
    Rule("audit_head", "NEW.size < OLD.size"),
    Rule(
        "audit_checkpoints",
        "OLD.timestamp IS NOT NULL OR NEW.timestamp IS NULL",
        ("size", "root", "at", "sha256", "document", "key"),
    ),
    Rule(
        "journal_entries",
        "OLD.annulled_reason <> ''",
        ("journal", "year", "seq", "number", "document_id", "registered_on"),
    ),
    Rule("journal_counters", "NEW.last_seq <> OLD.last_seq + 1", ("journal", "year")),
    Rule("document_revisions"),
    Rule("evidence_objects"),
    Rule("identity_proofs"),
    Rule("trust_anchors"),
    Rule("signing_records"),
    Rule("copy_issues"),
    Rule("successions"),
    Rule("recommendation_outcomes"),
    Rule("case_files"),
    Rule("template_versions"),
    Rule("template_moves"),
    Rule("registry_editions"),
    Rule(
        "outages",
        "OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL",
        ("rowno", "id", "component", "host", "began_at", "reason"),
    ),
)
"""Of the newest schema; migrations carry their own frozen copies."""


def _sqlite_trigger(table: str, action: str, when: str = "") -> str:
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


SQLITE_GUARDS: Mapping[str, str] = {
    f"{rule.table}_no_{action.lower()}": _sqlite_trigger(rule.table, action, when)
    for rule in RULES
    for action, when in (("DELETE", ""), ("UPDATE", rule.condition("IS NOT")))
}
"""Triggers by name."""


def _function_body(rule: Rule) -> str:
    condition = rule.condition("IS DISTINCT FROM")
    allowed = f" IF TG_OP = 'UPDATE' THEN IF NOT ({condition}) THEN RETURN NEW; END IF; END IF;" if condition else ""
    refusal = f"RAISE EXCEPTION USING ERRCODE = '{APPEND_ONLY}', MESSAGE = '{rule.table} is append-only'"
    return f"BEGIN{allowed} {refusal}; END"


POSTGRESQL_FUNCTIONS: Mapping[str, str] = {rule.table: _function_body(rule) for rule in RULES}
"""Bodies of the trigger functions ``<table>_guard`` by table; the server keeps them letter by letter."""

POSTGRESQL_ACTIONS: Mapping[str, int] = {"delete": 11, "update": 19, "truncate": 34}
"""Each table's triggers ``<table>_no_<action>`` and how ``pg_trigger.tgtype`` writes them: before, each row (for
TRUNCATE each statement). They fire ALWAYS, also for a session that says it is a replica."""


def missing_guards(connection: Connection) -> Sequence[str]:
    """Names of guards that are not there, are switched off or read differently."""
    if connection.dialect.name == POSTGRESQL:
        return _missing_on_postgresql(connection)
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    present = {str(name): str(sql) for name, sql in rows}
    return [name for name, sql in SQLITE_GUARDS.items() if present.get(name) != sql]


_TRIGGERS = text(
    "SELECT t.tgname, c.relname, t.tgtype, p.prosrc FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang "
    "WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND t.tgqual IS NULL AND cardinality(t.tgattr::int2[]) = 0 "
    "AND l.lanname = 'plpgsql' AND pg_table_is_visible(c.oid)"
)


def _missing_on_postgresql(connection: Connection) -> Sequence[str]:
    present = {str(row.tgname): (row.relname, row.tgtype, row.prosrc) for row in connection.execute(_TRIGGERS)}
    expected = {
        f"{table}_no_{action}": (table, kind, body)
        for table, body in POSTGRESQL_FUNCTIONS.items()
        for action, kind in POSTGRESQL_ACTIONS.items()
    }
    return [name for name, guard in expected.items() if present.get(name) != guard]
