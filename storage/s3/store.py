"""The archive on an S3 server with versioning and object lock."""

from __future__ import annotations

import contextlib
import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import BinaryIO, cast

import urllib3

from storage.api import Capabilities, ObjectInfo, StorageError
from storage.checked import CheckedReader
from storage.copying import named_digest
from storage.durable import CHUNK, hash_stream
from storage.keys import begins_keys, check_key, check_sha256, is_key
from storage.records import utc
from storage.report import CheckReport
from storage.s3.answers import RefusedError, unavailable, whole_seconds
from storage.s3.bucket import Bucket, Head, Listed
from storage.s3.location import Access, S3Location
from storage.s3.reading import RemoteBytes
from storage.s3.uploading import Uploader, expect_digest
from storage.s3.wire import Clock, Patience, Wire, pool_maker

_AHEAD = 8
"""Records asked for at once while listing."""


class S3Store:
    """``storage.api.ObjectStore`` over plain S3; safe for threads, and in a forked process with connections of its own.

    What it guarantees, whatever the server does with conditional writes:

    - **The first version counts.** Reading, ``stat`` and ``list`` take the oldest version of a key, never the newest: a
      version put over it later, and a delete marker that hides it, change nothing for readers. Of a key that names
      the SHA-256 of its content the oldest version recorded with that digest counts, so that not even a server whose
      clock was set back can bring another one to the front.
    - **Write once.** A new object is sent with ``If-None-Match: *``; where a server ignores that, two writers at one
      moment are told apart afterwards by the order of versions, and the later one gets ``storage.exists`` if its bytes
      are others. What it wrote stays behind as a version that nobody reads.
    - **Whole or not at all.** Every payload is signed with its SHA-256, which the server checks before the object is
      there; parts of a large one become an object only when the digest of all of them is the declared one.
    - **Retention** is COMPLIANCE mode, in whole seconds (rounded up), by the server's clock.

    What only the server can promise is proven by ``storage.check``; ``capabilities`` repeats what was."""

    def __init__(
        self, location: S3Location, access: Access, clock: Clock, *, encryption: str = "",
        patience: Patience | None = None, new_pool: Callable[[], urllib3.PoolManager] | None = None,
    ) -> None:  # fmt: skip
        self.location = location
        self.clock = clock
        self._patience = patience or Patience()
        wire = Wire(
            location.endpoint, location.bucket, location.region, access, clock, self._patience, new_pool or pool_maker()
        )
        self.bucket = Bucket(wire, location, encryption)
        self._uploader = Uploader(self.bucket)
        self._report: CheckReport | None = None

    def put_new(
        self, key: str, data: bytes | BinaryIO, *, sha256: str, retain_until: datetime | None = None
    ) -> ObjectInfo:
        """See the contract; when the same bytes come again with a later ``retain_until``, retention is lengthened."""
        check_key(key)
        check_sha256(sha256)
        until = None if retain_until is None else whole_seconds(utc(retain_until))
        source = io.BytesIO(data) if isinstance(data, bytes) else data
        with _refusals(key):
            fresh = self._counting(key, self.bucket.versions(key)) is None
            if fresh:
                fresh = self._uploader.store(key, source, sha256, until)
            else:
                expect_digest(key, hash_stream(source), sha256)
            return self._settled(key, sha256, until, fresh=fresh)

    @contextlib.contextmanager
    def open(self, key: str, version: str | None = None) -> Iterator[BinaryIO]:
        info = self.stat(key, version)
        source = RemoteBytes(self.bucket, info, self._patience)
        with io.BufferedReader(CheckedReader(cast(BinaryIO, source), info), CHUNK) as reader:
            source.connect()
            yield cast(BinaryIO, reader)

    def read(self, key: str, version: str | None = None) -> bytes:
        with self.open(key, version) as reader:
            return reader.read()

    def stat(self, key: str, version: str | None = None) -> ObjectInfo:
        return self._head(key, version).info

    def versions(self, key: str) -> tuple[ObjectInfo, ...]:
        """Oldest first; empty when there is none."""
        check_key(key)
        with _refusals(key):
            return tuple(self.bucket.head(key, v.version).info for v in _objects(self.bucket.versions(key)))

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """The counting version of each key. Objects whose names are no keys of ours are left out."""
        if not begins_keys(prefix):
            return
        with ThreadPoolExecutor(_AHEAD) as pool:
            waiting: list[Future[Head | None]] = []
            for key, listed in self._keys(prefix):
                waiting.append(pool.submit(self._counting, key, listed))
                if len(waiting) >= 2 * _AHEAD:
                    yield from _found(waiting.pop(0))
            for future in waiting:
                yield from _found(future)

    def retain(self, key: str, until: datetime, version: str | None = None) -> ObjectInfo:
        wanted = whole_seconds(utc(until))
        head = self._head(key, version)
        old = head.info.retain_until
        if old is not None and wanted < old:
            raise StorageError("storage.retention_shortened", key=key, until=old.isoformat())
        if wanted == old:
            return head.info
        with _refusals(key):
            try:
                self.bucket.retain(key, head.info.version, wanted)
            except RefusedError as refusal:
                self._overtaken(key, head.info.version, wanted, refusal)
        return self.stat(key, head.info.version)

    def legal_hold(self, key: str, on: bool, version: str | None = None) -> ObjectInfo:
        info = self.stat(key, version)
        if info.legal_hold == on:
            return info
        with _refusals(key):
            self.bucket.hold(key, info.version, on)
        return self.stat(key, info.version)

    def delete_version(self, key: str, version: str) -> None:
        """Needs the sweeper's credentials (``storage.s3.policies``); the writer's get ``storage.denied``."""
        head = self._head(key, version)
        if _locked(head):
            raise StorageError("storage.retained", key=key, version=version)
        with _refusals(key):
            try:
                self.bucket.delete(key, version)
            except RefusedError:
                if _locked(self._head(key, version)):
                    raise StorageError("storage.retained", key=key, version=version) from None
                raise

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
        """What was proven (``accept_proof``); nothing before that."""
        if self._report is None:
            return Capabilities(False, versioned=True, server_checksums=False, limits=("storage.limit_unproven",))
        report = self._report
        return Capabilities(
            immutable_against_own_credentials=report.immutable,
            versioned=report.holds("versions_listed"),
            server_checksums=report.holds("checksum_mismatch"),
            limits=report.limits,
        )

    def accept_proof(self, report: CheckReport) -> None:
        """Lets ``capabilities`` say what ``storage.check`` has found on this store."""
        self._report = report

    def sweep(self, older_than: timedelta = timedelta(hours=24)) -> int:
        """Aborts multipart uploads that dead writers began at least ``older_than`` ago, by the server's clock; returns
        how many. MinIO does not list them across keys and removes them itself after a day."""
        with _refusals(""):
            now = self.bucket.server_time() or self.clock.now()
            count = 0
            for upload in self.bucket.uploads():
                if upload.started is not None and upload.started <= now - older_than:
                    self.bucket.abort_upload(upload.name, upload.id)
                    count += 1
            return count

    def _settled(self, key: str, sha256: str, until: datetime | None, *, fresh: bool) -> ObjectInfo:
        """What counts now, checked against what the caller wanted to be there."""
        head = self._counting(key, self.bucket.versions(key))
        if head is None:
            raise unavailable("upload was aborted")
        info = head.info
        if info.sha256 != sha256:
            raise StorageError("storage.exists", key=key)
        if not fresh and not self.verify(key, info.version):
            raise StorageError("storage.corrupt", key=key, version=info.version)
        if until is not None and (info.retain_until is None or info.retain_until < until):
            return self.retain(key, until, info.version)
        return info

    def _head(self, key: str, version: str | None) -> Head:
        """Of the counting version when none is named; ``storage.not_found``."""
        check_key(key)
        with _refusals(key):
            listed = self.bucket.versions(key)
            if version is None:
                head = self._counting(key, listed)
            else:
                known = any(v.version == version for v in _objects(listed))
                head = self.bucket.head(key, version) if known else None
        if head is None:
            raise StorageError("storage.not_found", key=key)
        return head

    def _counting(self, key: str, listed: Sequence[Listed]) -> Head | None:
        """The version that counts, of those listed (newest first); see the class."""
        objects = _objects(listed)
        if not objects:
            return None
        with _refusals(key):
            first = self.bucket.head(key, objects[0].version)
            wanted = named_digest(key)
            if len(objects) == 1 or wanted in (None, first.info.sha256):
                return first
            others = (self.bucket.head(key, v.version) for v in objects[1:])
            return next((head for head in others if head.info.sha256 == wanted), first)

    def _keys(self, prefix: str) -> Iterator[tuple[str, Sequence[Listed]]]:
        with _refusals(prefix):
            for key, group in itertools.groupby(self.bucket.listing(prefix), key=lambda v: v.name):
                if is_key(key):
                    yield key, [*group]

    def _overtaken(self, key: str, version: str, wanted: datetime, refusal: RefusedError) -> None:
        """Somebody else may have lengthened the retention in between."""
        now = self._head(key, version).info.retain_until
        if now is None or now < wanted:
            raise StorageError("storage.denied", key=key, reason=refusal.code) from refusal
        if now > wanted:
            raise StorageError("storage.retention_shortened", key=key, until=now.isoformat())


@contextlib.contextmanager
def _refusals(key: str) -> Iterator[None]:
    try:
        yield
    except RefusedError as refusal:
        raise refusal.as_error(key) from refusal


def _objects(listed: Sequence[Listed]) -> list[Listed]:
    """Without delete markers, oldest first."""
    return [v for v in reversed(listed) if not v.marker]


def _found(future: Future[Head | None]) -> Iterator[ObjectInfo]:
    head = future.result()
    if head is not None:
        yield head.info


def _locked(head: Head) -> bool:
    """By the server's own clock."""
    until = head.locked_until
    return head.info.legal_hold or (until is not None and (head.server_time is None or head.server_time < until))
