"""Somebody with the server changes the audit log: the service's own check and the export's verifier both find it."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from doc_service.audit.canonical import canonical_json
from doc_service.audit.offline.verify_audit import leaf_hash
from doc_service.system import SystemClock
from storage.filesystem import FilesystemStore
from storage.keys import revision_key
from tests.e2e.conftest import Demo, run

pytestmark = pytest.mark.xdist_group("demo")
Harm = Callable[[sqlite3.Connection], object]


def _copy(demo: Demo, to: Path) -> Path:
    """The demo's data directory, every file writable."""
    return Path(shutil.copytree(demo.out / "data", to, copy_function=shutil.copyfile))


@pytest.fixture
def data(demo: Demo, tmp_path: Path) -> Path:
    return _copy(demo, tmp_path / "data")


def _tamper(data: Path, harm: Harm) -> None:
    """As the owner of the file: the append-only triggers are dropped first."""
    with sqlite3.connect(data / "doc-service.db") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("PRAGMA foreign_keys = OFF")
        harm(database)
    database.close()


def _verify(data: Path) -> tuple[int, set[str]]:
    done = run("audit", "verify", "--json", "--data", data)
    report = json.loads(done.stdout)
    assert report["valid"] is (done.returncode == 0)
    return done.returncode, {fault["code"] for fault in report["faults"]}


def _edit(database: sqlite3.Connection) -> None:
    changed = 'CAST(replace(CAST(canonical AS TEXT), \'"actor":"\', \'"actor":"x\') AS BLOB)'
    assert database.execute(f"UPDATE audit_events SET canonical = {changed} WHERE seq = 5").rowcount == 1


def _edit_with_leaf(database: sqlite3.Connection) -> None:
    _edit(database)
    (canonical,) = database.execute("SELECT canonical FROM audit_events WHERE seq = 5").fetchone()
    database.execute("UPDATE audit_events SET leaf_hash = ? WHERE seq = 5", (leaf_hash(canonical),))


def _delete(database: sqlite3.Connection) -> None:
    assert database.execute("DELETE FROM audit_events WHERE seq = 5").rowcount == 1


def _reorder(database: sqlite3.Connection) -> None:
    for old, new in ((5, -1), (6, 5), (-1, 6)):
        assert database.execute("UPDATE audit_events SET seq = ? WHERE seq = ?", (new, old)).rowcount == 1


def _truncate(database: sqlite3.Connection) -> None:
    assert database.execute("DELETE FROM audit_events WHERE seq >= 10").rowcount > 1


def _insert(database: sqlite3.Connection) -> None:
    database.execute(
        "INSERT INTO audit_events (id, seq, at, action, subject_type, subject_id, canonical, leaf_hash) "
        "SELECT 'forged', (SELECT size FROM audit_head), at, action, subject_type, subject_id, canonical, leaf_hash "
        "FROM audit_events WHERE seq = 5"
    )


def _cut_back(database: sqlite3.Connection) -> None:
    """Everything as it stood before the first event: the log, its head and its checkpoints agree with each other."""
    for table in ("audit_events", "audit_nodes", "audit_head", "audit_checkpoints"):
        database.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("harm", "reasons"),
    [
        (_edit, {"audit.event_edited", "audit.root_mismatch"}),
        (_edit_with_leaf, {"audit.events_rewritten", "audit.root_mismatch"}),
        (_delete, {"audit.sequence_gap"}),
        (_reorder, {"audit.events_rewritten", "audit.root_mismatch"}),
        (_truncate, {"audit.log_truncated"}),
        (_insert, {"audit.event_beyond_head"}),
        (_cut_back, {"audit.log_truncated"}),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_audit_verify_finds_it_and_says_why(data: Path, harm: Harm, reasons: set[str]) -> None:
    _tamper(data, harm)
    told = run("audit", "verify", "--data", data)
    assert told.returncode == 1
    assert "POZULUB / NOT VALID" in told.stdout
    assert [code for code in reasons if f"{code}\n  az: " not in told.stderr] == []


def test_a_log_cut_back_to_an_earlier_checkpoint_is_told_by_the_archive(demo: Demo, data: Path) -> None:
    """The database of an earlier day, whole in itself; the archive's links know of the later checkpoints."""
    early = _copy(demo, data.with_name("early"))
    with sqlite3.connect(data / "doc-service.db") as database:
        database.execute(
            "INSERT INTO audit_events (id, at, action, subject_type, subject_id, canonical, leaf_hash) "
            "SELECT ?, at, action, subject_type, subject_id, ?, ? FROM audit_events WHERE seq = 5",
            _event(database),
        )
    database.close()
    assert run("audit", "export", "--out", data.with_name("export"), "--data", data).returncode == 0
    for name in ("doc-service.db", "doc-service.db-wal", "doc-service.db-shm"):
        (data / name).unlink(missing_ok=True)
        if (early / name).exists():
            shutil.copyfile(early / name, data / name)
    assert _verify(data) == (1, {"audit.log_truncated"})
    refused = run("audit", "export", "--out", data.with_name("other"), "--data", data)
    assert (refused.returncode, "audit.behind_archive" in refused.stderr) == (2, True)
    assert not data.with_name("other").exists()


def _event(database: sqlite3.Connection) -> tuple[str, bytes, bytes]:
    (text,) = database.execute("SELECT canonical FROM audit_events WHERE seq = 5").fetchone()
    canonical = canonical_json({**json.loads(text), "id": "one-more"})
    return "one-more", canonical, leaf_hash(canonical)


@pytest.fixture(scope="module")
def exported(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The whole log's export, and the newest checkpoint kept elsewhere."""
    folder = tmp_path_factory.mktemp("audit")
    done = run("audit", "export", "--out", folder / "export", "--data", _copy(demo, folder / "data"))
    assert done.returncode == 0, done.stderr
    last = max((folder / "export" / "checkpoints").glob("*.json"))
    return folder / "export", Path(shutil.copyfile(last, folder / "kept.json"))


def _offline(export: Path, kept: Path) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-I", "-S", str(export / "verify_audit.py"), str(export), "--json"]
    done = subprocess.run([*command, "--checkpoint", str(kept)], capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


LINES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "edited": (lambda rows: [*rows[:5], rows[5].replace(b'"actor":"', b'"actor":"x'), *rows[6:]], "audit.event_edited"),
    "deleted": (lambda rows: [*rows[:5], *rows[6:]], "audit.event_deleted"),
    "reordered": (lambda rows: [*rows[:5], rows[6], rows[5], *rows[7:]], "audit.events_reordered"),
    "truncated": (lambda rows: rows[:10], "audit.log_truncated"),
    "inserted": (lambda rows: [*rows, rows[5]], "audit.log_uncovered"),
}


@pytest.mark.parametrize("harm", LINES)
def test_the_verifier_finds_it_in_the_export(exported: tuple[Path, Path], tmp_path: Path, harm: str) -> None:
    export, kept = exported
    assert _offline(export, kept)[0] == 0
    copy = Path(shutil.copytree(export, tmp_path / "copy"))
    change, code = LINES[harm]
    rows = (copy / "events.jsonl").read_bytes().splitlines(keepends=True)
    (copy / "events.jsonl").write_bytes(b"".join(change(rows)))
    status, report = _offline(copy, kept)
    assert status == 1
    assert code in {fault["code"] for fault in report["faults"]}


def test_the_kept_checkpoint_finds_a_cut_of_log_and_checkpoints_together(
    exported: tuple[Path, Path], tmp_path: Path
) -> None:
    export, kept = exported
    copy = Path(shutil.copytree(export, tmp_path / "copy"))
    names = sorted((copy / "checkpoints").glob("*.json"))
    size = int(names[-2].stem) if len(names) > 1 else 0
    for name in ("events.jsonl", "leaves.txt"):
        rows = (copy / name).read_bytes().splitlines(keepends=True)
        (copy / name).write_bytes(b"".join(rows[:size]))
    names[-1].unlink()
    names[-1].with_suffix(".tsr").unlink()
    status, report = _offline(copy, kept)
    assert (status, "audit.checkpoint_missing" in {f["code"] for f in report["faults"]}) == (1, True)


def test_archive_verify_reads_every_original(data: Path) -> None:
    sound = run("archive", "verify", "--json", "--data", data)
    assert sound.returncode == 0, sound.stderr
    assert json.loads(sound.stdout)["revisions"] == 14
    stored = max((data / "archive" / "objects" / "documents" / "demo-protokol").rglob("data"))
    content = bytearray(stored.read_bytes())
    content[len(content) // 2] ^= 1
    stored.write_bytes(content)
    damaged = run("archive", "verify", "--data", data)
    assert (damaged.returncode, "archive.object_corrupt" in damaged.stderr) == (1, True)


def test_archive_sweep_shows_and_removes(data: Path) -> None:
    """A young object stays, and less than an hour cannot be asked for."""
    sha256 = hashlib.sha256(b"left").hexdigest()
    key = revision_key("demo-protokol", 14, sha256)
    FilesystemStore(data / "archive", SystemClock()).put_new(key, b"left", sha256=sha256)
    shown = run("archive", "sweep", "--dry-run", "--json", "--data", data)
    assert shown.returncode == 0, shown.stderr
    report = json.loads(shown.stdout)
    ((found, kept),) = [(o["key"], o["kept"]) for o in report["orphans"]]
    assert (report["removed"], found) == (False, key)
    assert kept in ("young", "busy")
    swept = run("archive", "sweep", "--older-than", "1", "--data", data)
    assert (swept.returncode, key in swept.stdout) == (0, True)
    assert run("archive", "sweep", "--older-than", "0", "--data", data).returncode == 2
