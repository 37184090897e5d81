"""What a backup says of itself (``backup.json``)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from doc_service.audit.canonical import canonical_json
from doc_service.audit.snapshot import JournalState
from doc_service.backup.layout import DESCRIPTION
from doc_service.domain.audit_events import timestamp
from doc_service.domain.errors import DomainError

FORMAT = "doc-service-backup/1"


@dataclass(frozen=True, slots=True)
class About:
    """The service a backup is made of. ``settings``: names and values without secrets. ``audit_keys``: PEM of the
    public keys that sign checkpoints; ``anchors``: PEM of the trust anchors. Private keys are in no backup."""

    program: str
    settings: Mapping[str, str]
    audit_keys: str
    anchors: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the settings."""
        return hashlib.sha256(canonical_json(dict(self.settings))).hexdigest()


@dataclass(frozen=True, slots=True)
class Description:
    """``began_at``: the dump is not older. ``counts``: rows by table. ``checkpoint``: SHA-256 of the newest checkpoint
    in the dump, ``log_size``: how many events it covers. ``copied``: the bytes of the objects are in the backup."""

    id: str
    began_at: datetime
    program: str
    engine: str
    dump: str
    schema: str
    settings: Mapping[str, str]
    fingerprint: str
    counts: Mapping[str, int]
    journals: tuple[JournalState, ...]
    checkpoint: str
    log_size: int
    objects: int
    referred: int
    object_bytes: int
    copied: bool
    faults: tuple[Mapping[str, Any], ...] = ()

    def to_bytes(self) -> bytes:
        value = {
            "format": FORMAT,
            "id": self.id,
            "began_at": timestamp(self.began_at),
            "program": self.program,
            "database": {"engine": self.engine, "file": self.dump, "schema": self.schema, "rows": dict(self.counts)},
            "journals": [{"code": j.code, "year": j.year, "last": j.last_seq} for j in self.journals],
            "audit": {"checkpoint": self.checkpoint, "size": self.log_size},
            "objects": {
                "count": self.objects,
                "referred": self.referred,
                "bytes": self.object_bytes,
                "copied": self.copied,
            },
            "settings": dict(self.settings),
            "settings_sha256": self.fingerprint,
            "faults": [dict(f) for f in self.faults],
        }
        return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def read_description(directory: Path) -> Description:
    """``DomainError`` "backup.unknown_format" for a backup of another program or a later one."""
    try:
        value = json.loads((directory / DESCRIPTION).read_bytes())
        if value["format"] != FORMAT:
            raise DomainError("backup.unknown_format", "", format=str(value["format"]))
        return _description(value)
    except (ValueError, KeyError, TypeError) as error:
        raise DomainError("backup.unknown_format", "", format="-") from error


def _description(value: Mapping[str, Any]) -> Description:
    database, objects = value["database"], value["objects"]
    return Description(
        id=str(value["id"]),
        began_at=datetime.fromisoformat(value["began_at"]),
        program=str(value["program"]),
        engine=str(database["engine"]),
        dump=Path(str(database["file"])).name,
        schema=str(database["schema"]),
        settings=value["settings"],
        fingerprint=str(value["settings_sha256"]),
        counts=database["rows"],
        journals=tuple(JournalState(j["code"], int(j["year"]), int(j["last"])) for j in value["journals"]),
        checkpoint=str(value["audit"]["checkpoint"]),
        log_size=int(value["audit"]["size"]),
        objects=int(objects["count"]),
        referred=int(objects["referred"]),
        object_bytes=int(objects["bytes"]),
        copied=bool(objects["copied"]),
        faults=tuple(value["faults"]),
    )
