"""Proves a restored service: every document by the service's own validator, the whole audit log, every journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from doc_service.audit.snapshot import JournalState
from doc_service.backup.contract import FileJudge
from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import Fault, Param
from doc_service.ports import AuditLog, Progress
from doc_service.services.base import Workspace
from doc_service.services.verify_archive import ArchiveCheck

FINISHED = frozenset({DocumentState.IN_FORCE, DocumentState.ARCHIVED})
_STEP = 20


@dataclass(frozen=True, slots=True)
class DrillReport:
    """``judged``: finished documents whose final file was validated; the others are still on their way and their
    revisions are compared with their digests only."""

    documents: int
    judged: int
    revisions: int
    bytes: int
    log_size: int
    journal_entries: int
    faults: tuple[Fault, ...]

    @property
    def valid(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True)
class Drill:
    """``verify_archive``: reads every revision (``services.verify_archive``)."""

    work: Workspace
    audit: AuditLog
    verify_archive: Callable[[Progress], ArchiveCheck]
    judge: FileJudge

    def __call__(self, journals: Sequence[JournalState], progress: Progress) -> DrillReport:
        """Faults: those of the archive check, "backup.document_not_valid", "backup.number_differs",
        "backup.journal_gap", "backup.journal_document", "backup.log_does_not_hold"."""
        faults: list[Fault] = []
        archive = self.verify_archive(progress)
        faults += archive.faults
        numbers = dict(self._finished())
        for done, verdict in enumerate(self.judge(list(numbers)), 1):
            if not verdict.valid:
                reasons = ", ".join(verdict.reasons) or "-"
                faults.append(Fault("backup.document_not_valid", "", {"key": verdict.key, "reasons": reasons}))
            if verdict.number != numbers[verdict.key]:
                params = {"key": verdict.key, "actual": verdict.number, "expected": numbers[verdict.key]}
                faults.append(Fault("backup.number_differs", "", params))
            if done % _STEP == 0 or done == len(numbers):
                progress("documents", done, len(numbers))
        entries = 0
        for journal in journals:
            faults += self._journal(journal)
            entries += self._entries(journal)
        log = self.audit.verify()
        if not log["valid"]:
            reasons = ", ".join(sorted({str(f["code"]) for f in log["faults"]}))
            faults.append(Fault("backup.log_does_not_hold", "", {"reasons": reasons}))
        return DrillReport(
            archive.documents, len(numbers), archive.revisions, archive.bytes, int(log["size"]), entries, tuple(faults)
        )

    def _finished(self) -> Iterator[tuple[str, str]]:
        """Key of the final file and registration number of each finished document."""
        with self.work.uow.reading() as uow:
            for document_id in uow.documents.ids():
                document = uow.documents.get(document_id)
                if document.state in FINISHED and document.head and document.registration:
                    yield document.head.key, document.registration.number

    def _entries(self, journal: JournalState) -> int:
        with self.work.uow.reading() as uow:
            return len(uow.journals.entries(journal.code, journal.year))

    def _journal(self, journal: JournalState) -> Iterator[Fault]:
        """Numbers 1, 2, 3 … up to where the backup was at least, each of a document that carries it."""
        place: dict[str, Param] = {"journal": journal.code, "year": journal.year}
        with self.work.uow.reading() as uow:
            entries = uow.journals.entries(journal.code, journal.year)
            found = [entry.seq for entry in entries]
            if found != list(range(1, len(found) + 1)) or len(found) < journal.last_seq:
                yield Fault("backup.journal_gap", "", {**place, "found": len(found), "expected": journal.last_seq})
            for entry in entries:
                document = uow.documents.find(entry.document_id)
                registered = document.registration if document else None
                if registered is None or registered.number != entry.number:
                    yield Fault("backup.journal_document", "", {**place, "number": entry.number})
