"""What is particular to the filesystem store: the disk is full, bytes rot, processes die or race."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import signal
import stat
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from storage.api import StorageError
from storage.durable import os_errors
from storage.filesystem import FilesystemStore

WRITER = """
import hashlib, sys
from datetime import UTC, datetime
from pathlib import Path
from storage.api import StorageError
from storage.filesystem import FilesystemStore

class SystemClock:
    def now(self): return datetime.now(UTC)

root, key, size, fill, repeat = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5])
store = FilesystemStore(root, SystemClock())
data = fill.encode() * size
digest = hashlib.sha256(data).hexdigest()
sys.stdin.readline()
for n in range(repeat):
    name = key if repeat == 1 else f"{key}/{n:04d}"
    try:
        info = store.put_new(name, data, sha256=digest)
        print("stored", info.version, info.sha256, flush=True)
    except StorageError as error:
        print(error.code, flush=True)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def store(root: Path, clock) -> FilesystemStore:
    return FilesystemStore(root, clock)


def put(store: FilesystemStore, key: str) -> None:
    store.put_new(key, b"bytes", sha256=sha(b"bytes"))


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def writer(root: Path, key: str, size: int, fill: str = "x", repeat: int = 1, **options) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(root), key, str(size), fill, str(repeat)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


def files_under(root: Path) -> list[Path]:
    return [p for p in root.rglob("*") if p.is_file()]


def data_file(root: Path) -> Path:
    (path,) = root.rglob("data")
    return path


def test_files_are_read_only_and_work_is_cleared(store: FilesystemStore, root: Path) -> None:
    store.put_new("a", b"x", sha256=sha(b"x"))
    store.legal_hold("a", True)
    assert {stat.S_IMODE(p.stat().st_mode) for p in files_under(root)} == {0o444}
    assert len(files_under(root)) == 3
    assert list((root / "work").iterdir()) == []


def test_records_are_only_ever_added(store: FilesystemStore, root: Path, clock) -> None:
    store.put_new("a", b"x", sha256=sha(b"x"))
    birth = (data_file(root).parent / "000000.json").read_bytes()
    store.retain("a", clock.now() + timedelta(days=1))
    store.legal_hold("a", True)
    store.legal_hold("a", False)
    assert (data_file(root).parent / "000000.json").read_bytes() == birth
    assert sorted(p.name for p in data_file(root).parent.iterdir())[:-1] == [f"{n:06d}.json" for n in range(4)]


@pytest.mark.parametrize("size", [1, 1000, 2_500_000])
@pytest.mark.parametrize("damage", ["first", "last", "cut", "grown", "gone"])
def test_damaged_bytes_are_never_handed_out_whole(store: FilesystemStore, root: Path, size: int, damage: str) -> None:
    store.put_new("a", b"x" * size, sha256=sha(b"x" * size))
    path = data_file(root)
    content = {
        "first": b"y" + b"x" * (size - 1),
        "last": b"x" * (size - 1) + b"y",
        "cut": b"x" * (size - 1),
        "grown": b"x" * (size + 1),
    }
    path.unlink()
    if damage != "gone":
        path.write_bytes(content[damage])
    received = 0
    with pytest.raises(StorageError, match=r"storage\.corrupt"), store.open("a") as reader:  # noqa: PT012
        while chunk := reader.read(1000):
            received += len(chunk)
    assert received < size
    assert not store.verify("a")
    with pytest.raises(StorageError, match=r"storage\.corrupt"):
        store.put_new("a", b"x" * size, sha256=sha(b"x" * size))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"format": 2}', b"\xff"])
def test_damaged_records_are_told(store: FilesystemStore, root: Path, content: bytes) -> None:
    store.put_new("a", b"x", sha256=sha(b"x"))
    record = data_file(root).parent / "000000.json"
    record.unlink()
    record.write_bytes(content)
    with pytest.raises(StorageError, match=r"storage\.corrupt"):
        store.stat("a")


def test_a_removed_record_is_told(store: FilesystemStore, root: Path) -> None:
    store.put_new("a", b"x", sha256=sha(b"x"))
    store.legal_hold("a", True)
    store.legal_hold("a", False)
    (data_file(root).parent / "000001.json").unlink()
    with pytest.raises(StorageError, match=r"storage\.corrupt"):
        store.stat("a")


def test_an_error_of_the_reader_is_not_blamed_on_the_archive(store: FilesystemStore) -> None:
    store.put_new("a", b"x", sha256=sha(b"x"))
    with pytest.raises(ConnectionResetError), store.open("a"):
        raise ConnectionResetError


def test_an_archive_that_cannot_be_made(tmp_path: Path, clock) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match=r"storage\.unavailable"):
        FilesystemStore(tmp_path / "file" / "archive", clock)


def test_no_space_leaves_nothing(root: Path, store: FilesystemStore) -> None:
    """The kernel refuses to let the writer's file grow (EFBIG at RLIMIT_FSIZE), as it does on a full disk."""

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    process = writer(root, "a/big", 3 << 20, preexec_fn=small_files)
    assert process.communicate("\n")[0] == "storage.no_space\n"
    assert files_under(root) == []
    assert list((root / "work").iterdir()) == []
    with pytest.raises(StorageError, match=r"storage\.not_found"):
        store.stat("a/big")
    store.put_new("a/big", b"x", sha256=sha(b"x"))


def test_the_kernel_s_word_for_a_full_disk_is_understood() -> None:
    with pytest.raises(StorageError, match=r"storage\.no_space"), os_errors("a"), Path("/dev/full").open("wb") as full:
        full.write(b"x")


def test_a_writer_killed_at_any_moment_leaves_the_whole_object_or_none(root: Path, store: FilesystemStore) -> None:
    chance = random.Random(1)
    size, kills = 200_000, 0
    for attempt in range(12):
        process = writer(root, f"k{attempt}", size, repeat=300)
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
        process.stdout.readline()
        time.sleep(chance.random() * 0.1)
        process.send_signal(signal.SIGKILL)
        reported = 1 + len(process.communicate()[0].splitlines())
        kills += process.returncode == -signal.SIGKILL
        found = list(store.list(f"k{attempt}/"))
        assert len(found) >= reported
        assert all(i.size == size and store.verify(i.key) for i in found)
    assert kills >= 6
    store.sweep(timedelta(0))
    assert list((root / "work").iterdir()) == []


def test_sweeping_removes_what_the_dead_left_and_spares_the_living(root: Path, store: FilesystemStore) -> None:
    read_end, write_end = os.pipe()
    code = (
        "import hashlib, os, sys; sys.path.insert(0, '.')\n"
        + WRITER.split("root, key", 1)[0]
        + "from pathlib import Path\n"
        f"source = os.fdopen({read_end}, 'rb')\n"
        f"store = FilesystemStore(Path({str(root)!r}), SystemClock())\n"
        f"print(store.put_new('slow', source, sha256={sha(b'slow')!r}).size)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], pass_fds=[read_end], stdout=subprocess.PIPE, text=True)
    os.close(read_end)
    while not list((root / "work").glob("*/data")):
        time.sleep(0.01)
    dead = root / "work" / "dead"
    dead.mkdir()
    (dead / "data").write_bytes(b"half")
    assert store.sweep() == 0, "too young"
    assert store.sweep(timedelta(0)) == 1
    assert not dead.exists()
    os.write(write_end, b"slow")
    os.close(write_end)
    assert process.communicate()[0] == "4\n"
    assert store.read("slow") == b"slow"


@pytest.mark.parametrize("fills", ["aaaaaa", "aabbcc"])
def test_many_writers_of_one_key(root: Path, store: FilesystemStore, fills: str) -> None:
    """Exactly one content wins; writers of the same bytes all get that version, the others ``storage.exists``."""
    processes = [writer(root, "deep/er/key", 300_000, fill) for fill in fills]
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate()[0].strip() for process in processes]
    (info,) = store.versions("deep/er/key")
    won = {fill for fill, answer in zip(fills, answers, strict=True) if answer.startswith("stored")}
    assert len(won) == 1
    for fill, answer in zip(fills, answers, strict=True):
        assert answer == (f"stored {info.version} {info.sha256}" if fill in won else "storage.exists")
    assert store.verify("deep/er/key")
    assert list((root / "work").iterdir()) == []


def test_hold_and_deletion_racing_never_lose_a_held_object(root: Path, clock) -> None:
    """Whichever record is first decides; a deletion never goes through after the hold was acknowledged."""
    code = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from storage.api import StorageError
from storage.filesystem import FilesystemStore
class SystemClock:
    def now(self): return datetime.now(UTC)
store = FilesystemStore(Path(sys.argv[1]), SystemClock())
sys.stdin.readline()
for n in range(60):
    try:
        store.legal_hold(f"k{n}", True) if sys.argv[2] == "hold" else store.delete_version(f"k{n}", "000001")
        print("done")
    except StorageError as error:
        print(error.code)
"""
    store = FilesystemStore(root, clock)
    for n in range(60):
        store.put_new(f"k{n}", b"x", sha256=sha(b"x"))
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(root), role], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for role in ("hold", "delete")
    ]
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    held, deleted = (process.communicate()[0].split() for process in processes)
    for n, answers in enumerate(zip(held, deleted, strict=True)):
        assert answers in {("done", "storage.retained"), ("storage.not_found", "done")}
        assert bool(store.versions(f"k{n}")) == (answers[0] == "done")


def test_a_directorys_name_is_synchronised_once(
    root: Path, store: FilesystemStore, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what is new costs the disk's time; what another process made counts as new."""
    synced: list[Path] = []
    fsync = os.fsync

    def watched(fd: int) -> None:
        synced.append(Path(f"/proc/self/fd/{fd}").readlink())
        fsync(fd)

    monkeypatch.setattr("storage.durable.os.fsync", watched)
    put(store, "sened/bir/ilk")
    objects = root / "objects"
    assert {objects, objects / "sened", objects / "sened/bir"} <= set(synced)
    synced.clear()
    put(store, "sened/bir/ikinci")
    assert not {objects, objects / "sened"} & set(synced)
    assert objects / "sened/bir" in synced
    synced.clear()
    put(FilesystemStore(root, clock), "sened/bir/uchuncu")
    assert {objects, objects / "sened", objects / "sened/bir"} <= set(synced)
