"""Schema: made once, by whoever comes first, whole or not at all; drift is seen."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from doc_service.domain.errors import DomainError
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import MIGRATION_LOCK, check_drift, current_revision, head_revision, migrate
from tests.fixtures_postgres import Databases
from tests.persistence import earlier, samples
from tests.persistence.engines import ENGINES

ROOT = Path(__file__).parents[2]

MIGRATE = """
import sys
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
engine = make_engine(sys.argv[1])
sys.stdin.readline()
print(migrate(engine))
"""

MIGRATE_AND_DIE = """
import os, signal, sys
from sqlalchemy import event
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
engine = make_engine(sys.argv[1])
left = int(sys.argv[2])
@event.listens_for(engine, "before_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
migrate(engine)
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_fresh_database_gets_the_schema_of_the_tables(empty_engine: Engine) -> None:
    assert current_revision(empty_engine) is None
    assert migrate(empty_engine) == head_revision() == current_revision(empty_engine)
    assert check_drift(empty_engine) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    units = samples.fill(engine)
    assert migrate(engine) == head_revision()
    with units() as unit:
        assert unit.documents.get("d1") == samples.document()
    assert check_drift(engine) == []


def test_processes_that_start_at_once_migrate_once(database_url: str) -> None:
    processes = [start(MIGRATE, database_url) for _ in range(4)]
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=60) for process in processes]
    assert [out.strip() for out, _ in outputs] == [head_revision()] * 4, outputs
    engine = make_engine(database_url)
    assert check_drift(engine) == []
    engine.dispose()


@pytest.mark.parametrize("statement", [3, 12, 40])
def test_a_kill_in_the_middle_leaves_the_old_schema(database_url: str, statement: int) -> None:
    process = start(MIGRATE_AND_DIE, database_url, str(statement))
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    engine = make_engine(database_url)
    assert current_revision(engine) is None
    assert inspect(engine).get_table_names() == []
    migrate(engine)
    assert check_drift(engine) == []
    engine.dispose()


DRIFTS = {
    "index": "DROP INDEX ix_jobs_state_run_after_rowno",
    "column": "ALTER TABLE visas ADD COLUMN note TEXT",
    "missing column": "ALTER TABLE bodies DROP COLUMN name",
    "table": "CREATE TABLE leftover (id INTEGER)",
    "missing table": "DROP TABLE prepared_signings",
    "key order": "DROP INDEX ix_document_revisions_key",
    "guard": "DROP TRIGGER audit_events_no_delete{on_table}",
    "revision": "UPDATE alembic_version SET version_num = 'other'",
}


@pytest.mark.parametrize("statement", DRIFTS.values(), ids=DRIFTS)
def test_drift_is_reported(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        on_table = "" if engine.dialect.name == "sqlite" else " ON audit_events"
        connection.execute(text(statement.format(on_table=on_table)))
    assert len(check_drift(engine)) == 1


WEAKENED = {
    "sqlite": {
        "condition": "DROP TRIGGER audit_events_no_delete\nCREATE TRIGGER audit_events_no_delete BEFORE DELETE ON "
        "audit_events WHEN 0 BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END",
        "other table": "DROP TRIGGER audit_events_no_delete\nCREATE TRIGGER audit_events_no_delete BEFORE DELETE ON "
        "jobs BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END",
    },
    "postgresql": {
        "off": "ALTER TABLE audit_events DISABLE TRIGGER audit_events_no_delete",
        "off for replicas": "ALTER TABLE audit_events ENABLE TRIGGER audit_events_no_delete",
        "condition": "DROP TRIGGER audit_events_no_delete ON audit_events\nCREATE TRIGGER audit_events_no_delete "
        "BEFORE DELETE ON audit_events FOR EACH ROW WHEN (OLD.seq = 0) EXECUTE FUNCTION audit_events_guard()\n"
        "ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_delete",
        "statement": "DROP TRIGGER audit_events_no_delete ON audit_events\nCREATE TRIGGER audit_events_no_delete "
        "AFTER DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION audit_events_guard()\n"
        "ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_delete",
        "other function": "DROP TRIGGER audit_events_no_delete ON audit_events\nCREATE TRIGGER audit_events_no_delete "
        "BEFORE DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION audit_nodes_guard()\n"
        "ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_delete",
    },
}


@pytest.mark.parametrize(("name", "way"), [(name, way) for name in WEAKENED for way in WEAKENED[name]])
def test_a_weakened_guard_is_reported(name: str, way: str, tmp_path: Path) -> None:
    engine = make_engine(ENGINES[name](tmp_path))
    migrate(engine)
    with engine.begin() as connection:
        for statement in WEAKENED[name][way].splitlines():
            connection.exec_driver_sql(statement)
    assert check_drift(engine) == ["guard audit_events_no_delete is missing or altered"]
    engine.dispose()


def test_a_rewritten_guard_function_is_reported(postgres_engine: Engine) -> None:
    with postgres_engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION audit_head_guard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'"
        )
    names = [f"guard audit_head_no_{action} is missing or altered" for action in ("delete", "update", "truncate")]
    assert check_drift(postgres_engine) == names


# Forward, with data


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0004"])
def test_forward_with_data_from_every_earlier_schema(empty_engine: Engine, revision: str) -> None:
    """Rows as the program of that revision wrote them."""
    migrate(empty_engine, to=revision)
    earlier.fill(empty_engine)
    before = earlier.contents(empty_engine)
    assert migrate(empty_engine) == head_revision()
    assert check_drift(empty_engine) == []
    after = earlier.contents(empty_engine)
    assert {table: after[table] for table in before} == before
    with empty_engine.connect() as connection:
        actors = connection.execute(text("SELECT id, actor FROM audit_events ORDER BY rowno")).all()
    assert [tuple(row) for row in actors] == [("e1", "p1"), ("e2", "ə" * 200), ("broken", None)]
    earlier.use(empty_engine)
    assert check_drift(empty_engine) == []


def test_a_table_in_use_ends_the_migration_with_a_clear_error(new_postgres_url: Callable[[], str]) -> None:
    engine = make_engine(new_postgres_url(), lock_timeout=timedelta(milliseconds=200))
    migrate(engine, to="0003")
    with engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM documents"))
        with pytest.raises(DomainError) as caught:
            migrate(engine)
        assert caught.value.code == "persistence.migration_blocked"
    assert current_revision(engine) == "0003"
    assert migrate(engine) == head_revision()
    engine.dispose()


def test_a_migration_waits_for_another_one_for_as_long_as_it_is_told(new_postgres_url: Callable[[], str]) -> None:
    url = new_postgres_url()
    engine, other = make_engine(url), make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        with pytest.raises(DomainError, match="migration_blocked"):
            migrate(other, patience=timedelta(milliseconds=200))
    assert migrate(other) == head_revision()
    engine.dispose()
    other.dispose()


def test_a_database_in_another_encoding_is_refused(postgres: Databases) -> None:
    engine = make_engine(postgres.create(options="ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"))
    with pytest.raises(DomainError, match="wrong_encoding"):
        migrate(engine)
    engine.dispose()


def test_a_database_of_a_later_program_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DomainError) as caught:
        migrate(engine)
    assert caught.value.code == "persistence.schema_newer"
    assert caught.value.faults[0].params == {"revision": "9999"}
    assert current_revision(engine) == "9999"
