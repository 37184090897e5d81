"""Writing objects of any size in constant memory."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import BinaryIO

from storage.api import StorageError
from storage.s3.answers import RefusedError
from storage.s3.bucket import Bucket

PART = 8 << 20
"""Bytes of a part, and of the largest object that is sent in one piece. S3 allows parts from 5 MiB, 10,000 of them:
objects up to 78 GiB."""

_NEVER_THERE = ("PreconditionFailed",)


class Uploader:
    """Sends what ``source`` gives, checks it against the declared SHA-256, and lets it come into being only then."""

    def __init__(self, bucket: Bucket, part: int = PART) -> None:
        self._bucket = bucket
        self._part = part

    def store(self, key: str, source: BinaryIO, sha256: str, until: datetime | None) -> bool:
        """False when the server says that the key is taken (nothing was stored).

        Raises ``storage.digest_mismatch`` before anything can be seen of wrong bytes, and ``RefusedError``."""
        ahead = deque([read_exactly(source, self._part), read_exactly(source, self._part)])
        if ahead[1]:
            return self._in_parts(key, _parts(ahead, source, self._part), sha256, until)
        expect_digest(key, hashlib.sha256(ahead[0]).hexdigest(), sha256)
        return self._taken_is_false(lambda: self._bucket.put(key, ahead[0], sha256, until))

    def _in_parts(self, key: str, parts: Iterator[bytes], sha256: str, until: datetime | None) -> bool:
        upload = self._bucket.begin_upload(key, sha256, until)
        try:
            digest = hashlib.sha256()
            etags = []
            for number, part in enumerate(parts, 1):
                digest.update(part)
                etags.append(self._bucket.put_part(key, upload, number, part))
            expect_digest(key, digest.hexdigest(), sha256)
            stored = self._taken_is_false(lambda: self._bucket.complete_upload(key, upload, etags))
        except BaseException:
            self._abort(key, upload)
            raise
        if not stored:
            self._abort(key, upload)
        return stored

    def _abort(self, key: str, upload: str) -> None:
        """As well as can be; ``S3Store.sweep`` and the bucket's life-cycle rule remove what a killed writer leaves."""
        with suppress(StorageError, RefusedError):
            self._bucket.abort_upload(key, upload)

    @staticmethod
    def _taken_is_false(send: Callable[[], object]) -> bool:
        try:
            send()
        except RefusedError as refusal:
            if refusal.code in _NEVER_THERE or refusal.code == "NoSuchUpload":
                return False
            raise
        return True


def expect_digest(key: str, actual: str, expected: str) -> None:
    if actual != expected:
        raise StorageError("storage.digest_mismatch", key=key, actual=actual, expected=expected)


def read_exactly(source: BinaryIO, count: int) -> bytes:
    """Fewer bytes only at the end; raw streams give what they have at hand."""
    parts = []
    while count and (part := source.read(count)):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _parts(ahead: deque[bytes], source: BinaryIO, size: int) -> Iterator[bytes]:
    """What was read ahead, then the rest; nothing is kept that was given away."""
    while ahead:
        yield ahead.popleft()
    while part := read_exactly(source, size):
        yield part
