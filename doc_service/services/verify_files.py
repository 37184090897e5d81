"""Checks that the archive holds every file handed in for a case as recorded (003 §2, Əlavə 4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from doc_service.domain.clusters.files import PREFIXES, CaseFile, id_of
from doc_service.domain.errors import Fault, Param
from doc_service.services.base import Workspace
from storage.api import ObjectStore, StorageError

_NAMES = {"storage.not_found": "missing", "storage.corrupt": "corrupt"}


@dataclass(frozen=True, slots=True)
class VerifyFiles:
    """Each file with its faults: its object exists, has the recorded SHA-256 and size, and is under retention."""

    work: Workspace
    store: ObjectStore

    def __call__(self) -> Iterator[tuple[CaseFile, tuple[Fault, ...]]]:
        with self.work.uow.reading() as uow:
            ids = list(uow.case_files.ids())
        for file_id in ids:
            with self.work.uow.reading() as uow:
                file = uow.case_files.get(file_id)
            yield file, tuple(self._faults(file))

    def _faults(self, file: CaseFile) -> Iterator[Fault]:
        place: dict[str, Param] = {"file": file.id, "owner": file.owner_id, "item": file.item}
        try:
            info = self.store.stat(file.key)
            sound = self.store.verify(file.key, info.version)
        except StorageError as error:
            if error.code not in _NAMES:
                raise
            yield Fault(f"archive.file_{_NAMES[error.code]}", "", {**place, "key": file.key})
            return
        if not sound:
            yield Fault("archive.file_corrupt", "", {**place, "key": file.key})
        if (info.sha256, info.size) != (file.sha256, file.size):
            yield Fault("archive.file_differs", "", {**place, "actual": info.sha256, "expected": file.sha256})
        if info.retain_until is None:
            yield Fault("archive.file_not_retained", "", place)

    def unrecorded(self) -> Iterator[Fault]:
        """Objects under retention that no record refers to. Raises ``StorageError`` "storage.corrupt"."""
        for prefix in PREFIXES:
            for info in self.store.list(prefix):
                if info.retain_until is None and not info.legal_hold:
                    continue
                with self.work.uow.reading() as uow:
                    file = uow.case_files.find(id_of(info.key))
                if file is None or file.key != info.key:
                    yield Fault("archive.file_unrecorded", "", {"key": info.key})
