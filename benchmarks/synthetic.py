"""Rows of many documents, made inside PostgreSQL from the rows that one real document has left.

Every row keeps its real width; identifiers, digests, numbers and moments differ from document to document, random
identifiers in random order as the service's are, so that tables and indexes grow as they would.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Connection, sql

TABLES = (
    "documents", "document_revisions", "visas", "journal_entries", "signature_requests", "signing_leases",
    "prepared_signings", "jobs", "audit_events",
)  # fmt: skip
SPACING = "30 seconds"
"""Between two documents: a million in a working year."""
_NEW_ID = "'paper-' || lpad((1000000 + g)::text, 7, '0')"
_RANDOM_ID = "md5({column} || g)::uuid::text"
_DIGEST = "encode(sha256(convert_to({column} || g, 'UTF8')), 'hex')"
_SPECIAL: Mapping[tuple[str, str], str] = {
    ("documents", "id"): _NEW_ID,
    ("documents", "number"): "{column} || '-' || g",
    ("journal_entries", "number"): "{column} || '-' || g",
    ("journal_entries", "seq"): "1000 + g",
    ("audit_events", "seq"): "1000000 + (g - 1) * {rows}::bigint + t.place",
    ("audit_events", "canonical"): "convert_to(replace(convert_from({column}, 'UTF8'), t.subject_id, "
    + _NEW_ID
    + "), 'UTF8')",
    ("audit_events", "leaf_hash"): "sha256({column} || convert_to(g::text, 'UTF8'))",
    ("jobs", "key"): "split_part({column}, ':', 1) || ':' || encode(sha256(convert_to({column} || g, 'UTF8')), 'hex')",
    ("", "id"): _RANDOM_ID,
    ("", "request_id"): _RANDOM_ID,
    ("", "lease_token"): "{column}",
    ("", "signer_id"): "'person-' || (g % 500)",
    ("", "sha256"): _DIGEST,
}
"""By table and column, "" for every other table: the SQL of a column whose value must be another for each document."""


def template_rows(connection: Connection[Any], document: str) -> dict[str, int]:
    """Keeps the rows that the document has left as ``template_<table>``; how many there are of each table. Jobs and
    checkpoints that came with it belong to it: it must be the only document."""
    counts = {}
    for table in TABLES:
        where = "" if table == "jobs" else _where(table)
        statement = f"CREATE TABLE template_{table} AS SELECT * FROM {table} {where}"
        counts[table] = connection.execute(statement, [document] if where else None).rowcount
    return counts


def _where(table: str) -> str:
    column = {"documents": "id", "audit_events": "subject_id"}.get(table, "document_id")
    literal = "%s"
    return f"WHERE {column} = {literal}"


def multiply(connection: Connection[Any], document: str, counts: Mapping[str, int], total: int) -> None:
    """Adds ``counts[table]`` documents' rows to each table, without indexes meanwhile; then indexes and statistics.
    ``total``: the documents from which moments are counted back to now."""
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET synchronous_commit = off")
    for table in TABLES:
        if counts.get(table, 0):
            definitions = drop_indexes(connection, table)
            _fill(connection, table, document, counts[table], total)
            for definition in definitions:
                connection.execute(definition)
            connection.execute(f"VACUUM (ANALYZE) {table}")
            sys.stderr.write(f"{time.strftime('%H:%M:%S')} {table} filled\n")
    for table in TABLES:
        connection.execute(f"DROP TABLE template_{table}")
    connection.execute("RESET session_replication_role")


def drop_indexes(connection: Connection[Any], table: str) -> list[str]:
    """What makes them again: constraints first."""
    constraints = connection.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = %s::regclass AND contype IN ('p', 'u') ORDER BY contype",
        [table],
    ).fetchall()
    made = [f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for name, definition in constraints]
    for name, _ in constraints:
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
    indexes = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND schemaname = 'public'", [table]
    ).fetchall()
    for name, definition in indexes:
        connection.execute(f"DROP INDEX {name}")
        made.append(definition)
    return made


def _fill(connection: Connection[Any], table: str, document: str, count: int, total: int) -> None:
    columns = connection.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND NOT attisdropped ORDER BY attnum",
        [table],
    ).fetchall()
    kept = [(name, kind) for name, kind in columns if name != "rowno"]
    rows = connection.execute(f"SELECT count(*) FROM template_{table}").fetchone()
    assert rows is not None
    values = [_value(table, name, kind, document, total, rows[0]) for name, kind in kept]
    connection.execute(
        sql.SQL(
            "INSERT INTO {table} ({names}) SELECT {values} FROM generate_series(1, {count}) AS g, "
            "(SELECT *, row_number() OVER (ORDER BY ctid) - 1 AS place FROM {template}) AS t ORDER BY g, place"
        ).format(
            table=sql.Identifier(table),
            names=sql.SQL(", ").join(sql.Identifier(name) for name, _ in kept),
            values=sql.SQL(", ").join(sql.SQL(value) for value in values),
            count=sql.Literal(count),
            template=sql.Identifier(f"template_{table}"),
        )
    )


def _value(table: str, name: str, kind: str, document: str, total: int, rows: int) -> str:
    """The SQL of a column for document ``g``, from the template's row ``t``."""
    column = f't."{name}"'
    special = _SPECIAL.get((table, name)) or _SPECIAL.get(("", name))
    if special is not None:
        return special.format(column=column, rows=rows)
    if kind == "timestamp with time zone":
        return f"{column} - ({total} - g) * interval '{SPACING}'"
    if kind == "date":
        return f"({column} - (({total} - g) * interval '{SPACING}'))::date"
    if kind == "bytea":
        return column
    if kind not in ("text", "character varying", "character"):
        return column
    return f"replace({column}, '{document}', {_NEW_ID})"


def sizes(connection: Connection[Any], tables: Sequence[str] = TABLES) -> dict[str, dict[str, Any]]:
    """Bytes by table: of its rows (with what is stored out of line) and of each index, and how many rows."""
    found: dict[str, dict[str, Any]] = {}
    for table in tables:
        rows = connection.execute(f"SELECT count(*), pg_table_size('{table}') FROM {table}").fetchone()
        indexes = connection.execute(
            "SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) FROM pg_index "
            "WHERE indrelid = %s::regclass",
            [table],
        ).fetchall()
        assert rows is not None
        found[table] = {"rows": rows[0], "table_bytes": rows[1], "indexes": dict(indexes)}
    return found
