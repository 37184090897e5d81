"""Whether a backup's objects are, or may be put, in the archive that is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from doc_service.backup.objects import Line, joined
from doc_service.domain.errors import ConflictError
from storage.api import ObjectInfo

LISTED = 1000
"""Objects that a report names; all are counted."""


_OURS = ("audit/", "documents/")
"""What the service keeps; a bucket also has the remains of ``storage check``, which say nothing about an archive."""


class ArchiveState(StrEnum):
    """What the archive is before a restore. ``empty``; ``holds``: some or all of the backup's objects and no others
    (the surviving archive, the reserve centre, a restore that was killed); ``ahead``: all of them, and later ones."""

    EMPTY = "empty"
    HOLDS = "holds"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Later:
    """An object that was stored after the dump: the restored database does not know it. ``number``: what the
    document in it was registered under, where it is one of ours."""

    key: str
    size: int
    stored_at: datetime
    number: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """``held`` and ``missing``: objects that the dump refers to. ``later``: the first of ``ahead`` objects."""

    state: ArchiveState
    held: int
    missing: int
    ahead: int
    later: tuple[Later, ...]


def survey(lines: Iterable[Line], archive: Iterable[ObjectInfo], began_at: datetime) -> Survey:
    """Reads both once. Raises ``ConflictError`` "backup.archive_differs" when a key holds other bytes, and
    "backup.archive_other" when there are objects that are not in the backup while some of its own are missing: this
    is not the archive the backup was made of."""
    held = missing = unknown = ahead = 0
    later: list[Later] = []
    for line, info in joined(lines, archive):
        if line is not None and info is not None and line.sha256 != info.sha256:
            raise ConflictError("backup.archive_differs", "", key=line.key)
        if line is not None and line.referred:
            held += info is not None
            missing += info is None
        elif info is not None and info.key.startswith(_OURS):
            unknown += line is None
            if line is None or line.stored_at >= began_at:
                ahead += 1
                if len(later) < LISTED:
                    later.append(Later(info.key, info.size, info.stored_at))
    if unknown and missing:
        raise ConflictError("backup.archive_other", "", unknown=unknown, missing=missing)
    state = ArchiveState.AHEAD if ahead else ArchiveState.HOLDS if held else ArchiveState.EMPTY
    return Survey(state, held, missing, ahead, tuple(later))
