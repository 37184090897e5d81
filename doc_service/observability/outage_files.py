"""What the journal keeps on this machine: entries that could not be made yet, and signs of life."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from doc_service.observability.outages import Outage


class PendingEntries:
    """Outages that began or ended and are not in the journal yet: an append-only file of JSON lines, each on the disk
    when ``append`` returns. A line that a crash cut short is skipped: what it said is seen again by the next look."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, entry: Outage) -> None:
        """Raises ``OSError``, e.g. when the disk is full."""
        line = json.dumps(asdict(entry), ensure_ascii=False, default=datetime.isoformat).encode() + b"\n"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            if file.tell() and not self._ends_whole():
                line = b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> Sequence[Outage]:
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        return [entry for line in lines if (entry := _entry(line)) is not None]

    def clear(self) -> None:
        """When every entry is in the journal. Entering one twice does nothing, so a crash before this does no harm."""
        self._path.unlink(missing_ok=True)

    def _ends_whole(self) -> bool:
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"


class LifeSign:
    """When this process was last known to work. ``stopped`` marks an orderly end, so that only a crash, a kill or a
    machine that went down looks like an outage at the next start."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def beat(self, at: datetime) -> None:
        self._write({"alive": at.isoformat(), "stopped": False})

    def stopped(self, at: datetime) -> None:
        self._write({"alive": at.isoformat(), "stopped": True})

    def died_at(self) -> datetime | None:
        """The last sign of a process that did not end in order; None when there was none."""
        try:
            known = json.loads(self._path.read_bytes())
            return None if known["stopped"] else datetime.fromisoformat(known["alive"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def _write(self, value: dict[str, object]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(f".{os.getpid()}.new")
        fresh.write_text(json.dumps(value), encoding="utf-8")
        fresh.replace(self._path)


def _entry(line: bytes) -> Outage | None:
    try:
        read = json.loads(line)
        ended = datetime.fromisoformat(read["ended_at"]) if read["ended_at"] else None
        began = datetime.fromisoformat(read["began_at"])
        return Outage(read["component"], read["host"], began, ended, read["reason"])
    except (ValueError, KeyError, TypeError):
        return None
