"""How a backup lies on disk: complete under its own name, or not at all.

Everything is written into ``<name>.partial`` beside the final place; the list of digests comes last, and only then is
the directory renamed. ``MANIFEST`` can be checked without this program: ``sha256sum -c MANIFEST``. Objects are not
listed in it: their digests stand in ``objects.jsonl``, which is.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from doc_service.domain.errors import ConflictError, DomainError

MANIFEST = "MANIFEST"
DESCRIPTION = "backup.json"
OBJECTS_LIST = "objects.jsonl"
OBJECTS = "objects"
CHECKPOINT = "checkpoint.json"
TIME_STAMP = "checkpoint.tsr"
AUDIT_KEYS = "audit-keys.pem"
ANCHORS = "trust-anchors.pem"

_LOCK = ".lock"
_CHUNK = 1 << 20
_LINE = re.compile(r"([0-9a-f]{64})  ([\w.-]+)")
_SEAL = "# sha256 of the lines above: "


def sha256_file(path: Path) -> str:
    """Hex digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_durably(path: Path, content: bytes) -> None:
    """A new file, on the disk when this returns."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def fsync_path(path: Path) -> None:
    """Makes a directory's names, or a file that somebody else has written, durable."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def new_backup(place: Path) -> Iterator[Path]:
    """A directory to fill that becomes ``place`` when the block ends well. What a killed backup left there is removed,
    apart from objects: those have their final names only when whole, and need not be copied again.

    Raises ``ConflictError`` "backup.exists", "backup.busy" (another process is writing it) and ``OSError``. After a
    failure the partial directory stays, for the next attempt to go on from; ``place`` is never made."""
    if place.exists():
        raise ConflictError("backup.exists", "out", path=str(place))
    partial = place.with_name(f"{place.name}.partial")
    place.parent.mkdir(parents=True, exist_ok=True)
    partial.mkdir(mode=0o700, exist_ok=True)
    with _locked(partial):
        for entry in partial.iterdir():
            if entry.name not in (OBJECTS, _LOCK):
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        yield partial
        _seal(partial)
        if place.exists():
            raise ConflictError("backup.exists", "out", path=str(place))
        (partial / _LOCK).unlink()
        partial.rename(place)
        fsync_path(place.parent)


@contextmanager
def _locked(partial: Path) -> Iterator[None]:
    fd = os.open(partial / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ConflictError("backup.busy", "out", path=str(partial)) from None
    finally:
        os.close(fd)


def _seal(directory: Path) -> None:
    """Writes the list of digests, itself sealed by its last line, after everything it lists is durable."""
    lines = ""
    for room in (directory / OBJECTS).glob("*"):
        fsync_path(room)
    for path in sorted(directory.iterdir()):
        if path.is_file() and path.name != _LOCK:
            fsync_path(path)
            lines += f"{sha256_file(path)}  {path.name}\n"
    seal = hashlib.sha256(lines.encode()).hexdigest()
    draft = directory / f".{MANIFEST}"
    write_durably(draft, f"{lines}{_SEAL}{seal}\n".encode())
    draft.rename(directory / MANIFEST)
    fsync_path(directory)


def read_manifest(directory: Path) -> Mapping[str, str]:
    """Digests by file name, the seal checked. ``DomainError`` "backup.incomplete" when there is none,
    "backup.tampered" when it is not as written."""
    try:
        content = (directory / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise DomainError("backup.incomplete", "", path=str(directory)) from None
    head, found, seal = content.partition(_SEAL.encode())
    if not found or seal != f"{hashlib.sha256(head).hexdigest()}\n".encode():
        raise DomainError("backup.tampered", "", file=MANIFEST)
    matches = [_LINE.fullmatch(line) for line in head.decode("ascii", "replace").splitlines()]
    digests = {m[2]: m[1] for m in matches if m}
    if len(digests) != len(matches) or not {DESCRIPTION, OBJECTS_LIST} <= digests.keys():
        raise DomainError("backup.tampered", "", file=MANIFEST)
    return digests


def check_files(directory: Path, step: Callable[[int, int], object] = lambda done, total: None) -> Mapping[str, str]:
    """The manifest, every file of it read and compared. ``DomainError`` "backup.incomplete", "backup.tampered"."""
    digests = read_manifest(directory)
    for done, (name, digest) in enumerate(digests.items(), 1):
        try:
            actual = sha256_file(directory / name)
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.EIO):
                raise
            actual = ""
        if actual != digest:
            raise DomainError("backup.tampered", "", file=name)
        step(done, len(digests))
    return digests


def seal_of(directory: Path) -> str:
    """SHA-256 (hex) of ``MANIFEST``: what names this backup for good; to be kept elsewhere."""
    return sha256_file(directory / MANIFEST)
