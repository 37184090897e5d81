"""File-system steps that survive a crash: written bytes are on the disk before a name points to them (POSIX fsync)."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import io
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from storage.api import StorageError

CHUNK = 1 << 20
"""Bytes read or written at once."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextlib.contextmanager
def os_errors(key: str) -> Iterator[None]:
    """Turns the system's refusals into ``storage.no_space`` (disk, quota or file size limit reached) or
    ``storage.unavailable`` (anything else: not mounted, read-only, no permission, input/output error)."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageError("storage.no_space", key=key) from error
        raise StorageError("storage.unavailable", reason=error.strerror or type(error).__name__) from error


def fsync_directory(path: Path) -> None:
    """Makes the names in a directory durable."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


class Directories:
    """Makes directories below ``top`` whose names are on the disk; each name is synchronised once by this process,
    not once for each file below it. Safe for several threads."""

    def __init__(self, top: Path, capacity: int = 10_000) -> None:
        self._durable: set[Path] = set()
        self._top = top
        self._capacity = capacity

    def make(self, path: Path) -> None:
        """Also ``path``'s parents. One that another process made is synchronised too: it may not have got to it."""
        if path == self._top or (path in self._durable and path.is_dir()):
            return
        self.make(path.parent)
        path.mkdir(exist_ok=True)
        fsync_directory(path.parent)
        if len(self._durable) >= self._capacity:
            self._durable = set()
        self._durable.add(path)


def write_file(path: Path, source: BinaryIO) -> tuple[int, str]:
    """Writes a new read-only file durably; returns its size and SHA-256 as computed while writing."""
    digest = hashlib.sha256()
    size = 0
    with path.open("xb", buffering=0) as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            _write_all(file, chunk)
        os.fchmod(file.fileno(), 0o444)
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def hash_stream(source: BinaryIO) -> str:
    """SHA-256 (hex) of what is left to read."""
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def link_new(workshop: Workshop, content: bytes, target: Path) -> bool:
    """Puts a small file in its place, whole or not at all; False when the place is taken (nothing is overwritten)."""
    with workshop.directory() as room:
        draft = room / "record"
        write_file(draft, io.BytesIO(content))
        try:
            os.link(draft, target)
        except FileExistsError:
            return False
    fsync_directory(target.parent)
    return True


class Workshop:
    """The directory of unfinished work. Each piece has its own locked subdirectory: the kernel drops the lock with
    the process, so that ``sweep`` can tell a dead writer's remains from a slow writer's work."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextlib.contextmanager
    def directory(self) -> Iterator[Path]:
        """A new directory for one piece of work; whatever is left in it goes when the block ends."""
        room = self._path / secrets.token_hex(16)
        room.mkdir(mode=0o755)
        fd = os.open(room, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)
            os.close(fd)

    def sweep(self, older_than: float) -> int:
        """Removes what dead writers left at least ``older_than`` seconds ago, by the file system's own clock; returns
        how many pieces."""
        with self.directory() as probe:
            now = probe.stat().st_mtime
            rooms = [p for p in self._path.iterdir() if p != probe]
            return sum(self._remove_dead(room, now - older_than) for room in rooms)

    @staticmethod
    def _remove_dead(room: Path, before: float) -> bool:
        try:
            fd = os.open(room, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            return False
        try:
            if os.fstat(fd).st_mtime > before:
                return False
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(room, ignore_errors=True)
            return True
        except BlockingIOError:
            return False
        finally:
            os.close(fd)


def _write_all(file: io.FileIO, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[file.write(view) :]
