"""Reading with proof: no reader gets the last byte of an object whose bytes are not those recorded."""

from __future__ import annotations

import hashlib
import io
from typing import BinaryIO

from storage.api import ObjectInfo, StorageError
from storage.durable import os_errors


class CheckedReader(io.RawIOBase):
    """A forward-only stream over ``source`` that raises ``storage.corrupt`` instead of handing out the last bytes when
    length or SHA-256 differ from ``info``. Owns ``source``."""

    def __init__(self, source: BinaryIO, info: ObjectInfo) -> None:
        self._source = source
        self._info = info
        self._digest = hashlib.sha256()
        self._left = info.size
        self._checked = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        wanted = min(len(buffer), self._left)
        chunk = self._read(wanted) if wanted else b""
        self._digest.update(chunk)
        self._left -= len(chunk)
        if self._left == 0:
            self._check_end()
        elif not chunk and wanted:
            raise self._corrupt()
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()

    def _check_end(self) -> None:
        if not self._checked and (self._read(1) or self._digest.hexdigest() != self._info.sha256):
            raise self._corrupt()
        self._checked = True

    def _read(self, count: int) -> bytes:
        with os_errors(self._info.key):
            return self._source.read(count)

    def _corrupt(self) -> StorageError:
        return StorageError("storage.corrupt", key=self._info.key, version=self._info.version)
