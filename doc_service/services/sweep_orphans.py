"""Removes what killed processes left in the archive: objects written before a commit that never came (DESIGN 4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from doc_service.domain.audit_events import Action
from doc_service.domain.clusters.files import PREFIXES, id_of
from doc_service.domain.errors import ConflictError
from doc_service.ports import AuditLog, UnitOfWork
from doc_service.services.base import Workspace
from storage.api import ObjectInfo, ObjectStore

PREFIX = "documents/"
LEAST_AGE = timedelta(hours=1)
"""A writer that is still at work commits within seconds; its lease or job has run out long before."""


class Kept(StrEnum):
    """Why an object that no revision refers to stays."""

    YOUNG = "young"
    RETAINED = "retained"
    BUSY = "busy"
    UNKNOWN_DOCUMENT = "unknown_document"
    LATER_REVISION = "later_revision"


@dataclass(frozen=True, slots=True)
class Orphan:
    """An object that no revision refers to: ``size`` in bytes; ``kept`` says why it stays, None: it goes."""

    key: str
    version: str
    size: int
    stored_at: datetime
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class Sweep:
    """What was found, of documents by key, then of files. ``removed`` is False for a dry run."""

    orphans: tuple[Orphan, ...]
    removed: bool

    @property
    def going(self) -> tuple[Orphan, ...]:
        return tuple(o for o in self.orphans if o.kept is None)


@dataclass(frozen=True, slots=True)
class SweepOrphans:
    """Finds objects under ``documents/`` that no revision refers to, and files handed in for a case that no record
    names, which are older than ``older_than``, and removes them; an event of each document or file tells which,
    recorded before they go. Safe to run twice and at any time.

    Never removed: what was ever retained or is under hold (it was referred to once: see ``VerifyArchive``), what
    belongs to a document that has work pending or a signing lease, what belongs to no document of the database, and
    revisions later than the next one: the last two are what a database looks like that was restored from an old
    backup. For the same reason nothing is removed while the audit log is behind the archive.
    """

    work: Workspace
    store: ObjectStore
    audit: AuditLog

    def __call__(self, older_than: timedelta, actor: str, *, dry_run: bool = False) -> Sweep:
        """``ConflictError`` "archive.sweep_too_young" for less than an hour, "audit.behind_archive" and
        "audit.inconsistent" from the audit log."""
        if older_than < LEAST_AGE:
            raise ConflictError("archive.sweep_too_young", "older_than", hours=int(LEAST_AGE.total_seconds() // 3600))
        if not dry_run:
            self.audit.checkpoint()
        before = self.work.clock.now() - older_than
        found: list[Orphan] = []
        for document_id, objects in groupby(self.store.list(PREFIX), key=_document_of):
            orphans = self._of_document(document_id, list(objects), before)
            found += orphans
            if not dry_run:
                self._remove(("document", document_id), [o for o in orphans if o.kept is None], actor)
        for prefix in PREFIXES:
            for info in self.store.list(prefix):
                orphans = self._of_file(info, before)
                found += orphans
                if not dry_run:
                    self._remove(("file", id_of(info.key)), [o for o in orphans if o.kept is None], actor)
        return Sweep(tuple(found), removed=not dry_run)

    def _of_document(self, document_id: str, objects: list[ObjectInfo], before: datetime) -> list[Orphan]:
        """The references are read after the objects were listed: what was committed in between is seen."""
        with self.work.uow.reading() as uow:
            referred = {revision.key for revision in uow.documents.revisions(document_id)}
            if all(info.key in referred for info in objects):
                return []
            document = uow.documents.find(document_id)
            newest = document.head.number if document and document.head else -1
            busy = self._busy(uow, document_id)
        found = []
        for info in self._versions(info for info in objects if info.key not in referred):
            if document is None:
                kept: Kept | None = Kept.UNKNOWN_DOCUMENT
            elif _number_of(info.key) > newest + 1:
                kept = Kept.LATER_REVISION
            else:
                kept = Kept.BUSY if busy else _protection(info, before)
            found.append(Orphan(info.key, info.version, info.size, info.stored_at, kept))
        return found

    def _of_file(self, info: ObjectInfo, before: datetime) -> list[Orphan]:
        """A file is recorded within seconds of its object, and locked then: an object that is old, free and without a
        record is what a killed upload left."""
        with self.work.uow.reading() as uow:
            file = uow.case_files.find(id_of(info.key))
        if file is not None and file.key == info.key:
            return []
        left = self._versions(iter((info,)))
        return [Orphan(i.key, i.version, i.size, i.stored_at, _protection(i, before)) for i in left]

    def _versions(self, objects: Iterator[ObjectInfo]) -> Iterator[ObjectInfo]:
        for info in objects:
            yield from self.store.versions(info.key)

    def _busy(self, uow: UnitOfWork, document_id: str) -> bool:
        """Whether somebody may be about to refer to an object, an old one of the same bytes included."""
        lease = uow.signatures.lease(document_id)
        if lease is not None and lease.holds(self.work.clock.now()):
            return True
        return any(job.payload.get("document_id") == document_id for job in uow.jobs.pending())

    def _remove(self, subject: tuple[str, str], orphans: list[Orphan], actor: str) -> None:
        if not orphans:
            return
        details = {"objects": [o.key for o in orphans], "bytes": sum(o.size for o in orphans)}
        with self.work.uow() as uow:
            self.work.record(uow, actor, Action.ARCHIVE_ORPHANS_SWEPT, subject, details)
            uow.commit()
        for orphan in orphans:
            self.store.delete_version(orphan.key, orphan.version)


def _protection(info: ObjectInfo, before: datetime) -> Kept | None:
    if info.legal_hold or info.retain_until is not None:
        return Kept.RETAINED
    return Kept.YOUNG if info.stored_at > before else None


def _document_of(info: ObjectInfo) -> str:
    return info.key.removeprefix(PREFIX).partition("/")[0]


def _number_of(key: str) -> int:
    """The revision's number in ``documents/<id>/revisions/<number>/<sha256>``; 0 for anything else."""
    parts = key.split("/")
    return int(parts[3]) if parts[2:3] == ["revisions"] and parts[3].isdecimal() else 0
