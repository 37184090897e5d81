"""The Merkle log's persistence: places, subtree roots, head and checkpoints (DESIGN 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, Select, bindparam, cast, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from doc_service.audit.store import CheckpointRecord, LoggedEvent, LogHead, PendingEvent, Placement, TreeNode
from doc_service.domain.errors import DomainError
from doc_service.persistence.dialect import insert_new, open_connection
from doc_service.persistence.tables import audit_checkpoints, audit_events, audit_head, audit_nodes

_DIGEST = 32
_HEAD_ID = 1


class SqlLogStore:
    """``doc_service.audit.store.LogStore``; each call is one transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def head(self) -> LogHead:
        with self._reading() as connection:
            row = connection.execute(select(audit_head.c.size, audit_head.c.frontier)).one_or_none()
        return LogHead(0) if row is None else LogHead(row.size, _split(row.frontier))

    def backlog(self) -> int:
        query = select(func.count()).select_from(audit_events).where(audit_events.c.seq.is_(None))
        with self._reading() as connection:
            return int(connection.execute(query).scalar_one())

    def unsequenced(self, limit: int) -> Sequence[PendingEvent]:
        rows = audit_events.c
        query = select(rows.id, rows.canonical).where(rows.seq.is_(None)).order_by(rows.rowno).limit(limit)
        with self._reading() as connection:
            return [PendingEvent(row.id, row.canonical) for row in connection.execute(query)]

    def assign(
        self, expected_size: int, placements: Sequence[Placement], nodes: Sequence[TreeNode], head: LogHead
    ) -> bool:
        """Raises ``DomainError`` "audit.event_altered" when an event is not what was recorded (its leaf hash is
        another one) and "audit.place_taken" when a row that no sequencer wrote holds one of the places."""
        with self._engine.connect() as connection:
            if not _replace_head(connection, expected_size, head):
                return False
            if not _place(connection, placements):
                connection.rollback()
                _require_unaltered(connection, placements)
                return False
            if nodes:
                rows = [{"level": node.level, "idx": node.index, "hash": node.hash} for node in nodes]
                connection.execute(insert(audit_nodes), rows)
            connection.commit()
        return True

    def events(self, first: int, limit: int) -> Sequence[LoggedEvent]:
        query = _logged().where(audit_events.c.seq >= first).order_by(audit_events.c.seq).limit(limit)
        return self._logged_events(query)

    def of_subject(self, subject_type: str, subject_id: str) -> Sequence[LoggedEvent]:
        rows = audit_events.c
        subject = (rows.subject_type == subject_type) & (rows.subject_id == subject_id)
        return self._logged_events(_logged().where(subject, rows.seq.is_not(None)).order_by(rows.seq))

    def hashes(self, level: int, first: int, last: int) -> Sequence[bytes]:
        if level == 0:
            leaves = audit_events.c
            query = select(leaves.leaf_hash).where(leaves.seq >= first, leaves.seq < last).order_by(leaves.seq)
        else:
            rows = audit_nodes.c
            query = select(rows.hash).where(rows.level == level, rows.idx >= first, rows.idx < last).order_by(rows.idx)
        with self._reading() as connection:
            return list(connection.scalars(query))

    def add_checkpoint(self, checkpoint: CheckpointRecord) -> bool:
        with self._engine.begin() as connection:
            return insert_new(connection, audit_checkpoints, asdict(checkpoint))

    def checkpoints(self) -> Sequence[CheckpointRecord]:
        with self._reading() as connection:
            rows = connection.execute(select(audit_checkpoints).order_by(audit_checkpoints.c.size)).mappings()
            return [_checkpoint(row) for row in rows]

    def last_checkpoint(self) -> CheckpointRecord | None:
        query = select(audit_checkpoints).order_by(audit_checkpoints.c.size.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _checkpoint(row)

    def unstamped(self) -> Sequence[CheckpointRecord]:
        rows = audit_checkpoints.c
        query = select(audit_checkpoints).where(rows.timestamp.is_(None)).order_by(rows.size)
        with self._reading() as connection:
            return [_checkpoint(row) for row in connection.execute(query).mappings()]

    def set_timestamp(self, sha256: str, timestamp: bytes, timestamp_key: str) -> bool:
        rows = audit_checkpoints.c
        statement = update(audit_checkpoints).where(rows.sha256 == sha256, rows.timestamp.is_(None))
        with self._engine.begin() as connection:
            changed = connection.execute(statement.values(timestamp=timestamp, timestamp_key=timestamp_key))
            return changed.rowcount == 1

    def _reading(self) -> Connection:
        return open_connection(self._engine, read_only=True)

    def _logged_events(self, query: Select[Any]) -> Sequence[LoggedEvent]:
        with self._reading() as connection:
            return [LoggedEvent(**row) for row in connection.execute(query).mappings()]


def _logged() -> Select[Any]:
    """Bytes whatever was put there: a column that somebody turned into text must be judged, not stumbled over."""
    rows = audit_events.c
    canonical = cast(rows.canonical, LargeBinary).label("canonical")
    return select(rows.seq, rows.id, canonical, cast(rows.leaf_hash, LargeBinary).label("leaf_hash"))


def _split(frontier: bytes) -> tuple[bytes, ...]:
    return tuple(frontier[at : at + _DIGEST] for at in range(0, len(frontier), _DIGEST))


def _replace_head(connection: Connection, expected_size: int, head: LogHead) -> bool:
    values = {"size": head.size, "frontier": b"".join(head.frontier)}
    current = (audit_head.c.id == _HEAD_ID) & (audit_head.c.size == expected_size)
    if connection.execute(update(audit_head).where(current).values(values)).rowcount == 1:
        return True
    return expected_size == 0 and insert_new(connection, audit_head, {"id": _HEAD_ID, **values})


def _place(connection: Connection, placements: Sequence[Placement]) -> bool:
    if not placements:
        return True
    rows = audit_events.c
    free = (rows.id == bindparam("event")) & rows.seq.is_(None) & (rows.leaf_hash == bindparam("leaf"))
    statement = update(audit_events).where(free).values(seq=bindparam("place"))
    values = [{"event": item.id, "leaf": item.leaf_hash, "place": item.seq} for item in placements]
    try:
        return connection.execute(statement, values).rowcount == len(values)
    except IntegrityError as error:
        raise DomainError("audit.place_taken", "seq", first=placements[0].seq, last=placements[-1].seq) from error


def _require_unaltered(connection: Connection, placements: Sequence[Placement]) -> None:
    rows = audit_events.c
    for item in placements:
        stored = connection.scalar(select(rows.leaf_hash).where(rows.id == item.id))
        if stored != item.leaf_hash:
            raise DomainError("audit.event_altered", "id", id=item.id)


def _checkpoint(row: Mapping[Any, Any]) -> CheckpointRecord:
    return CheckpointRecord(**row)
