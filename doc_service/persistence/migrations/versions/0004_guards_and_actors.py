"""Who did it is a column of the audit log; the append-only guards also stand on PostgreSQL, and over outages."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_PAGE = 2000
_SQLITE_GUARDS = [
    "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL OR NEW.rowno IS NOT OLD.rowno OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.action IS NOT OLD.action OR NEW.subject_type IS NOT OLD.subject_type OR NEW.subject_id IS NOT OLD.subject_id OR NEW.actor IS NOT OLD.actor OR NEW.canonical IS NOT OLD.canonical OR NEW.leaf_hash IS NOT OLD.leaf_hash BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END",  # noqa: E501
    "CREATE TRIGGER outages_no_delete BEFORE DELETE ON outages BEGIN SELECT RAISE(ABORT, 'outages is append-only'); END",  # noqa: E501
    "CREATE TRIGGER outages_no_update BEFORE UPDATE ON outages WHEN OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR NEW.rowno IS NOT OLD.rowno OR NEW.id IS NOT OLD.id OR NEW.component IS NOT OLD.component OR NEW.host IS NOT OLD.host OR NEW.began_at IS NOT OLD.began_at OR NEW.reason IS NOT OLD.reason BEGIN SELECT RAISE(ABORT, 'outages is append-only'); END",  # noqa: E501
]
_FUNCTIONS = {
    "audit_events": "BEGIN IF TG_OP = 'UPDATE' THEN IF NOT (OLD.seq IS NOT NULL OR NEW.seq IS NULL OR NEW.rowno IS DISTINCT FROM OLD.rowno OR NEW.id IS DISTINCT FROM OLD.id OR NEW.at IS DISTINCT FROM OLD.at OR NEW.action IS DISTINCT FROM OLD.action OR NEW.subject_type IS DISTINCT FROM OLD.subject_type OR NEW.subject_id IS DISTINCT FROM OLD.subject_id OR NEW.actor IS DISTINCT FROM OLD.actor OR NEW.canonical IS DISTINCT FROM OLD.canonical OR NEW.leaf_hash IS DISTINCT FROM OLD.leaf_hash) THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION USING ERRCODE = 'DS001', MESSAGE = 'audit_events is append-only'; END",  # noqa: E501
    "audit_nodes": "BEGIN RAISE EXCEPTION USING ERRCODE = 'DS001', MESSAGE = 'audit_nodes is append-only'; END",  # noqa: E501
    "audit_head": "BEGIN IF TG_OP = 'UPDATE' THEN IF NOT (NEW.size < OLD.size) THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION USING ERRCODE = 'DS001', MESSAGE = 'audit_head is append-only'; END",  # noqa: E501
    "audit_checkpoints": "BEGIN IF TG_OP = 'UPDATE' THEN IF NOT (OLD.timestamp IS NOT NULL OR NEW.timestamp IS NULL OR NEW.size IS DISTINCT FROM OLD.size OR NEW.root IS DISTINCT FROM OLD.root OR NEW.at IS DISTINCT FROM OLD.at OR NEW.sha256 IS DISTINCT FROM OLD.sha256 OR NEW.document IS DISTINCT FROM OLD.document OR NEW.key IS DISTINCT FROM OLD.key) THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION USING ERRCODE = 'DS001', MESSAGE = 'audit_checkpoints is append-only'; END",  # noqa: E501
    "journal_entries": "BEGIN IF TG_OP = 'UPDATE' THEN IF NOT (OLD.annulled_reason <> '' OR NEW.journal IS DISTINCT FROM OLD.journal OR NEW.year IS DISTINCT FROM OLD.year OR NEW.seq IS DISTINCT FROM OLD.seq OR NEW.number IS DISTINCT FROM OLD.number OR NEW.document_id IS DISTINCT FROM OLD.document_id OR NEW.registered_on IS DISTINCT FROM OLD.registered_on) THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION USING ERRCODE = 'DS001', MESSAGE = 'journal_entries is append-only'; END",  # noqa: E501
    "journal_counters": "BEGIN IF TG_OP = 'UPDATE' THEN IF NOT (NEW.last_seq <> OLD.last_seq + 1 OR NEW.journal IS DISTINCT FROM OLD.journal OR NEW.year IS DISTINCT FROM OLD.year) THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION USING ERRCODE = 'DS001', MESSAGE = 'journal_counters is append-only'; END",  # noqa: E501
    "document_revisions": "BEGIN RAISE EXCEPTION USING ERRCODE = 'DS001', MESSAGE = 'document_revisions is append-only'; END",  # noqa: E501
    "outages": "BEGIN IF TG_OP = 'UPDATE' THEN IF NOT (OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR NEW.rowno IS DISTINCT FROM OLD.rowno OR NEW.id IS DISTINCT FROM OLD.id OR NEW.component IS DISTINCT FROM OLD.component OR NEW.host IS DISTINCT FROM OLD.host OR NEW.began_at IS DISTINCT FROM OLD.began_at OR NEW.reason IS DISTINCT FROM OLD.reason) THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION USING ERRCODE = 'DS001', MESSAGE = 'outages is append-only'; END",  # noqa: E501
}


def upgrade() -> None:
    op.add_column("audit_events", sa.Column("actor", sa.String(length=200), nullable=True))
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_events_no_update")
    _fill_actors(bind)
    for guard in _guards(bind.dialect.name):
        op.execute(sa.text(guard))


def _fill_actors(bind: sa.Connection) -> None:
    """From the recorded bytes; an event whose bytes somebody has damaged keeps none, and ``audit verify`` names it."""
    events = sa.table(
        "audit_events",
        sa.column("rowno", sa.BigInteger),
        sa.column("actor", sa.String),
        sa.column("canonical", sa.LargeBinary),
    )
    page = sa.select(events.c.rowno, events.c.canonical).order_by(events.c.rowno).limit(_PAGE)
    change = (
        sa.update(events)
        .where(events.c.rowno == sa.bindparam("row", type_=sa.BigInteger))
        .values(actor=sa.bindparam("who"))
    )
    last = -(2**62)
    while rows := bind.execute(page.where(events.c.rowno > last)).all():
        last = rows[-1].rowno
        known = [{"row": row.rowno, "who": who} for row in rows if (who := _actor(row.canonical)) is not None]
        if known:
            bind.execute(change, known)


def _actor(canonical: object) -> str | None:
    try:
        actor = json.loads(canonical)["actor"]  # type: ignore[arg-type]
    except (ValueError, TypeError, KeyError):
        return None
    return actor if isinstance(actor, str) and len(actor) <= 200 and "\x00" not in actor else None


def _guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return _SQLITE_GUARDS
    statements = []
    for table, body in _FUNCTIONS.items():
        statements.append(f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$")
        for action, each in (("delete", "ROW"), ("update", "ROW"), ("truncate", "STATEMENT")):
            name = f"{table}_no_{action}"
            statements += [
                f"CREATE TRIGGER {name} BEFORE {action.upper()} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION {table}_guard()",
                f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
            ]
    return statements
