"""Two stores that hold the same objects: what makes copies equal, and how one is made from the other.

Versions have other names in another store, and times of storing differ; bytes, retention and legal hold must not.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Protocol, cast, runtime_checkable

from storage.api import ObjectInfo, ObjectStore, StorageError
from storage.keys import digest_of
from storage.records import utc

PRIMARY = "primary"
RESERVE = "reserve"
OUT_OF_REACH = frozenset({"storage.unavailable", "storage.denied", "storage.clock_skew"})
"""Codes of a store that cannot be used at all now, whatever is asked of it."""

_OF_ANOTHER = "links"


@runtime_checkable
class Mendable(Protocol):
    """A store whose medium can be given back the bytes that it lost."""

    def mend(self, key: str, version: str, data: BinaryIO) -> ObjectInfo:
        """Puts the recorded bytes of a version in the place of damaged ones; ``storage.digest_mismatch`` for any
        others, so that nothing can be changed in this way."""
        ...


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two stores. Its errors carry its name, as parameter ``side``."""

    name: str
    store: ObjectStore

    def find(self, key: str) -> ObjectInfo | None:
        """What the store records of the key now; None when there is nothing."""
        with self.errors():
            try:
                return self.store.stat(key)
            except StorageError as error:
                if error.code != "storage.not_found":
                    raise
                return None

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """An error that names a side already keeps it: it came from the other store through this one."""
        try:
            yield
        except StorageError as error:
            if "side" in error.params:
                raise
            raise StorageError(error.code, **{**error.params, "side": self.name}) from error


class _Source:
    """A reader whose errors are told from those of the store that it is read into."""

    def __init__(self, side: Side, reader: BinaryIO) -> None:
        self._side = side
        self._reader = reader

    def read(self, size: int = -1) -> bytes:
        with self._side.errors():
            return self._reader.read(size)


def named_digest(key: str) -> str | None:
    """The SHA-256 of the content, when the key says it. A link of the audit log (``…/links/<digest>``) is named after
    what it starts from, not after what it holds."""
    if key.split("/")[-2:-1] == [_OF_ANOTHER]:
        return None
    try:
        return digest_of(key)
    except StorageError:
        return None


def lasting(info: ObjectInfo, now: datetime) -> datetime | None:
    """Until when the object is retained, in whole seconds (rounded up, as S3 keeps it); None when that time is over:
    no server takes a retention that has ended."""
    if info.retain_until is None or info.retain_until <= now:
        return None
    exact = utc(info.retain_until)
    return exact if exact.microsecond == 0 else exact.replace(microsecond=0) + timedelta(seconds=1)


def alike(one: ObjectInfo, other: ObjectInfo, now: datetime) -> bool:
    """Whether two copies promise the same."""
    return (one.sha256, one.size, lasting(one, now), one.legal_hold) == (
        other.sha256, other.size, lasting(other, now), other.legal_hold,
    )  # fmt: skip


def copy_object(source: Side, info: ObjectInfo, target: Side, now: datetime) -> ObjectInfo:
    """Makes the copy that ``target`` lacks, in constant memory; the digest is checked while reading and again by the
    target. Safe to repeat, and to be done by several at once."""
    with contextlib.ExitStack() as stack:
        with source.errors():
            reader = stack.enter_context(source.store.open(info.key, info.version))
        with target.errors():
            copy = target.store.put_new(
                info.key, cast(BinaryIO, _Source(source, reader)), sha256=info.sha256, retain_until=lasting(info, now)
            )
    return protect(target, copy, lasting(info, now), hold=info.legal_hold)


def protect(target: Side, copy: ObjectInfo, until: datetime | None, *, hold: bool) -> ObjectInfo:
    """Lengthens the copy's retention to ``until`` (never shortens it) and sets its legal hold."""
    with target.errors():
        if until is not None and (copy.retain_until is None or copy.retain_until < until):
            try:
                copy = target.store.retain(copy.key, until, copy.version)
            except StorageError as error:
                if error.code != "storage.retention_shortened":
                    raise
                copy = target.store.stat(copy.key, copy.version)
        if copy.legal_hold != hold:
            copy = target.store.legal_hold(copy.key, hold, copy.version)
    return copy
