"""The contract every archive store keeps: write-once versions, retention, legal hold, checksums.

Semantics follow S3 with versioning and object lock in compliance mode; an adapter says in ``Capabilities`` what its
medium cannot promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol


class StorageError(Exception):
    """A refusal or failure with a stable ``code`` and the parameters of its message."""

    def __init__(self, code: str, **params: str | int) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code} {params}" if params else code)


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """One stored version. ``sha256`` is hex; ``size`` in bytes; ``retain_until`` UTC or None."""

    key: str
    version: str
    size: int
    sha256: str
    stored_at: datetime
    retain_until: datetime | None = None
    legal_hold: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the store really enforces; ``limits`` are message codes ("storage.limit_…") of plain
    sentences for what it cannot promise."""

    immutable_against_own_credentials: bool
    versioned: bool
    server_checksums: bool
    limits: tuple[str, ...] = ()


class ObjectStore(Protocol):
    """Write-once store. Error codes: ``storage.exists``, ``storage.not_found``, ``storage.digest_mismatch``,
    ``storage.bad_key``, ``storage.bad_digest``, ``storage.retained``, ``storage.retention_shortened``,
    ``storage.no_space``, ``storage.unavailable``, ``storage.corrupt``."""

    def put_new(
        self, key: str, data: bytes | BinaryIO, *, sha256: str, retain_until: datetime | None = None
    ) -> ObjectInfo:
        """Stores a new object durably before it returns. The same bytes under the same key again return the version
        that is there (safe to repeat); other bytes raise ``storage.exists``."""
        ...

    def open(self, key: str, version: str | None = None) -> AbstractContextManager[BinaryIO]:
        """Opens for reading; the digest is checked while reading and a mismatch raises ``storage.corrupt`` before
        the last byte is handed out."""
        ...

    def read(self, key: str, version: str | None = None) -> bytes:
        """The whole object, digest checked."""
        ...

    def stat(self, key: str, version: str | None = None) -> ObjectInfo: ...

    def versions(self, key: str) -> tuple[ObjectInfo, ...]: ...

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """Newest versions of all keys under ``prefix``, ordered by key."""
        ...

    def retain(self, key: str, until: datetime, version: str | None = None) -> ObjectInfo:
        """Sets or lengthens retention; shortening raises ``storage.retention_shortened``."""
        ...

    def legal_hold(self, key: str, on: bool, version: str | None = None) -> ObjectInfo: ...

    def delete_version(self, key: str, version: str) -> None:
        """Deletes one version at the end of its retention; raises ``storage.retained`` before or under hold."""
        ...

    def verify(self, key: str, version: str | None = None) -> bool:
        """Reads the stored bytes and compares them with the recorded SHA-256."""
        ...

    def capabilities(self) -> Capabilities: ...
