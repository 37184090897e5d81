"""Reading from the reserve centre while the first store cannot answer."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO, TypeVar, cast

from storage.api import Capabilities, ObjectInfo, ObjectStore, StorageError
from storage.breaker import Breaker
from storage.copying import OUT_OF_REACH, named_digest
from storage.durable import CHUNK, os_errors

IN_MEMORY = 8 << 20
"""Bytes of an object that are kept in memory while it is read; more go to a temporary file."""

_ELSEWHERE = OUT_OF_REACH | {"storage.corrupt", "storage.not_found"}
T = TypeVar("T")


class FallbackStore:
    """``storage.api.ObjectStore``: reads come from ``primary``, and from ``reserve`` when the first is out of reach,
    has lost the object or its bytes; writes go to ``primary`` alone and fail when it does.

    An object is read and checked whole before its first byte is handed out, so that no reader gets the beginning of a
    damaged copy. A copy of the reserve must have the digest that its key names (``named_digest``). ``verify`` does not
    hide damage: False from the first store stays False. When both stores fail, the first one's error is raised.

    ``on_fallback`` is told the key (of a listing: the prefix) and the first store's error code each time the reserve
    was read. While ``breaker`` rests the first store is asked only for what the reserve does not have.
    """

    def __init__(
        self, primary: ObjectStore, reserve: ObjectStore, *,
        on_fallback: Callable[[str, str], None], breaker: Breaker | None = None,
    ) -> None:  # fmt: skip
        self._primary = primary
        self._reserve = reserve
        self._on_fallback = on_fallback
        self.breaker = breaker or Breaker()

    def put_new(
        self, key: str, data: bytes | BinaryIO, *, sha256: str, retain_until: datetime | None = None
    ) -> ObjectInfo:
        return self._written(self._primary.put_new(key, data, sha256=sha256, retain_until=retain_until))

    def retain(self, key: str, until: datetime, version: str | None = None) -> ObjectInfo:
        return self._written(self._primary.retain(key, until, version))

    def legal_hold(self, key: str, on: bool, version: str | None = None) -> ObjectInfo:
        return self._written(self._primary.legal_hold(key, on, version))

    def delete_version(self, key: str, version: str) -> None:
        self._primary.delete_version(key, version)
        self.breaker.answered()

    @contextmanager
    def open(self, key: str, version: str | None = None) -> Iterator[BinaryIO]:
        def first() -> BinaryIO:
            return _whole(self._primary, key, version)

        def second() -> BinaryIO:
            return _whole(self._reserve, key, self._copy(key, version).version)

        with self._either(key, first, second) as reader:
            yield reader

    def read(self, key: str, version: str | None = None) -> bytes:
        return self._either(
            key,
            lambda: self._primary.read(key, version),
            lambda: self._reserve.read(key, self._copy(key, version).version),
        )

    def stat(self, key: str, version: str | None = None) -> ObjectInfo:
        return self._either(key, lambda: self._primary.stat(key, version), lambda: self._copy(key, version))

    def versions(self, key: str) -> tuple[ObjectInfo, ...]:
        def first() -> tuple[ObjectInfo, ...]:
            found = self._primary.versions(key)
            if not found:
                raise StorageError("storage.not_found", key=key)
            return found

        def second() -> tuple[ObjectInfo, ...]:
            self._copy(key, None)
            return self._reserve.versions(key)

        try:
            return self._either(key, first, second)
        except StorageError as error:
            if error.code == "storage.not_found":
                return ()
            raise

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """Goes on in the reserve after the last key when the first store fails midway."""
        last = ""
        try:
            for info in self._listed(prefix):
                last = info.key
                yield info
            return
        except StorageError as error:
            if error.code not in OUT_OF_REACH:
                raise
            first = error
        rest = (info for info in self._reserve.list(prefix) if info.key > last)
        try:
            found = next(rest, None)
            self._on_fallback(prefix, first.code)
            if found is not None:
                yield found
                yield from rest
        except StorageError as error:
            raise first from error

    def verify(self, key: str, version: str | None = None) -> bool:
        return self._either(
            key,
            lambda: self._primary.verify(key, version),
            lambda: self._reserve.verify(key, self._copy(key, version).version),
        )

    def capabilities(self) -> Capabilities:
        return self._primary.capabilities()

    def _either(self, key: str, first: Callable[[], T], second: Callable[[], T]) -> T:
        allowed = self.breaker.allows()
        try:
            if not allowed:
                raise _resting()
            return self._asked(first)
        except StorageError as error:
            if error.code not in _ELSEWHERE:
                raise
            refusal = error
        try:
            found = second()
        except StorageError as error:
            if not allowed:
                return self._asked(first)
            raise refusal from error
        self._on_fallback(key, refusal.code)
        return found

    def _listed(self, prefix: str) -> Iterator[ObjectInfo]:
        if not self.breaker.allows():
            raise _resting()
        try:
            yield from self._primary.list(prefix)
        except StorageError as error:
            if error.code in OUT_OF_REACH:
                self.breaker.failed()
            raise
        self.breaker.answered()

    def _asked(self, first: Callable[[], T]) -> T:
        try:
            answer = first()
        except StorageError as error:
            if error.code in OUT_OF_REACH:
                self.breaker.failed()
            else:
                self.breaker.answered()
            raise
        self.breaker.answered()
        return answer

    def _written(self, answer: T) -> T:
        self.breaker.answered()
        return answer

    def _copy(self, key: str, version: str | None) -> ObjectInfo:
        """The reserve's record. Its versions have names of their own: under a key that the first store named a version
        of there are no other bytes than these, since both are written once."""
        try:
            info = self._reserve.stat(key, version)
        except StorageError as error:
            if version is None or error.code != "storage.not_found":
                raise
            info = self._reserve.stat(key)
        if named_digest(key) not in (None, info.sha256):
            raise StorageError("storage.corrupt", key=key, version=info.version)
        return info


def _resting() -> StorageError:
    return StorageError("storage.unavailable", reason="no answer a moment ago")


def _whole(store: ObjectStore, key: str, version: str | None) -> BinaryIO:
    """The object's bytes, all of them read and checked."""
    kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        with store.open(key, version) as reader:
            while chunk := reader.read(CHUNK):
                with os_errors(key):
                    kept.write(chunk)
        kept.seek(0)
    except BaseException:
        kept.close()
        raise
    return cast(BinaryIO, kept)
