"""Makes a backup while the service works: checkpoint, dump, list of objects, and if asked the objects themselves.

The order carries the proof. An object is written before the commit that refers to it and is not deleted while
referred to, so a list that is begun after the dump holds every object the dump refers to; that it really does is
checked line by line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from doc_service.audit.snapshot import DatabaseDumper, JournalState, Reference
from doc_service.audit.store import CheckpointRecord
from doc_service.backup import layout
from doc_service.backup.description import About, Description
from doc_service.backup.objects import Line, LineWriter, ObjectTree, joined
from doc_service.domain.audit_events import Action
from doc_service.domain.errors import ConflictError, Fault
from doc_service.ports import AuditLog, Progress
from doc_service.services.base import Workspace
from storage.api import ObjectInfo, ObjectStore, StorageError

_SPOOL = ".references"
_STEP = 100
_LISTED_FAULTS = 100
_DAMAGE = ("storage.corrupt", "storage.not_found")


@dataclass(frozen=True, slots=True)
class BackupReport:
    """``seal``: SHA-256 of the MANIFEST, to be kept elsewhere. ``faults``: "backup.object_missing",
    "backup.object_differs", "backup.object_damaged": the archive itself has lost something; everything else is in the
    backup. ``shared``: copies taken over from an earlier backup."""

    path: Path
    description: Description
    seal: str
    copied: int
    shared: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """What the dump says, so that no transaction need stay open while objects are listed."""

    engine: str
    schema: str
    counts: dict[str, int]
    journals: tuple[JournalState, ...]
    checkpoint: CheckpointRecord


@dataclass(slots=True)
class _Copies:
    tree: ObjectTree
    earlier: ObjectTree | None
    copied: int = 0
    shared: int = 0


@dataclass(slots=True)
class _Listing:
    copies: _Copies | None
    progress: Progress
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MakeBackup:
    """See the module. Private keys and secrets are never part of a backup."""

    work: Workspace
    audit: AuditLog
    store: ObjectStore
    dumper: DatabaseDumper
    about: About

    def __call__(
        self, out: Path, actor: str, progress: Progress, *, objects: bool = False, since: Path | None = None
    ) -> BackupReport:
        """``objects``: copies their bytes too; ``since``: an earlier backup with objects, whose copies are shared.

        Raises ``ConflictError`` "backup.exists", "backup.busy", "backup.no_objects" (``since`` has none), what
        ``AuditLog.checkpoint`` raises (a log that does not hold is not backed up as if it did), "backup.dump_failed",
        ``StorageError`` and ``OSError``; a failed backup never gets its name."""
        earlier = _earlier(since) if since is not None else None
        if out.exists():
            raise ConflictError("backup.exists", "out", path=str(out))
        self.audit.checkpoint()
        began = self.work.clock.now()
        with layout.new_backup(out) as directory:
            state = self._dump(directory, progress)
            copies = _Copies(ObjectTree(directory / layout.OBJECTS), earlier) if objects else None
            listing = _Listing(copies, progress)
            written = self._list(directory, listing)
            description = self._describe(began, state, written, listing, copied=objects)
            self._write(directory, description, state.checkpoint)
        self._record(description, layout.seal_of(out), actor)
        copied, shared = (copies.copied, copies.shared) if copies else (0, 0)
        return BackupReport(out, description, layout.seal_of(out), copied, shared, tuple(listing.faults))

    def _dump(self, directory: Path, progress: Progress) -> _State:
        progress("dump", 0, 1)
        with self.dumper.dump(directory / self.dumper.file_name) as snapshot:
            with (directory / _SPOOL).open("w", encoding="utf-8") as spool:
                for reference in snapshot.references():
                    spool.write(json.dumps([reference.key, reference.sha256, reference.size]) + "\n")
            checkpoint = snapshot.last_checkpoint()
            if checkpoint is None:
                raise ConflictError("audit.no_checkpoint")
            state = _State(
                snapshot.engine, snapshot.schema, dict(snapshot.counts()), tuple(snapshot.journals()), checkpoint
            )
        progress("dump", 1, 1)
        return state

    def _list(self, directory: Path, listing: _Listing) -> LineWriter:
        spool = directory / _SPOOL
        with (directory / layout.OBJECTS_LIST).open("x", encoding="utf-8") as file:
            writer = LineWriter(file)
            for reference, info in joined(_references(spool), self.store.list()):
                line = _judged(reference, info, listing)
                if line is not None and self._copied(line, listing):
                    writer.add(line)
                    if writer.objects % _STEP == 0:
                        listing.progress("objects", writer.objects, 0)
        spool.unlink()
        listing.progress("objects", writer.objects, writer.objects)
        return writer

    def _copied(self, line: Line, listing: _Listing) -> bool:
        """False for an object that went since it was listed, which only an unreferred one can."""
        copies = listing.copies
        if copies is None or copies.tree.has(line.sha256, line.size):
            return True
        if copies.earlier is not None and copies.tree.link(copies.earlier, line.sha256, line.size):
            copies.shared += 1
            return True
        try:
            with self.store.open(line.key, line.version) as source:
                copies.tree.add(source, line.sha256)
        except StorageError as error:
            if error.code not in _DAMAGE:
                raise
            if error.code == "storage.not_found" and not line.referred:
                return False
            listing.faults.append(Fault("backup.object_damaged", "", {"key": line.key}))
        else:
            copies.copied += 1
        return True

    def _describe(
        self, began: datetime, state: _State, written: LineWriter, listing: _Listing, *, copied: bool
    ) -> Description:
        return Description(
            id=self.work.ids.new(),
            began_at=began,
            program=self.about.program,
            engine=state.engine,
            dump=self.dumper.file_name,
            schema=state.schema,
            settings=self.about.settings,
            fingerprint=self.about.fingerprint,
            counts=state.counts,
            journals=state.journals,
            checkpoint=state.checkpoint.sha256,
            log_size=state.checkpoint.size,
            objects=written.objects,
            referred=written.referred,
            object_bytes=written.bytes,
            copied=copied,
            faults=tuple({"code": f.code, **f.params} for f in listing.faults[:_LISTED_FAULTS]),
        )

    def _write(self, directory: Path, description: Description, checkpoint: CheckpointRecord) -> None:
        layout.write_durably(directory / layout.DESCRIPTION, description.to_bytes())
        layout.write_durably(directory / layout.CHECKPOINT, checkpoint.document)
        if checkpoint.timestamp is not None:
            layout.write_durably(directory / layout.TIME_STAMP, checkpoint.timestamp)
        layout.write_durably(directory / layout.AUDIT_KEYS, self.about.audit_keys.encode())
        layout.write_durably(directory / layout.ANCHORS, self.about.anchors)

    def _record(self, description: Description, seal: str, actor: str) -> None:
        details = {
            "manifest_sha256": seal,
            "log_size": description.log_size,
            "objects": description.objects,
            "copied": description.copied,
        }
        with self.work.uow() as uow:
            self.work.record(uow, actor, Action.BACKUP_MADE, ("backup", description.id), details)
            uow.commit()


def _earlier(since: Path) -> ObjectTree:
    layout.read_manifest(since)
    if not (since / layout.OBJECTS).is_dir():
        raise ConflictError("backup.no_objects", "since", path=str(since))
    return ObjectTree(since / layout.OBJECTS)


def _references(spool: Path) -> Iterator[Reference]:
    with spool.open(encoding="utf-8") as file:
        for text in file:
            yield Reference(*json.loads(text))


def _judged(reference: Reference | None, info: ObjectInfo | None, listing: _Listing) -> Line | None:
    if info is None:
        assert reference is not None
        listing.faults.append(Fault("backup.object_missing", "", {"key": reference.key}))
        return None
    if reference is not None and (info.sha256 != reference.sha256 or reference.size not in (None, info.size)):
        params = {"key": info.key, "actual": info.sha256, "expected": reference.sha256}
        listing.faults.append(Fault("backup.object_differs", "", params))
    return Line.of(info, referred=reference is not None)
