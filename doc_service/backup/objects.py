"""The list of objects in a backup, one JSON line each in the order of their keys, and the copies of their bytes.

Lists are streamed and joined by key, so that an archive of a hundred million objects needs no more memory than one of
a hundred.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from doc_service.audit.snapshot import Reference
from doc_service.domain.errors import DomainError
from storage.api import ObjectInfo, ObjectStore, StorageError

_CHUNK = 1 << 20
L = TypeVar("L", "Line", ObjectInfo, Reference)
R = TypeVar("R", "Line", ObjectInfo, Reference)


@dataclass(frozen=True, slots=True)
class Line:
    """One object of a backup. ``referred``: the dump refers to it; others are work in progress, or orphans."""

    key: str
    version: str
    size: int
    sha256: str
    stored_at: datetime
    retain_until: datetime | None
    legal_hold: bool
    referred: bool

    @classmethod
    def of(cls, info: ObjectInfo, *, referred: bool) -> Line:
        return cls(
            info.key, info.version, info.size, info.sha256, info.stored_at, info.retain_until, info.legal_hold, referred
        )

    def to_json(self) -> str:
        return json.dumps(
            {
                "key": self.key,
                "version": self.version,
                "size": self.size,
                "sha256": self.sha256,
                "stored_at": self.stored_at.isoformat(),
                "retain_until": self.retain_until.isoformat() if self.retain_until else None,
                "legal_hold": self.legal_hold,
                "referred": self.referred,
            },
            ensure_ascii=False,
        )


def read_lines(path: Path) -> Iterator[Line]:
    """``DomainError`` "backup.tampered" for a line that cannot be read or stands out of order."""
    last = ""
    with path.open(encoding="utf-8") as file:
        for text in file:
            try:
                line = _line(json.loads(text))
            except (ValueError, KeyError, TypeError):
                raise DomainError("backup.tampered", "", file=path.name) from None
            if line.key <= last:
                raise DomainError("backup.tampered", "", file=path.name)
            last = line.key
            yield line


def _line(value: dict[str, Any]) -> Line:
    until = value["retain_until"]
    return Line(
        key=str(value["key"]),
        version=str(value["version"]),
        size=int(value["size"]),
        sha256=str(value["sha256"]),
        stored_at=datetime.fromisoformat(value["stored_at"]),
        retain_until=None if until is None else datetime.fromisoformat(until),
        legal_hold=bool(value["legal_hold"]),
        referred=bool(value["referred"]),
    )


def joined(left: Iterable[L], right: Iterable[R]) -> Iterator[tuple[L | None, R | None]]:
    """Pairs with equal keys, and None for the side that lacks a key; both sides ordered by key."""
    a, b = iter(left), iter(right)
    x, y = next(a, None), next(b, None)
    while x is not None or y is not None:
        if y is None or (x is not None and x.key < y.key):
            yield x, None
            x = next(a, None)
        elif x is None or y.key < x.key:
            yield None, y
            y = next(b, None)
        else:
            yield x, y
            x, y = next(a, None), next(b, None)


class ObjectTree:
    """Copies by content: ``<root>/<first two digits>/<SHA-256>``, so that the same bytes lie there once and a later
    backup can share them by hard links."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def has(self, sha256: str, size: int) -> bool:
        try:
            return self.path(sha256).stat().st_size == size
        except FileNotFoundError:
            return False

    def link(self, other: ObjectTree, sha256: str, size: int) -> bool:
        """Shares the copy of another tree; False when it has none of that size or links are not possible."""
        if not other.has(sha256, size):
            return False
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            try:
                os.link(other.path(sha256), target)
            except OSError as error:
                if isinstance(error, FileExistsError):
                    raise
                return False
        return True

    def add(self, source: BinaryIO, sha256: str) -> None:
        """Copies durably; the name comes last. ``StorageError`` "storage.corrupt" from a checked source."""
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{sha256}")
        try:
            with draft.open("wb") as file:
                shutil.copyfileobj(source, file, _CHUNK)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(target)
        finally:
            draft.unlink(missing_ok=True)

    def open(self, key: str, sha256: str) -> AbstractContextManager[BinaryIO]:
        """As ``ObjectSource.open``; the receiver checks the digest."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError:
            raise StorageError("storage.not_found", key=key) from None

    def sound(self, sha256: str, size: int) -> bool:
        """Whether the bytes are those of the digest."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256 and file.tell() == size
        except FileNotFoundError:
            return False


class StoreSource:
    """``ObjectSource`` over a store, e.g. the reserve centre's."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def open(self, key: str, sha256: str) -> AbstractContextManager[BinaryIO]:
        return self._store.open(key)


class LineWriter:
    """Writes the list durably; counts what it wrote."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file = file
        self.objects = self.referred = self.bytes = 0

    def add(self, line: Line) -> None:
        self._file.write(line.to_json() + "\n")
        self.objects += 1
        self.referred += line.referred
        self.bytes += line.size
