"""Schema: made once, by whoever comes first, whole or not at all; drift is seen."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from doc_service.domain.errors import DomainError
from doc_service.persistence.engine import make_engine
from doc_service.persistence.guards import SQLITE_GUARDS
from doc_service.persistence.migrate import check_drift, current_revision, head_revision, migrate
from tests.persistence import samples

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
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one() == 0
    migrate(engine)
    assert check_drift(engine) == []
    engine.dispose()


DRIFTS = {
    "index": "DROP INDEX ix_jobs_state_run_after_rowno",
    "column": "ALTER TABLE visas ADD COLUMN note TEXT",
    "missing column": "ALTER TABLE bodies DROP COLUMN name",
    "table": "CREATE TABLE leftover (id INTEGER)",
    "missing table": "DROP TABLE prepared_signings",
    "guard": "DROP TRIGGER audit_events_no_delete",
    "revision": "UPDATE alembic_version SET version_num = 'other'",
}


@pytest.mark.parametrize("statement", DRIFTS.values(), ids=DRIFTS)
def test_drift_is_reported(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))
    assert len(check_drift(engine)) == 1


def test_a_weakened_guard_is_reported(engine: Engine) -> None:
    weakened = SQLITE_GUARDS["audit_events_no_delete"].replace("BEGIN SELECT", "WHEN 0 BEGIN SELECT")
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_events_no_delete"))
        connection.execute(text(weakened))
    assert check_drift(engine) == ["guard audit_events_no_delete is missing or altered"]


def test_a_database_of_a_later_program_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DomainError) as caught:
        migrate(engine)
    assert caught.value.code == "persistence.schema_newer"
    assert caught.value.faults[0].params == {"revision": "9999"}
    assert current_revision(engine) == "9999"
