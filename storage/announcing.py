"""A store that tells of every change, so that a second store can follow it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from storage.api import Capabilities, ObjectInfo, ObjectStore, StorageError


class Change(StrEnum):
    PUT = "put"
    RETAIN = "retain"
    HOLD = "hold"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Announcement:
    """``detail`` tells one change of a key from another: the same change repeated has the same detail, so that it need
    not be followed twice. Holds come and go; each of them is a change of its own."""

    key: str
    change: Change
    detail: str


Announce = Callable[[Announcement], None]
"""Keeps the announcement durably before it returns; raises a ``StorageError`` that may be retried when it cannot."""


class AnnouncingStore:
    """``storage.api.ObjectStore`` over ``primary``. A change is announced after it was made and before the caller knows
    of it: whatever a caller refers to has been announced. A process killed in between leaves an object that nobody
    refers to and nobody announced; comparing both stores finds it.

    When announcing fails the caller gets its error although the change was made. Each operation may be repeated, and
    announces again: a deletion too, although it then ends in ``storage.not_found``. ``nonce`` gives texts that never
    come twice.
    """

    def __init__(self, primary: ObjectStore, announce: Announce, nonce: Callable[[], str]) -> None:
        self._primary = primary
        self._announce = announce
        self._nonce = nonce

    def put_new(
        self, key: str, data: bytes | BinaryIO, *, sha256: str, retain_until: datetime | None = None
    ) -> ObjectInfo:
        info = self._primary.put_new(key, data, sha256=sha256, retain_until=retain_until)
        return self._told(info, Change.PUT)

    def retain(self, key: str, until: datetime, version: str | None = None) -> ObjectInfo:
        return self._told(self._primary.retain(key, until, version), Change.RETAIN)

    def legal_hold(self, key: str, on: bool, version: str | None = None) -> ObjectInfo:
        info = self._primary.legal_hold(key, on, version)
        self._announce(Announcement(key, Change.HOLD, self._nonce()))
        return info

    def delete_version(self, key: str, version: str) -> None:
        gone = Announcement(key, Change.DELETE, version)
        try:
            self._primary.delete_version(key, version)
        except StorageError as error:
            if error.code == "storage.not_found":
                self._announce(gone)
            raise
        self._announce(gone)

    def open(self, key: str, version: str | None = None) -> AbstractContextManager[BinaryIO]:
        return self._primary.open(key, version)

    def read(self, key: str, version: str | None = None) -> bytes:
        return self._primary.read(key, version)

    def stat(self, key: str, version: str | None = None) -> ObjectInfo:
        return self._primary.stat(key, version)

    def versions(self, key: str) -> tuple[ObjectInfo, ...]:
        return self._primary.versions(key)

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        return self._primary.list(prefix)

    def verify(self, key: str, version: str | None = None) -> bool:
        return self._primary.verify(key, version)

    def capabilities(self) -> Capabilities:
        return self._primary.capabilities()

    def _told(self, info: ObjectInfo, change: Change) -> ObjectInfo:
        until = info.retain_until.isoformat() if info.retain_until else ""
        self._announce(Announcement(info.key, change, f"{info.version} {until}"))
        return info
