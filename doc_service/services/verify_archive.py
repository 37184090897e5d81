"""Checks that the archive holds every original as recorded (002 §7.1.6: integrity over the whole retention period)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from doc_service.domain.documents import Document, DocumentState, Revision
from doc_service.domain.errors import Fault, Param
from doc_service.ports import Progress
from doc_service.services.base import Workspace
from doc_service.services.sweep_orphans import PREFIX
from doc_service.services.verify_files import VerifyFiles
from storage.api import ObjectInfo, ObjectStore, StorageError

STAGE = "archive"


@dataclass(frozen=True, slots=True)
class ArchiveCheck:
    """Counts of what was read, and every fault: "archive.object_missing", "archive.object_corrupt",
    "archive.digest_differs", "archive.not_retained", "archive.revision_unrecorded"; of a case file
    "archive.file_missing", "archive.file_corrupt", "archive.file_differs", "archive.file_not_retained",
    "archive.file_unrecorded"; "storage.corrupt" (records of an object that cannot be listed). Valid without faults."""

    documents: int
    revisions: int
    bytes: int
    faults: tuple[Fault, ...]
    files: int = 0

    @property
    def valid(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True)
class VerifyArchive:
    """Reads every revision of every document: the object exists, its bytes have the recorded SHA-256, and those of
    archived documents are under retention; in the same way every file that was handed in for a case. An object under
    retention that no record refers to shows that the database lost a row."""

    work: Workspace
    store: ObjectStore

    def __call__(self, progress: Progress) -> ArchiveCheck:
        faults: list[Fault] = []
        documents = revisions = size = 0
        with self.work.uow.reading() as uow:
            ids = list(uow.documents.ids())
        for documents, document_id in enumerate(ids, 1):
            with self.work.uow.reading() as uow:
                document = uow.documents.get(document_id)
                stored = uow.documents.revisions(document_id)
            for revision in stored:
                faults += self._revision(document, revision)
                revisions, size = revisions + 1, size + revision.size
            progress(STAGE, documents, len(ids))
        files = VerifyFiles(self.work, self.store)
        found = list(files())
        faults += [fault for _, of_file in found for fault in of_file]
        for unrecorded in (self._unrecorded, files.unrecorded):
            try:
                faults += unrecorded()
            except StorageError as error:
                if error.code != "storage.corrupt":
                    raise
                faults.append(Fault(error.code, "", error.params))
        size += sum(file.size for file, _ in found)
        return ArchiveCheck(documents, revisions, size, tuple(faults), len(found))

    def _revision(self, document: Document, revision: Revision) -> Iterator[Fault]:
        place: dict[str, Param] = {"document": document.id, "revision": revision.number}
        try:
            info = self.store.stat(revision.key)
            sound = self.store.verify(revision.key, info.version)
        except StorageError as error:
            if error.code not in ("storage.not_found", "storage.corrupt"):
                raise
            kind = "missing" if error.code == "storage.not_found" else "corrupt"
            yield Fault(f"archive.object_{kind}", "", {**place, "key": revision.key})
            return
        if not sound:
            yield Fault("archive.object_corrupt", "", {**place, "key": revision.key})
        if (info.sha256, info.size) != (revision.sha256, revision.size):
            yield Fault("archive.digest_differs", "", {**place, "actual": info.sha256, "expected": revision.sha256})
        if document.state is DocumentState.ARCHIVED and info.retain_until is None:
            yield Fault("archive.not_retained", "", place)

    def _unrecorded(self) -> Iterator[Fault]:
        known: tuple[str, Sequence[str]] = ("", ())
        for info in self.store.list(PREFIX):
            if info.retain_until is None and not info.legal_hold:
                continue
            document_id = info.key.removeprefix(PREFIX).partition("/")[0]
            if document_id != known[0]:
                known = (document_id, self._keys(document_id))
            if info.key not in known[1]:
                yield _lost(document_id, info)

    def _keys(self, document_id: str) -> Sequence[str]:
        with self.work.uow.reading() as uow:
            return [revision.key for revision in uow.documents.revisions(document_id)]


def _lost(document_id: str, info: ObjectInfo) -> Fault:
    return Fault("archive.revision_unrecorded", "", {"document": document_id, "key": info.key})
