"""Checks a backup by what lies in it alone: nothing is restored, nothing outside is reached."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from doc_service.audit.offline.verify_audit import read_checkpoint, read_time_stamp
from doc_service.backup import layout
from doc_service.backup.description import Description, read_description
from doc_service.backup.objects import ObjectTree, read_lines
from doc_service.domain.errors import DomainError, Fault
from doc_service.ports import Progress

_STEP = 100


@dataclass(frozen=True, slots=True)
class BackupCheck:
    """``faults``: "backup.copy_missing", "backup.copy_damaged", and what the backup says of itself
    ("backup.object_missing" and its like: the archive had lost that when the backup was made)."""

    description: Description
    seal: str
    files: int
    objects: int
    copies: int
    faults: tuple[Fault, ...]

    @property
    def valid(self) -> bool:
        return not self.faults


def check_backup(directory: Path, progress: Progress) -> BackupCheck:
    """Reads every file and every copy and compares digests, and checks that checkpoint, time stamp and description
    belong together. Raises ``DomainError`` "backup.incomplete", "backup.tampered" (file), "backup.unknown_format"."""
    files = layout.check_files(directory, lambda done, total: progress("files", done, total))
    description = read_description(directory)
    _check_checkpoint(directory, description)
    known = {str(f.get("key")) for f in description.faults}
    tree = ObjectTree(directory / layout.OBJECTS)
    faults = [Fault(str(f["code"]), "", {k: v for k, v in f.items() if k != "code"}) for f in description.faults]
    objects = referred = copies = 0
    for objects, line in enumerate(read_lines(directory / layout.OBJECTS_LIST), 1):
        referred += line.referred
        if description.copied and line.key not in known:
            copies += 1
            if not tree.sound(line.sha256, line.size):
                there = tree.path(line.sha256).exists()
                code = "backup.copy_damaged" if there else "backup.copy_missing"
                faults.append(Fault(code, "", {"key": line.key}))
        if objects % _STEP == 0:
            progress("objects", objects, description.objects)
    if (objects, referred) != (description.objects, description.referred):
        raise DomainError("backup.tampered", "", file=layout.OBJECTS_LIST)
    progress("objects", objects, objects)
    return BackupCheck(description, layout.seal_of(directory), len(files), objects, copies, tuple(faults))


def _check_checkpoint(directory: Path, description: Description) -> None:
    document = (directory / layout.CHECKPOINT).read_bytes()
    try:
        checkpoint = read_checkpoint(document)
    except ValueError:
        raise DomainError("backup.tampered", "", file=layout.CHECKPOINT) from None
    found = (hashlib.sha256(document).hexdigest(), checkpoint.size)
    if found != (description.checkpoint, description.log_size) or not checkpoint.signed_by_key():
        raise DomainError("backup.tampered", "", file=layout.CHECKPOINT)
    stamp = directory / layout.TIME_STAMP
    if stamp.exists() and read_time_stamp(stamp.read_bytes())[0].hex() != checkpoint.sha256:
        raise DomainError("backup.tampered", "", file=layout.TIME_STAMP)
