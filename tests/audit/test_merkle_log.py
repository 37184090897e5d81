"""Sequencing, checkpoints, and what ``verify`` finds."""

from __future__ import annotations

import hashlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from doc_service.audit.keys import load_or_make_signer, load_signer
from doc_service.audit.log import MerkleLog
from doc_service.audit.offline.verify_audit import EMPTY_ROOT, leaf_hash, read_checkpoint
from doc_service.audit.store import LogHead
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.persistence.audit_store import SqlLogStore
from doc_service.persistence.engine import make_engine
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from signing.api import SigningError
from storage.api import StorageError
from storage.filesystem import FilesystemStore
from tests.audit.kit import (
    LogStoreKit,
    MemoryStore,
    NoAuthority,
    SystemClock,
    codes,
    database_kit,
    event,
    events,
    make_log,
    recorder,
    signer,
    sqlite_kit,
)


def archive_files(folder: Path, kind: str) -> list[Path]:
    return sorted((folder / "archive" / "objects" / "audit" / "test" / kind).rglob("data"))


def test_events_get_places_in_the_order_of_recording(kit: LogStoreKit, tmp_path: Path) -> None:
    log = make_log(kit.store, tmp_path, batch=7)
    kit.record(events(20))
    assert log.sequence() == 20
    assert log.sequence() == 0
    kit.record(events(5, first=20))
    assert log.sequence() == 5
    assert [e.id for e in kit.store.events(0, 99)] == [e.id for e in events(25)]
    verdict = log.verify()
    assert (verdict["valid"], verdict["size"], verdict["backlog"], verdict["faults"]) == (True, 25, 0, [])


def test_an_empty_log_is_valid_and_can_be_signed(kit: LogStoreKit, tmp_path: Path) -> None:
    log = make_log(kit.store, tmp_path)
    assert log.verify()["valid"]
    made = log.checkpoint()
    assert (made["size"], made["root"]) == (0, EMPTY_ROOT.hex())
    kit.record(events(3))
    assert log.checkpoint()["size"] == 3
    assert log.verify()["valid"]


def test_the_backlog_is_told_and_is_no_fault(kit: LogStoreKit, tmp_path: Path) -> None:
    kit.record(events(3))
    verdict = make_log(kit.store, tmp_path).verify()
    assert (verdict["valid"], verdict["size"], verdict["backlog"]) == (True, 0, 3)


def test_checkpoints_form_a_chain_in_the_archive(kit: LogStoreKit, tmp_path: Path) -> None:
    log = make_log(kit.store, tmp_path)
    made = []
    for first, last in ((0, 1), (1, 300), (300, 301)):
        kit.record(events(last - first, first))
        made.append(log.checkpoint())
    archive = FilesystemStore(tmp_path / "archive", SystemClock())
    documents = [read_checkpoint(archive.read(str(view["key"]))) for view in made]
    assert [d.size for d in documents] == [1, 300, 301]
    assert [d.previous for d in documents] == [None, documents[0].sha256, documents[1].sha256]
    assert all(d.signed_by_key() and d.key == signer().public_key for d in documents)
    for view in made:
        info = archive.stat(str(view["key"]))
        assert str(view["key"]).endswith("/" + info.sha256)
        assert info.retain_until is not None
        assert info.retain_until > info.stored_at + timedelta(days=3649)
        with pytest.raises(StorageError, match=r"storage\.retained"):
            archive.delete_version(info.key, info.version)
    assert log.verify()["valid"]


def test_nothing_new_gives_the_same_checkpoint(kit: LogStoreKit, tmp_path: Path) -> None:
    log = make_log(kit.store, tmp_path)
    kit.record(events(2))
    assert log.checkpoint() == log.checkpoint()
    assert len(archive_files(tmp_path, "checkpoints")) == 1


@pytest.mark.parametrize("workers", [2, 4])
def test_sequencers_at_once_place_every_event_once(tmp_path: Path, database_url: str, workers: int) -> None:
    """Threads over a real database, while events are still being recorded."""
    kit = database_kit(database_url)
    placed: list[int] = []
    recording = threading.Event()

    def sequence() -> None:
        log = make_log(kit.store, tmp_path, batch=5)
        while not recording.is_set() or kit.store.backlog():
            placed.append(log.sequence())

    threads = [threading.Thread(target=sequence) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for n in range(40):
        kit.record(events(5, first=5 * n))
    recording.set()
    for thread in threads:
        thread.join(60)
    assert sum(placed) == 200
    assert [e.id for e in kit.store.events(0, 999)] == [e.id for e in events(200)]
    assert make_log(kit.store, tmp_path).verify()["valid"]


def test_checkpoints_at_once_keep_one_chain(tmp_path: Path, database_url: str) -> None:
    kit = database_kit(database_url)
    sizes: list[int] = []

    def work(worker: int) -> None:
        log = make_log(kit.store, tmp_path)
        for n in range(6):
            kit.record([event(worker * 100 + n)])
            sizes.append(int(log.checkpoint()["size"]))

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(sizes) == 18
    assert max(sizes) == 18
    verdict = make_log(kit.store, tmp_path).verify()
    assert verdict["faults"] == []
    assert verdict["checkpoints"][-1]["size"] == 18


CRASHING = """
import sys
from pathlib import Path
from tests.audit.kit import database_kit, events, make_log
kit = database_kit(sys.argv[3])
log = make_log(kit.store, Path(sys.argv[1]), batch=3)
n = int(sys.argv[2])
print("ready", flush=True)
while True:
    kit.record(events(4, first=n)); n += 4
    print(n, flush=True)
    log.checkpoint()
"""


def wait_for_the_dead(url: str) -> None:
    """A server notices only after a while that a client is gone, and may end its last statement meanwhile."""
    if url.startswith("sqlite"):
        return
    engine = create_engine(url)
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.exec_driver_sql(others).scalar_one():
            time.sleep(0.05)
    engine.dispose()


def test_killed_at_any_moment_nothing_is_lost_or_doubled(tmp_path: Path, database_url: str) -> None:
    """kill -9 between recording, sequencing, archive and database; the next start goes on."""
    expected = 0
    for attempt in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", CRASHING, str(tmp_path), str(expected), database_url],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.1 + 0.07 * attempt)
        process.send_signal(signal.SIGKILL)
        reported = [int(line) for line in process.communicate()[0].split()]
        wait_for_the_dead(database_url)
        engine = make_engine(database_url)
        kit = LogStoreKit(SqlLogStore(engine), recorder(SqlUnitOfWorkFactory(engine)))
        stored = len(kit.store.events(0, 9999)) + kit.store.backlog()
        assert stored >= (reported[-1] if reported else expected)
        assert stored % 4 == 0
        assert make_log(kit.store, tmp_path).verify()["faults"] == []
        expected = stored
        engine.dispose()
    log = make_log(kit.store, tmp_path)
    assert log.checkpoint()["size"] == expected > 0
    assert [e.id for e in kit.store.events(0, 9999)] == [e.id for e in events(expected)]
    assert log.verify()["valid"]


def test_a_checkpoint_whose_row_was_lost_comes_back_from_the_archive(tmp_path: Path) -> None:
    store = MemoryStore()
    log = make_log(store, tmp_path)
    store.record(events(4))
    log.checkpoint()
    store.record(events(4, first=4))
    lost = log.checkpoint()
    del store.marks[8]
    verdict = log.verify()
    assert verdict["valid"]
    assert {"code": "audit.checkpoint_not_recorded", "params": {"size": 8}} in verdict["warnings"]
    assert log.checkpoint() == lost
    assert sorted(store.marks) == [4, 8]


def test_a_log_that_was_cut_back_with_its_checkpoints_is_told_by_the_archive(tmp_path: Path) -> None:
    store = MemoryStore()
    log = make_log(store, tmp_path)
    store.record(events(4))
    log.checkpoint()
    early = (store.head(), dict(store.marks))
    store.record(events(4, first=4))
    log.checkpoint()
    store.now, store.marks = early
    store.rows = store.rows[:4]
    assert codes(log.verify()) == {"audit.log_truncated"}
    with pytest.raises(ConflictError, match=r"audit\.behind_archive"):
        log.checkpoint()


def tampered(tmp_path: Path) -> tuple[MemoryStore, MerkleLog]:
    store = MemoryStore()
    log = make_log(store, tmp_path)
    store.record(events(300))
    log.checkpoint()
    store.record(events(20, first=300))
    log.checkpoint()
    assert log.verify()["valid"]
    return store, log


def edit_event(store: MemoryStore) -> None:
    store.rows[7].canonical = store.rows[7].canonical.replace(b'"n":7', b'"n":8')


def edit_event_and_leaf(store: MemoryStore) -> None:
    edit_event(store)
    store.rows[7].leaf_hash = leaf_hash(store.rows[7].canonical)


def delete_event(store: MemoryStore) -> None:
    del store.rows[7]


def swap_events(store: MemoryStore) -> None:
    store.rows[7].seq, store.rows[8].seq = 8, 7


def cut_tail(store: MemoryStore) -> None:
    del store.rows[310:]


def rewrite_id(store: MemoryStore) -> None:
    store.rows[7].event = replace(store.rows[7].event, id="other")


def add_beyond_head(store: MemoryStore) -> None:
    store.record(events(1, first=900))
    store.rows[-1].seq = 320


def change_node(store: MemoryStore) -> None:
    store.nodes[8, 0] = b"x" * 32


def change_head(store: MemoryStore) -> None:
    store.now = LogHead(320, (b"x" * 32,) * 2)


def remove_first_checkpoint(store: MemoryStore) -> None:
    del store.marks[300]


def change_checkpoint_row(store: MemoryStore) -> None:
    store.marks[300] = replace(store.marks[300], root=b"x" * 32)


def forge_checkpoint(store: MemoryStore) -> None:
    mark = store.marks[300]
    store.marks[300] = replace(mark, document=mark.document.replace(b'"size":300', b'"size":299'))


def garble_checkpoint(store: MemoryStore) -> None:
    store.marks[300] = replace(store.marks[300], document=b"{}")


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (edit_event, {"audit.event_edited", "audit.root_mismatch", "audit.head_wrong", "audit.node_wrong"}),
        (
            edit_event_and_leaf,
            {"audit.root_mismatch", "audit.head_wrong", "audit.node_wrong", "audit.events_rewritten"},
        ),
        (
            delete_event,
            {
                "audit.sequence_gap",
                "audit.root_mismatch",
                "audit.head_wrong",
                "audit.node_wrong",
                "audit.log_truncated",
            },
        ),
        (swap_events, {"audit.root_mismatch", "audit.head_wrong", "audit.node_wrong", "audit.events_rewritten"}),
        (cut_tail, {"audit.log_truncated", "audit.head_wrong"}),
        (rewrite_id, {"audit.event_id"}),
        (add_beyond_head, {"audit.event_beyond_head"}),
        (change_node, {"audit.node_wrong"}),
        (change_head, {"audit.head_wrong"}),
        (remove_first_checkpoint, {"audit.checkpoint_link"}),
        (change_checkpoint_row, {"audit.checkpoint_record"}),
        (
            forge_checkpoint,
            {
                "audit.checkpoint_record",
                "audit.checkpoint_not_archived",
                "audit.checkpoint_signature",
                "audit.checkpoint_link",
                "audit.root_mismatch",
            },
        ),
        (garble_checkpoint, {"audit.checkpoint_unreadable", "audit.checkpoint_link"}),
    ],
)
def test_what_was_done_to_the_log_is_found(tmp_path: Path, harm, expected: set[str]) -> None:
    store, log = tampered(tmp_path)
    harm(store)
    verdict = log.verify()
    assert not verdict["valid"]
    assert codes(verdict) == expected


@pytest.mark.parametrize(
    ("seq", "first", "last"), [(7, 0, 255), (255, 0, 255), (256, 256, 299), (299, 256, 299), (300, 300, 319)]
)
def test_an_event_changed_with_its_leaf_hash_is_placed(tmp_path: Path, seq: int, first: int, last: int) -> None:
    """Between the checkpoints over 300 and 320 events and the stored subtree hashes."""
    store, log = tampered(tmp_path)
    row = store.rows[seq]
    row.canonical = row.canonical.replace(b'"n":%d' % seq, b'"n":9999')
    row.leaf_hash = leaf_hash(row.canonical)
    faults = log.verify()["faults"]
    assert {"code": "audit.events_rewritten", "params": {"first": first, "last": last}} in faults
    assert "audit.event_edited" not in {fault["code"] for fault in faults}


def test_a_changed_row_of_the_real_database_is_found(tmp_path: Path) -> None:
    """Somebody with the database file, who first removes the triggers that forbid it."""
    kit = sqlite_kit(tmp_path)
    log = make_log(kit.store, tmp_path)
    kit.record(events(10))
    log.checkpoint()
    with sqlite3.connect(tmp_path / "log.sqlite") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        changed = "CAST(REPLACE(CAST(canonical AS TEXT), '\"n\":4', '\"n\":5') AS BLOB)"
        assert database.execute(f"UPDATE audit_events SET canonical = {changed} WHERE seq = 4").rowcount == 1
    verdict = log.verify()
    assert {"code": "audit.event_edited", "params": {"seq": 4}} in verdict["faults"]
    assert "audit.root_mismatch" in codes(verdict)


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_an_archive_copy_that_is_not_there_is_told(tmp_path: Path, damage: str) -> None:
    store, log = tampered(tmp_path)
    path = archive_files(tmp_path, "checkpoints")[0]
    content = path.read_bytes()
    path.unlink()
    if damage == "changed":
        path.write_bytes(content.replace(b"300", b"299"))
    assert codes(log.verify()) == {"audit.checkpoint_not_archived"}
    assert store.head().size == 320


def test_nothing_is_signed_over_a_log_that_was_rewritten(tmp_path: Path) -> None:
    """An intruder rewrites an event, its leaf hash, the nodes and the head; the next checkpoint refuses."""
    store = MemoryStore()
    log = make_log(store, tmp_path)
    store.record(events(10))
    log.checkpoint()
    forged = MemoryStore()
    forged.record([*events(3), event(3, n=99), *events(9, first=4)])
    make_log(forged, tmp_path / "other").sequence()
    forged.marks = store.marks
    with pytest.raises(ConflictError, match=r"audit\.inconsistent"):
        make_log(forged, tmp_path).checkpoint()
    assert len(archive_files(tmp_path, "checkpoints")) == 1


def test_nothing_is_signed_after_a_forged_checkpoint(tmp_path: Path) -> None:
    store = MemoryStore()
    intruder = make_log(store, tmp_path, signer=signer("intruder"))
    store.record(events(3))
    intruder.checkpoint()
    store.record(events(3, first=3))
    log = make_log(store, tmp_path)
    with pytest.raises(ConflictError, match=r"audit\.checkpoint_signature"):
        log.checkpoint()
    assert codes(log.verify()) == {"audit.checkpoint_unknown_key"}


def test_an_earlier_key_stays_trusted_when_named(tmp_path: Path) -> None:
    store = MemoryStore()
    store.record(events(3))
    make_log(store, tmp_path, signer=signer("old")).checkpoint()
    store.record(events(3, first=3))
    log = make_log(store, tmp_path, trusted_keys=(signer("old").public_key,))
    assert log.checkpoint()["size"] == 6
    assert log.verify()["valid"]


def test_without_an_authority_the_checkpoint_stands_and_waits(kit: LogStoreKit, tmp_path: Path) -> None:
    log = make_log(kit.store, tmp_path, stamper=NoAuthority())
    kit.record(events(2))
    assert log.checkpoint()["time_stamped"] is False
    verdict = log.verify()
    assert verdict["valid"]
    assert {"code": "audit.timestamp_pending", "params": {"size": 2}} in verdict["warnings"]


class LyingAuthority(NoAuthority):
    """Refuses for good, which is no reason to wait."""

    def stamp(self, digest: bytes) -> bytes:
        raise SigningError("signing.tsa_refused", status="rejection")


def test_an_authority_that_refuses_is_an_error_and_the_checkpoint_stands(tmp_path: Path) -> None:
    store = MemoryStore()
    store.record(events(2))
    with pytest.raises(SigningError, match=r"signing\.tsa_refused"):
        make_log(store, tmp_path, stamper=LyingAuthority()).checkpoint()
    assert [c.size for c in store.checkpoints()] == [2]


class DeafStore(MemoryStore):
    """Never lets anybody place anything."""

    def assign(self, *arguments: object) -> bool:  # type: ignore[override]
        return False


def test_a_store_that_refuses_for_ever_is_an_error(tmp_path: Path) -> None:
    store = DeafStore()
    store.record(events(1))
    with pytest.raises(ConflictError, match=r"audit\.sequencing_conflict"):
        make_log(store, tmp_path).sequence()


def test_a_full_archive_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    """The archive is gone when the checkpoint is made: an error, no row; later it succeeds."""
    store = MemoryStore()
    log = make_log(store, tmp_path)
    store.record(events(2))
    shutil.move(tmp_path / "archive", tmp_path / "away")
    with pytest.raises(StorageError, match=r"storage\.unavailable"):
        log.checkpoint()
    assert list(store.checkpoints()) == []
    shutil.move(tmp_path / "away", tmp_path / "archive")
    assert log.checkpoint()["size"] == 2


def test_a_link_that_leads_astray_is_told(tmp_path: Path) -> None:
    store, log = tampered(tmp_path)
    archive = FilesystemStore(tmp_path / "archive", SystemClock())
    first, last = store.checkpoints()
    target = first.key.encode()
    archive.put_new(f"audit/test/links/{last.sha256}", target, sha256=hashlib.sha256(target).hexdigest())
    assert codes(log.verify()) == {"audit.checkpoint_link"}
    store.record(events(1, first=500))
    with pytest.raises(ConflictError, match=r"audit\.checkpoint_link"):
        log.checkpoint()


def test_the_key_file(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "audit.pem"
    with pytest.raises(DomainError, match=r"audit\.key_missing"):
        load_signer(path)
    made = load_or_make_signer(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_or_make_signer(path).public_key == load_signer(path).public_key == made.public_key
    assert [p.name for p in path.parent.iterdir()] == ["audit.pem"]
    path.write_text("no key")
    with pytest.raises(DomainError, match=r"audit\.key_unusable"):
        load_or_make_signer(path)


def test_of_two_first_starts_one_key_remains(tmp_path: Path) -> None:
    found: list[bytes] = []
    gate = threading.Barrier(8)

    def start() -> None:
        gate.wait()
        found.append(load_or_make_signer(tmp_path / "audit.pem").public_key)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
