"""What only ever grows: the database itself refuses to change or delete it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from doc_service.audit.store import CheckpointRecord, LogHead, Placement, TreeNode
from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.errors import DomainError
from doc_service.persistence.audit_store import SqlLogStore
from doc_service.persistence.guards import RULES, Rule
from doc_service.persistence.outages import SqlOutages
from doc_service.system import RandomIds
from tests.persistence import samples


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """One row in each protected table; event e1 has a place, e2 has none."""
    units = samples.fill(engine)
    with units() as unit:
        unit.documents.add_revision(samples.revision())
        unit.journals.register(samples.JOURNAL, "d1", samples.NOW)
        for name in ("e1", "e2"):
            unit.audit.append(AuditEvent(name, samples.NOW, "p1", Action.DOCUMENT_REGISTERED, "document", "d1"))
        unit.signatures.add(samples.request())
        unit.signing.add_record(samples.signing_record())
        samples.add_identity(unit)
        samples.add_copies(unit)
        samples.add_cluster(unit)
        samples.add_recommendation_and_template(unit)
        unit.commit()
    store = SqlLogStore(engine)
    with engine.connect() as connection:
        leaf = connection.execute(text("SELECT leaf_hash FROM audit_events WHERE id = 'e1'")).scalar_one()
    assert store.assign(0, [Placement("e1", 0, leaf)], [TreeNode(8, 0, b"n" * 32)], LogHead(1, (leaf,)))
    at = samples.NOW + timedelta(hours=1)
    assert store.add_checkpoint(CheckpointRecord(1, leaf, at, "ab" * 32, b"{}", "audit/1"))
    SqlOutages(engine, RandomIds()).open("tsa", "host-1", samples.NOW, "timeout")
    return engine


def dialect_of(engine: Engine, statement: str) -> str:
    """The statement as the engine writes it: byte strings, and what replaces a row."""
    if engine.dialect.name == "sqlite":
        return statement
    statement = statement.replace("x'00'", "'\\x00'::bytea")
    if not statement.startswith("REPLACE"):
        return statement
    table = statement.split()[2]
    key, column = {"audit_events": ("id", "canonical"), "journal_entries": ("journal, year, seq", "number")}[table]
    return (
        f"{statement.removeprefix('REPLACE')} ON CONFLICT ({key}) DO UPDATE SET {column} = EXCLUDED.{column}".replace(
            " INTO", "INSERT INTO", 1
        )
    )


REFUSED = [
    "DELETE FROM audit_events",
    "DELETE FROM audit_events WHERE id = 'e2'",
    "UPDATE audit_events SET canonical = x'00' WHERE id = 'e1'",
    "UPDATE audit_events SET canonical = x'00', seq = 1 WHERE id = 'e2'",
    "UPDATE audit_events SET leaf_hash = x'00', seq = 1 WHERE id = 'e2'",
    "UPDATE audit_events SET id = 'e3', seq = 1 WHERE id = 'e2'",
    "UPDATE audit_events SET at = '2020-01-01T00:00:00.000000Z', seq = 1 WHERE id = 'e2'",
    "UPDATE audit_events SET seq = 5 WHERE id = 'e1'",
    "UPDATE audit_events SET seq = NULL WHERE id = 'e1'",
    "REPLACE INTO audit_events (rowno, id, seq, at, action, subject_type, subject_id, canonical, leaf_hash) "
    "SELECT rowno, id, seq, at, action, subject_type, subject_id, x'00', leaf_hash FROM audit_events WHERE id = 'e1'",
    "DELETE FROM audit_nodes",
    "UPDATE audit_nodes SET hash = x'00'",
    "DELETE FROM audit_head",
    "UPDATE audit_head SET size = 0",
    "DELETE FROM audit_checkpoints",
    "UPDATE audit_checkpoints SET root = x'00'",
    "UPDATE audit_checkpoints SET document = x'00', timestamp = x'00', timestamp_key = 'k'",
    "DELETE FROM journal_entries",
    "UPDATE journal_entries SET number = '3-21-5/KQ-9/2026'",
    "UPDATE journal_entries SET seq = 9",
    "UPDATE journal_entries SET document_id = 'd2', annulled_reason = 'səhv'",
    "REPLACE INTO journal_entries SELECT journal, year, seq, 'other', document_id, registered_on, '' "
    "FROM journal_entries",
    "DELETE FROM journal_counters",
    "UPDATE journal_counters SET last_seq = 0",
    "UPDATE journal_counters SET last_seq = last_seq + 2",
    "DELETE FROM document_revisions",
    "UPDATE document_revisions SET sha256 = 'x'",
    "UPDATE document_revisions SET key = 'x'",
    "UPDATE audit_events SET actor = 'p2', seq = 1 WHERE id = 'e2'",
    "DELETE FROM outages",
    "UPDATE outages SET reason = 'x', ended_at = began_at",
    "UPDATE outages SET began_at = '2020-01-01T00:00:00.000000Z', ended_at = '2026-03-04T06:30:00.123456Z'",
    "UPDATE outages SET reason = 'x'",
    "DELETE FROM evidence_objects",
    "UPDATE evidence_objects SET content = x'00'",
    "DELETE FROM identity_proofs",
    "UPDATE identity_proofs SET body = '{}'",
    "DELETE FROM trust_anchors",
    "UPDATE trust_anchors SET body = '{}'",
    "DELETE FROM signing_records",
    "UPDATE signing_records SET body = '{}'",
    "UPDATE signing_records SET prepared_sha256 = 'x'",
    "DELETE FROM copy_issues",
    "UPDATE copy_issues SET body = '{}'",
    "DELETE FROM successions",
    "UPDATE successions SET body = '{}'",
    "DELETE FROM recommendation_outcomes",
    "UPDATE recommendation_outcomes SET body = '{}'",
    "DELETE FROM template_versions",
    "UPDATE template_versions SET body = '{}'",
    "DELETE FROM template_moves",
    "UPDATE template_moves SET body = '{}'",
    "DELETE FROM case_files",
    "UPDATE case_files SET sha256 = 'x'",
    "DELETE FROM registry_editions",
    "UPDATE registry_editions SET edition = '{}'",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_refused(filled: Engine, statement: str) -> None:
    with pytest.raises(DomainError) as caught, filled.begin() as connection:
        connection.execute(text(dialect_of(filled, statement)))
    assert caught.value.code == "persistence.append_only"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.table)
def test_no_table_is_emptied_at_once(postgres_engine: Engine, rule: Rule) -> None:
    """TRUNCATE fires no trigger of rows; SQLite has no such statement."""
    with pytest.raises(DomainError) as caught, postgres_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {rule.table} CASCADE"))
    assert caught.value.code == "persistence.append_only"


ALLOWED = [
    "UPDATE audit_events SET seq = 1 WHERE id = 'e2'",
    "UPDATE audit_checkpoints SET timestamp = x'00', timestamp_key = 'k'",
    "UPDATE journal_entries SET annulled_reason = 'səhvən qeydə alınıb'",
    "UPDATE journal_counters SET last_seq = last_seq + 1",
    "UPDATE outages SET ended_at = '2026-03-04T06:30:00.123456Z'",
]


@pytest.mark.parametrize("statement", ALLOWED)
def test_allowed_once(filled: Engine, statement: str) -> None:
    with filled.begin() as connection:
        assert connection.execute(text(dialect_of(filled, statement))).rowcount == 1
    if "last_seq" not in statement:
        with pytest.raises(DomainError, match="append_only"), filled.begin() as connection:
            connection.execute(text(dialect_of(filled, statement)))


def test_every_guard_is_exercised() -> None:
    for table in (rule.table for rule in RULES):
        for beginning in (f"UPDATE {table} ", f"DELETE FROM {table}"):
            assert any(statement.startswith(beginning) for statement in REFUSED), beginning
