"""Bytes of one stored version over connections that may break."""

from __future__ import annotations

import io
from contextlib import ExitStack

import urllib3
from urllib3.exceptions import HTTPError

from storage.api import ObjectInfo, StorageError
from storage.s3.answers import RefusedError, unavailable
from storage.s3.bucket import Bucket
from storage.s3.wire import Patience


class RemoteBytes(io.RawIOBase):
    """The bytes of ``info``'s version from the first to the last the server has. When the connection breaks, it goes on
    where it stopped: the version cannot change in between, and ``CheckedReader`` checks the whole.

    A server that answers and yet breaks off at the same byte every time does not have the byte: ``storage.corrupt``
    (MinIO does so when bit rot is more than its redundancy repairs)."""

    def __init__(self, bucket: Bucket, info: ObjectInfo, patience: Patience) -> None:
        self._bucket = bucket
        self._info = info
        self._patience = patience
        self._deadline = patience.deadline(info.size)
        self._at = 0
        self._connection = ExitStack()
        self._response: urllib3.BaseHTTPResponse | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        chunk = self._read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def read(self, size: int = -1) -> bytes:
        return self._read(size) if size >= 0 else super().read() or b""

    def connect(self) -> None:
        """Asks for what is left; ``storage.not_found`` when the version is not there."""
        self._connection.close()
        try:
            self._response, _ = self._connection.enter_context(
                self._bucket.get(self._info.key, self._info.version, self._at, self._info.size)
            )
        except RefusedError as refusal:
            raise self._refused(refusal) from refusal

    def close(self) -> None:
        if not self.closed:
            if self._response is not None and self._at < self._info.size:
                self._response.close()
            self._connection.close()
        super().close()

    def _read(self, size: int) -> bytes:
        broken = 0
        while True:
            if self._patience.monotonic() > self._deadline:
                raise unavailable("deadline")
            try:
                if self._response is None:
                    self.connect()
                assert self._response is not None
                chunk: bytes = self._response.read1(size)
            except (HTTPError, OSError) as error:
                self._response = None
                if not self._patience.wait(broken, self._deadline):
                    raise self._given_up(error) from error
                broken += 1
            else:
                self._at += len(chunk)
                return chunk

    def _refused(self, refusal: RefusedError) -> StorageError:
        """MinIO says "unreadable, slow down" of bytes that rotted and when disks are away; in the second case it cannot
        read the object's record either."""
        if refusal.code == "SlowDownRead" and self._has_record():
            return StorageError("storage.corrupt", key=self._info.key, version=self._info.version)
        return refusal.as_error(self._info.key)

    def _has_record(self) -> bool:
        try:
            self._bucket.head(self._info.key, self._info.version)
        except RefusedError:
            return False
        return True

    def _given_up(self, error: Exception) -> StorageError:
        if isinstance(error, urllib3.exceptions.ProtocolError):
            return StorageError("storage.corrupt", key=self._info.key, version=self._info.version)
        return unavailable(type(error).__name__)
