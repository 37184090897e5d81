"""The Merkle log: gives events their places and signs what stands (RFC 9162 hashing, RFC 3161 time stamps)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from doc_service.audit.checkpoints import CheckpointArchive, sign_checkpoint
from doc_service.audit.keys import Signer, TimeStamper
from doc_service.audit.merkle import TileCache, consistency_proof, grow
from doc_service.audit.offline.verify_audit import (
    as_response,
    join_roots,
    leaf_hash,
    read_checkpoint,
    read_time_stamp,
    verify_consistency,
)
from doc_service.audit.store import CheckpointRecord, LogHead, LogStore, Placement
from doc_service.audit.verification import LogVerifier
from doc_service.domain.audit_events import timestamp
from doc_service.domain.errors import ConflictError
from doc_service.ports import Clock
from signing.api import SigningError
from storage.api import ObjectStore


class MerkleLog:
    """``doc_service.ports.AuditLog``. ``log_id``: what its checkpoints and archive keys call it (key characters).
    ``retention``: how long the archive keeps each checkpoint. ``trusted_keys``: earlier signing keys, 32 raw bytes
    each. ``tsa_certificates``: PEM with which ``verify`` checks time stamps; None leaves their signatures unchecked.
    """

    def __init__(
        self,
        store: LogStore,
        archive: ObjectStore,
        signer: Signer,
        stamper: TimeStamper,
        clock: Clock,
        *,
        log_id: str,
        retention: timedelta,
        trusted_keys: tuple[bytes, ...] = (),
        tsa_certificates: str | None = None,
        batch: int = 1000,
    ) -> None:
        self._store = store
        self._chain = CheckpointArchive(archive, log_id, retention)
        self._signer = signer
        self._stamper = stamper
        self._clock = clock
        self._log_id = log_id
        self._batch = batch
        self._keys = (signer.public_key, *trusted_keys)
        self._verifier = LogVerifier(store, self._chain, self._keys, tsa_certificates)

    def sequence(self) -> int:
        """In batches of ``batch``; a second sequencer at the same time only takes turns with this one."""
        placed = 0
        while True:
            head = self._store.head()
            count = self._sequence_batch(head)
            if count == 0:
                return placed
            if count > 0:
                placed += count
            elif self._store.head() == head:
                raise ConflictError("audit.sequencing_conflict", "", size=head.size)

    def checkpoint(self) -> Mapping[str, Any]:
        """Nothing new gives the last checkpoint again. The tree must be an extension of the last checkpoint, or
        nothing is signed: ``ConflictError`` "audit.inconsistent"; when the archive has checkpoints over more events
        than are stored: "audit.behind_archive". A time stamp that cannot be had now is caught up by the next call."""
        self.sequence()
        head = self._store.head()
        last = self._catch_up()
        while last is None or last.size < head.size:
            self._require_extension(last, head)
            last = self._add(last, head)
        self.stamp_pending()
        return _view(self._store.last_checkpoint() or last)

    def catch_up(self) -> None:
        """``AuditLog.catch_up``."""
        self.sequence()
        self._catch_up()

    def stamp_pending(self) -> int:
        """Time-stamps checkpoints that have none, in their order and each only after those before it: a verifier relies
        on that. Returns how many got one. Stops at an authority out of reach; one that answers wrongly is an error
        (``SigningError``, "audit.timestamp_mismatch")."""
        done = 0
        for record in self._store.unstamped():
            try:
                response = as_response(self._stamper.stamp(bytes.fromhex(record.sha256)))
            except SigningError as error:
                if error.retryable:
                    break
                raise
            if read_time_stamp(response)[0].hex() != record.sha256:
                raise ConflictError("audit.timestamp_mismatch", "", size=record.size)
            key = self._chain.add_timestamp(record, response, self._clock.now())
            done += self._store.set_timestamp(record.sha256, response, key)
        return done

    def verify(self) -> Mapping[str, Any]:
        return self._verifier.verify()

    def _sequence_batch(self, head: LogHead) -> int:
        """How many events got places; -1 when another sequencer was first."""
        pending = self._store.unsequenced(self._batch)
        if not pending:
            return 0
        placements = [
            Placement(event.id, head.size + offset, leaf_hash(event.canonical)) for offset, event in enumerate(pending)
        ]
        new_head, nodes = grow(head, [placement.leaf_hash for placement in placements])
        return len(pending) if self._store.assign(head.size, placements, nodes, new_head) else -1

    def _catch_up(self) -> CheckpointRecord | None:
        """The newest checkpoint, with rows added for those that only the archive has (a crash between the two)."""
        last = self._store.last_checkpoint()
        while found := self._chain.after(last.sha256 if last else None):
            size = self._store.head().size
            if found.size > size:
                raise ConflictError("audit.behind_archive", "", size=size, expected=found.size)
            self._require_ours(found)
            self._store.add_checkpoint(found)
            last = found
        return last

    def _require_ours(self, record: CheckpointRecord) -> None:
        checkpoint = read_checkpoint(record.document)
        if checkpoint.key not in self._keys or not checkpoint.signed_by_key() or checkpoint.log != self._log_id:
            raise ConflictError("audit.checkpoint_signature", "", size=record.size)

    def _require_extension(self, last: CheckpointRecord | None, head: LogHead) -> None:
        if last is None:
            return
        self._require_ours(last)
        root = read_checkpoint(last.document).root
        proof = consistency_proof(TileCache(self._store), last.size, head.size)
        if not verify_consistency(last.size, head.size, root, join_roots(head.frontier), proof):
            raise ConflictError("audit.inconsistent", "", size=last.size)

    def _add(self, last: CheckpointRecord | None, head: LogHead) -> CheckpointRecord:
        now = self._clock.now()
        root, previous = join_roots(head.frontier), last.sha256 if last else None
        document = sign_checkpoint(self._signer, self._log_id, head.size, root, now, previous)
        record = self._chain.add(document, now)
        self._store.add_checkpoint(record)
        return record


def _view(record: CheckpointRecord) -> dict[str, Any]:
    return {
        "size": record.size,
        "root": record.root.hex(),
        "at": timestamp(record.at),
        "sha256": record.sha256,
        "key": record.key,
        "time_stamped": record.timestamp is not None,
    }
