"""Restores a backup into an empty place, and declares success only when everything has been compared.

Objects go into the archive first, each whole or not at all; the database is filled beside its place and takes it as
the very last step. So a restore that was killed has made objects that a second one finds, and no database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from doc_service.audit.snapshot import DatabaseLoader
from doc_service.backup import layout
from doc_service.backup.contract import ObjectSource
from doc_service.backup.description import About, Description, read_description
from doc_service.backup.objects import Line, joined, read_lines
from doc_service.backup.survey import Later, Survey, survey
from doc_service.domain.audit_events import Action
from doc_service.domain.errors import ConflictError, DomainError, Fault
from doc_service.ports import AuditLog, Progress
from doc_service.services.base import Workspace
from storage.api import ObjectInfo, ObjectStore, StorageError

_STEP = 100


@dataclass(frozen=True, slots=True)
class Staged:
    """The service over the loaded database, its schema migrated forward."""

    work: Workspace
    audit: AuditLog


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """``copied`` objects were put into the archive; ``released`` leases were taken off jobs. ``settings``: names of
    those that differ from the backup's. ``faults``: objects that the backup itself had found missing or damaged.
    ``survey.ahead`` > 0: the archive is ahead of the database."""

    description: Description
    survey: Survey
    copied: int
    released: int
    log_size: int
    settings: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class RestoreBackup:
    """``open_staged`` opens the service over ``loader.staging_url``; ``number_of`` tells a stored file's registration
    number ("" when it has none)."""

    loader: DatabaseLoader
    store: ObjectStore
    about: About
    open_staged: Callable[[], AbstractContextManager[Staged]]
    number_of: Callable[[str], str]
    now: Callable[[], datetime]

    def __call__(self, directory: Path, source: ObjectSource | None, actor: str, progress: Progress) -> RestoreReport:
        """``source``: where the archive's missing objects come from.

        Refused before anything is changed: "backup.incomplete", "backup.tampered", "backup.unknown_format",
        "backup.other_engine", "backup.audit_key_missing", "backup.database_not_empty", "backup.archive_differs",
        "backup.archive_other", "backup.no_source". Later: "backup.load_failed", "backup.not_as_described",
        "backup.log_does_not_hold", ``StorageError``; the restore may then be repeated."""
        layout.check_files(directory, lambda done, total: progress("files", done, total))
        description = read_description(directory)
        self._require_fitting(directory, description)
        found = survey(read_lines(directory / layout.OBJECTS_LIST), self.store.list(), description.began_at)
        if found.missing and source is None:
            raise ConflictError("backup.no_source", "", missing=found.missing)
        copied = self._put_objects(directory, description, source, progress)
        progress("database", 0, 1)
        self.loader.load(directory / description.dump)
        self._require_as_described(description)
        with self.open_staged() as staged:
            faults = self._require_sound(staged, description, progress)
            released = self.loader.release_leases()
            self._record(staged.work, directory, description, found, actor)
        self.loader.finish()
        progress("database", 1, 1)
        later = tuple(replace(o, number=self._number(o)) for o in found.later)
        changed = _changed(description.settings, self.about.settings)
        return RestoreReport(
            description, replace(found, later=later), copied, released, description.log_size, changed, faults
        )

    def _require_fitting(self, directory: Path, description: Description) -> None:
        if description.engine != self.loader.engine:
            raise ConflictError("backup.other_engine", "", found=description.engine, expected=self.loader.engine)
        if self.about.audit_keys not in (directory / layout.AUDIT_KEYS).read_text(encoding="ascii"):
            raise ConflictError("backup.audit_key_missing")
        self.loader.require_empty()

    def _put_objects(
        self, directory: Path, description: Description, source: ObjectSource | None, progress: Progress
    ) -> int:
        """Only what the dump refers to: the rest would be ahead of the database, or orphans."""
        lost = {str(f.get("key")) for f in description.faults}
        copied = done = 0
        for line, info in joined(_referred(directory), self.store.list()):
            if line is None:
                continue
            done += 1
            if info is not None:
                self._protect(line, info)
            elif source is not None:
                copied += self._put(line, source, may_be_lost=line.key in lost)
            if done % _STEP == 0:
                progress("objects", done, description.referred)
        progress("objects", done, description.referred)
        return copied

    def _put(self, line: Line, source: ObjectSource, *, may_be_lost: bool) -> bool:
        until = line.retain_until if line.retain_until and line.retain_until > self.now() else None
        try:
            with source.open(line.key, line.sha256) as stream:
                info = self.store.put_new(line.key, stream, sha256=line.sha256, retain_until=until)
        except StorageError as error:
            if may_be_lost and error.code in ("storage.not_found", "storage.corrupt"):
                return False
            raise
        self._protect(line, info)
        return True

    def _protect(self, line: Line, info: ObjectInfo) -> None:
        """Retention and hold of the backup, where the archive's own are less."""
        until = line.retain_until
        if until is not None and until > self.now() and (info.retain_until is None or info.retain_until < until):
            self.store.retain(line.key, until, info.version)
        if line.legal_hold and not info.legal_hold:
            self.store.legal_hold(line.key, True, info.version)

    def _require_as_described(self, description: Description) -> None:
        counts = dict(self.loader.counts())
        wrong = sorted(name for name, rows in description.counts.items() if counts.get(name) != rows)
        if wrong:
            raise DomainError("backup.not_as_described", "", found=", ".join(wrong))

    def _require_sound(self, staged: Staged, description: Description, progress: Progress) -> tuple[Fault, ...]:
        """The log holds up to the backup's checkpoint, and the archive has every object the database refers to."""
        progress("audit", 0, 1)
        verdict = staged.audit.verify()
        last = self.loader.last_checkpoint()
        if last is None or last.sha256 != description.checkpoint:
            raise DomainError("backup.not_as_described", "", found=layout.CHECKPOINT)
        known = {str(f.get("key")) for f in description.faults}
        faults = []
        for reference, info in joined(self.loader.references(), self.store.list()):
            if reference is not None and (info is None or info.sha256 != reference.sha256):
                if reference.key not in known:
                    raise DomainError("backup.object_not_restored", "", key=reference.key)
                faults.append(Fault("backup.object_missing", "", {"key": reference.key}))
        reasons = sorted({str(f["code"]) for f in verdict["faults"] if not _cut_short(f, description)})
        if reasons and not faults:
            raise DomainError("backup.log_does_not_hold", "", reasons=", ".join(reasons))
        progress("audit", 1, 1)
        return tuple(faults)

    def _record(self, work: Workspace, directory: Path, description: Description, found: Survey, actor: str) -> None:
        details = {
            "manifest_sha256": layout.seal_of(directory),
            "log_size": description.log_size,
            "archive": str(found.state),
            "ahead": found.ahead,
        }
        with work.uow() as uow:
            work.record(uow, actor, Action.BACKUP_RESTORED, ("backup", description.id), details)
            uow.commit()

    def _number(self, later: Later) -> str:
        return self.number_of(later.key) if later.key.startswith("documents/") else ""


def _cut_short(fault: Mapping[str, Any], description: Description) -> bool:
    """Checkpoints later than the backup's say only that the archive is ahead, which is told by itself."""
    return fault["code"] == "audit.log_truncated" and int(fault["params"]["size"]) >= description.log_size


def _referred(directory: Path) -> Iterator[Line]:
    return (line for line in read_lines(directory / layout.OBJECTS_LIST) if line.referred)


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name)))
