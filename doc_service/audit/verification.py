"""Verification inside the service: everything recomputed from the stored events, and compared with the archive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from doc_service.audit.checkpoints import DAMAGE, CheckpointArchive
from doc_service.audit.localise import name_rewritten, wrong_nodes, wrong_tail
from doc_service.audit.offline.verify_audit import (
    SHOWN,
    Checkpoint,
    Replay,
    Report,
    check_checkpoints,
    check_time_stamps,
    join_roots,
    read_checkpoint,
)
from doc_service.audit.store import CheckpointRecord, LogStore
from doc_service.domain.errors import DomainError
from storage.api import StorageError

_PAGE = 2000


class LogVerifier:
    """Recomputes leaf hashes, root and subtree roots, compares them with what is stored and with every checkpoint.
    ``keys``: trusted public keys, 32 raw bytes each."""

    def __init__(
        self, store: LogStore, chain: CheckpointArchive, keys: Iterable[bytes], tsa_certificates: str | None
    ) -> None:
        self._store = store
        self._chain = chain
        self._keys = tuple(keys)
        self._tsa = tsa_certificates

    def verify(self) -> Mapping[str, Any]:
        """{"valid", "size", "root", "backlog", "faults": [{"code", "params"}], "warnings": …, "checkpoints": …}.

        ``backlog``: events that wait for a place, and events that no checkpoint covers yet, are not faults. At most 20
        faults of a kind are listed."""
        report = Report()
        checkpoints = self._checkpoints(report)
        head = self._store.head()
        replay = Replay(checkpoints, report)
        self._replay(replay, head.size, report)
        replay.finish(beyond_is_fault=False)
        if (head.size, join_roots(head.frontier)) != (report.size, report.root):
            report.fault("audit.head_wrong", size=head.size, found=report.size)
        name_rewritten([*wrong_nodes(self._store, replay.leaves, report), *wrong_tail(head, replay.leaves)], report)
        return {
            "valid": not report.faults,
            "size": report.size,
            "root": report.root.hex(),
            "backlog": self._store.backlog(),
            "faults": _limited(report.faults),
            "warnings": _limited(report.warnings),
            "checkpoints": report.checkpoints,
        }

    def _checkpoints(self, report: Report) -> list[Checkpoint]:
        records = [*self._store.checkpoints()]
        records += self._only_archived(records[-1].sha256 if records else None, report)
        found = [pair for record in records if (pair := self._checkpoint(record, report))]
        if found:
            check_checkpoints([checkpoint for checkpoint, _ in found], self._keys, report)
        stamped = [(checkpoint, record.timestamp) for checkpoint, record in found]
        check_time_stamps(stamped, self._tsa, report, last_may_wait=True)
        return [checkpoint for checkpoint, _ in found]

    def _only_archived(self, last: str | None, report: Report) -> list[CheckpointRecord]:
        """Checkpoints that the archive has beyond the database's last row: they bind the log all the same."""
        records: list[CheckpointRecord] = []
        try:
            while record := self._chain.after(records[-1].sha256 if records else last):
                report.warn("audit.checkpoint_not_recorded", size=record.size)
                records.append(record)
        except DomainError as error:
            fault = error.faults[0]
            report.fault(fault.code, **fault.params)
        except StorageError as error:
            if error.code not in DAMAGE:
                raise
            report.fault("audit.checkpoint_not_archived", size=records[-1].size if records else 0)
        return records

    def _checkpoint(self, record: CheckpointRecord, report: Report) -> tuple[Checkpoint, CheckpointRecord] | None:
        try:
            checkpoint = read_checkpoint(record.document)
        except ValueError:
            report.fault("audit.checkpoint_unreadable", name=record.key)
            return None
        if (checkpoint.size, checkpoint.root, checkpoint.sha256) != (record.size, record.root, record.sha256):
            report.fault("audit.checkpoint_record", size=record.size)
        if not self._chain.holds(record):
            report.fault("audit.checkpoint_not_archived", size=record.size)
        return checkpoint, record

    def _replay(self, replay: Replay, size: int, report: Report) -> None:
        expected = 0
        while page := self._store.events(expected, _PAGE):
            for event in page:
                if event.seq >= size:
                    if event.seq >= self._store.head().size:
                        report.fault("audit.event_beyond_head", seq=event.seq)
                    return
                if event.seq != expected:
                    report.fault("audit.sequence_gap", first=expected, last=event.seq - 1)
                expected = event.seq + 1
                if replay.add(event.canonical) != event.id:
                    report.fault("audit.event_id", seq=event.seq, id=event.id)
                if replay.leaves[-1] != event.leaf_hash:
                    report.fault("audit.event_edited", seq=event.seq)


def _limited(found: Sequence[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    seen: dict[str, int] = {}
    kept = []
    for code, params in found:
        seen[code] = seen.get(code, 0) + 1
        if seen[code] <= SHOWN:
            kept.append({"code": code, "params": params})
    return kept
