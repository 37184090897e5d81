"""What is recorded beside a stored version: one record at its birth, one for each later change, none ever rewritten.

Records are small JSON files numbered from 0; the state of a version is the fold of its records in order. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from storage.api import ObjectInfo, StorageError

FORMAT = 1


@dataclass(frozen=True, slots=True)
class VersionState:
    """A version after ``records`` records."""

    info: ObjectInfo
    deleted: bool
    records: int


def utc(moment: datetime) -> datetime:
    """The moment in UTC; a naive one is a programming error (``ValueError``): its retention would depend on the
    machine's time zone."""
    if moment.tzinfo is None:
        raise ValueError("moments must be timezone-aware")
    return moment.astimezone(UTC)


def birth_record(info: ObjectInfo) -> bytes:
    """Record 0 of a version."""
    return _dump(
        {
            "format": FORMAT,
            "key": info.key,
            "version": info.version,
            "size": info.size,
            "sha256": info.sha256,
            "stored_at": info.stored_at.isoformat(),
            "retain_until": info.retain_until.isoformat() if info.retain_until else None,
            "legal_hold": info.legal_hold,
        }
    )


def retention_record(at: datetime, until: datetime) -> bytes:
    return _dump({"at": at.isoformat(), "retain_until": until.isoformat()})


def hold_record(at: datetime, on: bool) -> bytes:
    return _dump({"at": at.isoformat(), "legal_hold": on})


def deletion_record(at: datetime) -> bytes:
    return _dump({"at": at.isoformat(), "deleted": True})


def fold(records: Iterable[bytes], key: str, version: str) -> VersionState:
    """The state of version ``version`` of ``key``; raises ``storage.corrupt`` when records cannot be read or speak of
    another object."""
    try:
        return _fold([json.loads(record) for record in records], key, version)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise StorageError("storage.corrupt", key=key, version=version) from error


def _fold(records: list[Mapping[str, Any]], key: str, version: str) -> VersionState:
    birth = records[0]
    if (birth["format"], birth["key"], birth["version"]) != (FORMAT, key, version):
        raise ValueError("record of another object")
    info = ObjectInfo(
        key=key,
        version=version,
        size=int(birth["size"]),
        sha256=str(birth["sha256"]),
        stored_at=datetime.fromisoformat(birth["stored_at"]),
        retain_until=_moment(birth["retain_until"]),
        legal_hold=bool(birth["legal_hold"]),
    )
    deleted = False
    for record in records[1:]:
        if "retain_until" in record:
            info = replace(info, retain_until=_moment(record["retain_until"]))
        if "legal_hold" in record:
            info = replace(info, legal_hold=bool(record["legal_hold"]))
        deleted = deleted or bool(record.get("deleted", False))
    return VersionState(info, deleted, len(records))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _dump(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
