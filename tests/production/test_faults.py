"""Nothing is lost, doubled or out of number, whatever breaks: one fault of each kind in turn over the production parts.

``make faults`` does the whole: each fault by itself, again and again, with 200 documents (docs/faults.md).
"""

from __future__ import annotations

import pytest

from doc_service.settings import Settings
from tools.chaos.run import Scenario, nothing, run_scenario
from tools.chaos.scenarios import GATE
from tools.chaos.stage import Stage
from tools.chaos.verdict import judge

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200), pytest.mark.xdist_group("production-faults")]

DOCUMENTS = 60


def test_one_fault_of_each_kind_in_turn() -> None:
    outcome = run_scenario(GATE, DOCUMENTS)
    assert [f"{check.name}: {check.problem}" for check in outcome.checks if check.problem] == []
    assert outcome.in_flight >= DOCUMENTS
    assert len(outcome.done) >= 10


_TAMPERED = {
    "documents": "UPDATE documents SET state = 'in_force' WHERE id = 'paper-0000003'",
    "numbers": "UPDATE journal_entries SET seq = seq + 100 WHERE document_id = 'paper-0000003'",
    "signatures": "UPDATE signature_requests SET state = 'consented' WHERE document_id = 'paper-0000003'",
    "revisions": "UPDATE document_revisions SET size = size + 1 WHERE document_id = 'paper-0000003' AND number = 1",
    "objects": "UPDATE document_revisions SET key = key || 'x' WHERE document_id = 'paper-0000003' AND number = 1",
    "audit": "DELETE FROM audit_events WHERE action = 'document.archived' AND subject_id = 'paper-0000003'",
    "jobs": "UPDATE jobs SET state = 'dead', last_error = 'given up' WHERE kind = 'archive'",
    "outages": "INSERT INTO outages (id, component, host, began_at, reason) VALUES ('o', 'archive', 'h', now(), 'r')",
}

_TABLES = (
    "documents", "journal_entries", "signature_requests", "document_revisions", "audit_events", "jobs", "outages",
)  # fmt: skip


def test_the_verdict_sees_what_is_wrong() -> None:
    """Each check fails on what it is for, in the same place in which all of them held a moment before."""
    problems: dict[str, str] = {}

    def look(stage: Stage, settings: Settings) -> None:
        with stage.connect() as connection:
            for table in _TABLES:
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
                connection.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
            for name, statement in _TAMPERED.items():
                connection.execute(statement)
                (check,) = judge(stage, settings, only=name)
                problems[name] = check.problem
                for table in _TABLES:
                    connection.execute(f"DELETE FROM {table}")
                    connection.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")

    outcome = run_scenario(Scenario("tampered", "Nothing breaks; then the database is edited", nothing), 10, look=look)
    assert [f"{check.name}: {check.problem}" for check in outcome.checks if check.problem] == []
    assert len(problems) == len(_TAMPERED)
    assert [name for name, problem in problems.items() if not problem] == []
