"""A log with real parts around it: stores, archive, key, clock, and an authority that can be taken down."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from doc_service.audit.canonical import canonical_event
from doc_service.audit.keys import Ed25519Signer
from doc_service.audit.log import MerkleLog
from doc_service.audit.offline.verify_audit import leaf_hash
from doc_service.audit.store import CheckpointRecord, LoggedEvent, LogHead, LogStore, PendingEvent, Placement, TreeNode
from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.persistence.audit_store import SqlLogStore
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from signing.api import SigningError
from storage.filesystem import FilesystemStore
from tests.persistence.engines import ENGINES

START = datetime(2026, 11, 20, 9, 0, 0, tzinfo=UTC)


def event(number: int, subject: str = "d1", **details: object) -> AuditEvent:
    return AuditEvent(
        id=f"e{number:06d}",
        at=START + timedelta(seconds=number),
        actor="p1",
        action=Action.SIGNATURE_COMPLETED,
        subject_type="document",
        subject_id=subject,
        details={"ad": "Nərmin Quliyeva", "n": number, **details},
    )


def events(count: int, first: int = 0) -> list[AuditEvent]:
    return [event(n, subject=f"d{n % 3}") for n in range(first, first + count)]


@dataclass
class StoredEvent:
    """A row of the memory store, open to tampering."""

    event: AuditEvent
    canonical: bytes
    leaf_hash: bytes
    seq: int | None = None


@dataclass
class MemoryStore:
    """A ``LogStore`` in memory: for properties over many logs, and for doing what a database would refuse."""

    rows: list[StoredEvent] = field(default_factory=list)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    now: LogHead = field(default_factory=lambda: LogHead(0))
    marks: dict[int, CheckpointRecord] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def record(self, new: Iterable[AuditEvent]) -> None:
        for item in new:
            canonical = canonical_event(item)
            self.rows.append(StoredEvent(item, canonical, leaf_hash(canonical)))

    def head(self) -> LogHead:
        return self.now

    def backlog(self) -> int:
        return sum(row.seq is None for row in self.rows)

    def unsequenced(self, limit: int) -> Sequence[PendingEvent]:
        return [PendingEvent(r.event.id, r.canonical) for r in self.rows if r.seq is None][:limit]

    def assign(
        self, expected_size: int, placements: Sequence[Placement], nodes: Sequence[TreeNode], head: LogHead
    ) -> bool:
        with self.lock:
            free = {row.event.id: row for row in self.rows if row.seq is None}
            if self.now.size != expected_size or any(p.id not in free for p in placements):
                return False
            for placement in placements:
                free[placement.id].seq = placement.seq
            self.nodes.update({(node.level, node.index): node.hash for node in nodes})
            self.now = head
            return True

    def events(self, first: int, limit: int) -> Sequence[LoggedEvent]:
        return [e for e in self._logged() if e.seq >= first][:limit]

    def of_subject(self, subject_type: str, subject_id: str) -> Sequence[LoggedEvent]:
        ids = {
            r.event.id for r in self.rows if (r.event.subject_type, r.event.subject_id) == (subject_type, subject_id)
        }
        return [e for e in self._logged() if e.id in ids]

    def hashes(self, level: int, first: int, last: int) -> Sequence[bytes]:
        if level == 0:
            return [e.leaf_hash for e in self._logged() if first <= e.seq < last]
        return [self.nodes[level, n] for n in range(first, last) if (level, n) in self.nodes]

    def add_checkpoint(self, checkpoint: CheckpointRecord) -> bool:
        with self.lock:
            return self.marks.setdefault(checkpoint.size, checkpoint) is checkpoint

    def checkpoints(self) -> Sequence[CheckpointRecord]:
        return [self.marks[size] for size in sorted(self.marks)]

    def last_checkpoint(self) -> CheckpointRecord | None:
        return self.marks[max(self.marks)] if self.marks else None

    def unstamped(self) -> Sequence[CheckpointRecord]:
        return [mark for mark in self.checkpoints() if mark.timestamp is None]

    def set_timestamp(self, sha256: str, timestamp: bytes, timestamp_key: str) -> bool:
        for size, mark in self.marks.items():
            if mark.sha256 == sha256 and mark.timestamp is None:
                self.marks[size] = replace(mark, timestamp=timestamp, timestamp_key=timestamp_key)
                return True
        return False

    def _logged(self) -> list[LoggedEvent]:
        found = [LoggedEvent(r.seq, r.event.id, r.canonical, r.leaf_hash) for r in self.rows if r.seq is not None]
        return sorted(found, key=lambda e: e.seq)


@dataclass
class LogStoreKit:
    """A store under test, and the way that changes record their events in it."""

    store: LogStore
    record: Callable[[Iterable[AuditEvent]], None]


def memory_kit(path: Path) -> LogStoreKit:
    store = MemoryStore()
    return LogStoreKit(store, store.record)


def database_kit(url: str) -> LogStoreKit:
    """Over the database there, which is made when it is empty."""
    engine = make_engine(url)
    migrate(engine)
    return LogStoreKit(SqlLogStore(engine), recorder(SqlUnitOfWorkFactory(engine)))


def sqlite_kit(path: Path) -> LogStoreKit:
    return database_kit(f"sqlite:///{path / 'log.sqlite'}")


def postgresql_kit(path: Path) -> LogStoreKit:
    return database_kit(ENGINES["postgresql"](path))


def recorder(units: SqlUnitOfWorkFactory) -> Callable[[Iterable[AuditEvent]], None]:
    def record(new: Iterable[AuditEvent]) -> None:
        with units() as unit:
            for item in new:
                unit.audit.append(item)
            unit.commit()

    return record


LOG_STORES = {"memory": memory_kit, "postgresql": postgresql_kit, "sqlite": sqlite_kit}


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class NoAuthority:
    """A time stamp authority that is down."""

    def stamp(self, digest: bytes) -> bytes:
        raise SigningError("signing.tsa_unavailable", retryable=True)


@dataclass
class SwitchedAuthority:
    """Any authority behind a switch."""

    inner: NoAuthority
    up: bool = True

    def stamp(self, digest: bytes) -> bytes:
        return (self.inner if self.up else NoAuthority()).stamp(digest)


def signer(seed: str = "key") -> Ed25519Signer:
    return Ed25519Signer(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest()))


def make_log(store: LogStore, folder: Path, **changes: object) -> MerkleLog:
    """A log over the archive in ``folder`` with the test key; ``changes`` replace parts."""
    clock = changes.pop("clock", SystemClock())
    parts = {
        "archive": FilesystemStore(folder / "archive", clock),  # type: ignore[arg-type]
        "signer": signer(),
        "stamper": NoAuthority(),
        "clock": clock,
        "log_id": "test",
        "retention": timedelta(days=3650),
        **changes,
    }
    return MerkleLog(store, **parts)  # type: ignore[arg-type]


def codes(verdict: dict) -> set[str]:
    return {fault["code"] for fault in verdict["faults"]}
