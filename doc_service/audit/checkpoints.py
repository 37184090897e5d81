"""Signed tree heads in the archive: a chain that the database cannot rewrite.

For each checkpoint three write-once objects: the signed document under a key that ends in its SHA-256; its time stamp;
and a link under the digest of the checkpoint *before* it. The archive takes only one content under a key, so the link
decides which of two checkpoints made at once is the next one, and a checkpoint whose row was lost (a crash, an old
backup, a deletion) is found again from the archive alone.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta

from doc_service.audit.canonical import canonical_json
from doc_service.audit.keys import Signer
from doc_service.audit.offline.verify_audit import CHECKPOINT_FORMAT, Checkpoint, read_checkpoint
from doc_service.audit.store import CheckpointRecord
from doc_service.domain.audit_events import timestamp
from doc_service.domain.errors import ConflictError
from storage.api import ObjectStore, StorageError

DAMAGE = ("storage.not_found", "storage.corrupt", "storage.bad_key")
"""What reading a damaged or robbed archive gives."""

_FIRST = "first"


def sign_checkpoint(signer: Signer, log: str, size: int, root: bytes, at: datetime, previous: str | None) -> bytes:
    """The document: canonical JSON of body, public key and the Ed25519 signature over the canonical body."""
    body = {
        "format": CHECKPOINT_FORMAT,
        "log": log,
        "size": size,
        "root": root.hex(),
        "at": timestamp(at),
        "previous": previous,
    }
    signature = signer.sign(canonical_json(body))
    return canonical_json(
        {
            "body": body,
            "key": base64.b64encode(signer.public_key).decode(),
            "signature": base64.b64encode(signature).decode(),
        }
    )


class CheckpointArchive:
    """The chain of checkpoints of one log in an object store, each object under retention."""

    def __init__(self, archive: ObjectStore, log: str, retention: timedelta) -> None:
        self._archive = archive
        self._prefix = f"audit/{log}"
        self._retention = retention

    def key(self, checkpoint: Checkpoint) -> str:
        return f"{self._prefix}/checkpoints/{checkpoint.size:012d}/{checkpoint.sha256}"

    def add(self, document: bytes, now: datetime) -> CheckpointRecord:
        """Stores the document as the one that follows its ``previous``. When another process was first, its
        checkpoint comes back instead."""
        checkpoint = read_checkpoint(document)
        key = self.key(checkpoint)
        self._put(key, document, now)
        try:
            self._put(self._link(checkpoint.previous), key.encode(), now)
        except StorageError as error:
            if error.code != "storage.exists":
                raise
            found = self.after(checkpoint.previous)
            if found is None:
                raise
            return found
        return record_of(document, key)

    def after(self, previous: str | None) -> CheckpointRecord | None:
        """The checkpoint that follows the one with digest ``previous`` (None: the first one), None at the end.

        ``ConflictError`` "audit.checkpoint_link" when the link leads to something else."""
        try:
            key = self._archive.read(self._link(previous)).decode("ascii", "replace")
        except StorageError as error:
            if error.code == "storage.not_found":
                return None
            raise
        record = record_of(self._archive.read(key), key)
        if read_checkpoint(record.document).previous != previous:
            raise ConflictError("audit.checkpoint_link", "", size=record.size)
        return record

    def holds(self, record: CheckpointRecord) -> bool:
        """Whether the archive has exactly this document, under its key."""
        try:
            return self._archive.read(record.key) == record.document
        except StorageError as error:
            if error.code in DAMAGE:
                return False
            raise

    def add_timestamp(self, record: CheckpointRecord, response: bytes, now: datetime) -> str:
        """Stores the time stamp; returns its key."""
        digest = hashlib.sha256(response).hexdigest()
        key = f"{self._prefix}/timestamps/{record.size:012d}/{record.sha256}/{digest}"
        self._put(key, response, now)
        return key

    def _link(self, previous: str | None) -> str:
        return f"{self._prefix}/links/{previous or _FIRST}"

    def _put(self, key: str, data: bytes, now: datetime) -> None:
        digest = hashlib.sha256(data).hexdigest()
        self._archive.put_new(key, data, sha256=digest, retain_until=now + self._retention)


def record_of(document: bytes, key: str) -> CheckpointRecord:
    """The row for a stored document; ``ConflictError`` "audit.checkpoint_unreadable"."""
    try:
        checkpoint = read_checkpoint(document)
        at = datetime.fromisoformat(checkpoint.at)
    except ValueError:
        raise ConflictError("audit.checkpoint_unreadable", "", name=key) from None
    return CheckpointRecord(checkpoint.size, checkpoint.root, at, checkpoint.sha256, document, key)
