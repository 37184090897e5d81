"""The write-once store of the embedded default: a directory on a POSIX file system.

Layout under ``root``::

    objects/<segment>/…/<last segment>,v/000001/data         the bytes, read-only
    objects/<segment>/…/<last segment>,v/000001/000000.json  birth record; 000001.json … later changes
    work/<random>/                                           unfinished work, one locked directory each

A version is built in ``work``, made durable, and comes into being by renaming its directory onto a name that no
directory with content can have: atomic, and never over another version. So a crash leaves the whole object or none.
"""

from __future__ import annotations

import contextlib
import errno
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from storage.api import Capabilities, ObjectInfo, StorageError
from storage.checked import CheckedReader
from storage.durable import (
    CHUNK,
    Directories,
    Workshop,
    fsync_directory,
    hash_stream,
    link_new,
    os_errors,
    write_file,
)
from storage.keys import check_key, check_sha256
from storage.records import (
    VersionState,
    birth_record,
    deletion_record,
    fold,
    hold_record,
    retention_record,
    utc,
)
from storage.tree import keys_under, object_directory, version_numbers

_LIMITS = (
    "storage.limit_owner_can_delete",
    "storage.limit_local_clock",
    "storage.limit_single_medium",
    "storage.limit_checksums_by_client",
)


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, UTC."""
        ...


class FilesystemStore:
    """``storage.api.ObjectStore`` on a directory; safe for many processes on one machine. See ``capabilities`` for
    what a file system cannot promise."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self._root = root
        self._clock = clock
        self._objects = root / "objects"
        self._directories = Directories(self._objects)
        self._workshop = Workshop(root / "work")
        with os_errors(""):
            self._objects.mkdir(parents=True, exist_ok=True)
            (root / "work").mkdir(exist_ok=True)
            fsync_directory(root)

    def put_new(
        self, key: str, data: bytes | BinaryIO, *, sha256: str, retain_until: datetime | None = None
    ) -> ObjectInfo:
        """See the contract; when the same bytes come again with a later ``retain_until``, retention is lengthened."""
        directory = object_directory(self._objects, check_key(key))
        check_sha256(sha256)
        until = None if retain_until is None else utc(retain_until)
        source = io.BytesIO(data) if isinstance(data, bytes) else data
        with os_errors(key):
            seen = self._states(key)
            if not all(state.deleted for state in seen):
                self._expect_digest(key, hash_stream(source), sha256)
            elif self._store(key, directory / _after(seen), source, sha256, until):
                return self.stat(key)
            return self._settled(key, sha256, until)

    @contextlib.contextmanager
    def open(self, key: str, version: str | None = None) -> Iterator[BinaryIO]:
        info = self.stat(key, version)
        with self._reader(info) as reader:
            yield cast(BinaryIO, reader)

    def read(self, key: str, version: str | None = None) -> bytes:
        with self.open(key, version) as reader:
            return reader.read()

    def stat(self, key: str, version: str | None = None) -> ObjectInfo:
        return self._state(key, version).info

    def versions(self, key: str) -> tuple[ObjectInfo, ...]:
        """Oldest first; deleted versions are not among them. Empty when there is none."""
        check_key(key)
        with os_errors(key):
            return tuple(state.info for state in self._live(key))

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        with os_errors(prefix):
            for key in keys_under(self._objects, prefix):
                live = self._live(key)
                if live:
                    yield live[-1].info

    def retain(self, key: str, until: datetime, version: str | None = None) -> ObjectInfo:
        wanted = utc(until)

        def change(state: VersionState) -> bytes | None:
            old = state.info.retain_until
            if old is not None and wanted < old:
                raise StorageError("storage.retention_shortened", key=key, until=old.isoformat())
            return None if wanted == old else retention_record(self._now(), wanted)

        return self._change(key, version, change)

    def legal_hold(self, key: str, on: bool, version: str | None = None) -> ObjectInfo:
        def change(state: VersionState) -> bytes | None:
            return None if state.info.legal_hold == on else hold_record(self._now(), on)

        return self._change(key, version, change)

    def delete_version(self, key: str, version: str) -> None:
        """The bytes go, the records stay: the number is never given again. Safe to repeat after a crash between."""

        def change(state: VersionState) -> bytes:
            now = self._now()
            until = state.info.retain_until
            if state.info.legal_hold or (until is not None and now < until):
                raise StorageError("storage.retained", key=key, version=version)
            return deletion_record(now)

        check_key(key)
        directory = object_directory(self._objects, key)
        with os_errors(key):
            dead = any(s.deleted and s.info.version == version for s in self._states(key))
            if not (dead and (directory / version / "data").exists()):
                self._change(key, version, change)
            (directory / version / "data").unlink(missing_ok=True)
            fsync_directory(directory / version)

    def verify(self, key: str, version: str | None = None) -> bool:
        try:
            with self.open(key, version) as reader:
                while reader.read(CHUNK):
                    pass
        except StorageError as error:
            if error.code != "storage.corrupt":
                raise
            return False
        return True

    def capabilities(self) -> Capabilities:
        return Capabilities(
            immutable_against_own_credentials=False, versioned=True, server_checksums=False, limits=_LIMITS
        )

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Every key that has or had a version, in order, whatever state its records are in."""
        with os_errors(prefix):
            yield from keys_under(self._objects, prefix)

    def mend(self, key: str, version: str, data: BinaryIO) -> ObjectInfo:
        """Gives a version whose medium lost its bytes the recorded ones back. No others can come in (else
        ``storage.digest_mismatch``), so this overwrites nothing; sound bytes are left alone."""
        info = self.stat(key, version)
        if self.verify(key, info.version):
            return info
        place = object_directory(self._objects, key) / info.version / "data"
        with os_errors(key), self._workshop.directory() as room:
            _, actual = write_file(room / "data", data)
            self._expect_digest(key, actual, info.sha256)
            (room / "data").replace(place)
            fsync_directory(place.parent)
        return info

    def sweep(self, older_than: timedelta = timedelta(minutes=10)) -> int:
        """Removes what killed writers left unfinished; returns how many pieces. To be called at start."""
        with os_errors(""):
            return self._workshop.sweep(older_than.total_seconds())

    def _store(self, key: str, place: Path, source: BinaryIO, sha256: str, until: datetime | None) -> bool:
        """Builds a version and puts it in its place; False when another writer was first."""
        with self._workshop.directory() as room:
            size, actual = write_file(room / "data", source)
            self._expect_digest(key, actual, sha256)
            self._directories.make(place.parent)
            info = ObjectInfo(key, place.name, size, sha256, self._now(), until)
            write_file(room / "000000.json", io.BytesIO(birth_record(info)))
            fsync_directory(room)
            try:
                room.rename(place)
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
                return False
        fsync_directory(place.parent)
        return True

    def _settled(self, key: str, sha256: str, until: datetime | None) -> ObjectInfo:
        """What is there now, checked against what the caller wanted to be there, and durable even if its first writer
        died in between."""
        fsync_directory(object_directory(self._objects, key))
        info = self.stat(key)
        if info.sha256 != sha256:
            raise StorageError("storage.exists", key=key)
        if not self.verify(key, info.version):
            raise StorageError("storage.corrupt", key=key, version=info.version)
        if until is not None and (info.retain_until is None or info.retain_until < until):
            return self.retain(key, until, info.version)
        return info

    @staticmethod
    def _expect_digest(key: str, actual: str, expected: str) -> None:
        if actual != expected:
            raise StorageError("storage.digest_mismatch", key=key, actual=actual, expected=expected)

    def _live(self, key: str) -> Sequence[VersionState]:
        return [state for state in self._states(key) if not state.deleted]

    def _states(self, key: str) -> Sequence[VersionState]:
        numbers = version_numbers(object_directory(self._objects, key))
        return [self._load(key, f"{n:06d}") for n in numbers]

    def _load(self, key: str, version: str) -> VersionState:
        directory = object_directory(self._objects, key) / version
        names = sorted(p.name for p in directory.glob("*.json"))
        if names != [f"{n:06d}.json" for n in range(len(names))]:
            raise StorageError("storage.corrupt", key=key, version=version)
        return fold(((directory / name).read_bytes() for name in names), key, version)

    def _state(self, key: str, version: str | None) -> VersionState:
        """Of the newest version when none is named; ``storage.not_found``."""
        check_key(key)
        with os_errors(key):
            live = self._live(key)
        for state in reversed(live):
            if version in (None, state.info.version):
                return state
        raise StorageError("storage.not_found", key=key)

    def _change(self, key: str, version: str | None, change: Callable[[VersionState], bytes | None]) -> ObjectInfo:
        """Adds the record that ``change`` decides on; decides again when another writer's record came first."""
        while True:
            state = self._state(key, version)
            record = change(state)
            if record is None:
                return state.info
            directory = object_directory(self._objects, key) / state.info.version
            with os_errors(key):
                if link_new(self._workshop, record, directory / f"{state.records:06d}.json"):
                    return self._load(key, state.info.version).info

    def _reader(self, info: ObjectInfo) -> io.BufferedReader:
        path = object_directory(self._objects, info.key) / info.version / "data"
        with os_errors(info.key):
            try:
                return io.BufferedReader(CheckedReader(path.open("rb", buffering=0), info), CHUNK)
            except FileNotFoundError:
                raise StorageError("storage.corrupt", key=info.key, version=info.version) from None

    def _now(self) -> datetime:
        return utc(self._clock.now())


def _after(seen: Sequence[VersionState]) -> str:
    """The number that follows what was seen when the decision to store was made: a writer that was overtaken since
    then finds its place taken."""
    return f"{int(seen[-1].info.version) + 1 if seen else 1:06d}"
