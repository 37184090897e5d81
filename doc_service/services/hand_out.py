"""Packages for people outside: who got what is on record (002 §7.1.1, §7.1.15)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from doc_service.domain.audit_events import Action
from doc_service.ports import AuditExporter, AuditLog
from doc_service.services.base import Workspace
from doc_service.services.export_evidence import ExportEvidence

LOG = ("audit", "log")
"""The subject of events about the journal itself."""


@dataclass(frozen=True, slots=True)
class HandOutEvidence:
    """The evidence package of one document, written to ``directory``; the event names the digest of its SHA256SUMS.
    Raises what ``ExportEvidence`` raises; nothing is recorded then."""

    work: Workspace
    export: ExportEvidence

    def __call__(self, document_id: str, directory: Path, actor: str) -> None:
        self.export(document_id, directory)
        sums = hashlib.sha256((directory / "SHA256SUMS").read_bytes()).hexdigest()
        with self.work.uow() as uow:
            self.work.record(uow, actor, Action.ARCHIVE_EXPORTED, ("document", document_id), {"sums_sha256": sums})
            uow.commit()


@dataclass(frozen=True, slots=True)
class HandOutLog:
    """The whole control-audit journal up to a checkpoint that is made first, with the offline verifier."""

    work: Workspace
    audit: AuditLog
    export: AuditExporter

    def __call__(self, directory: Path, actor: str) -> None:
        checkpoint = self.audit.checkpoint()
        self.export(directory)
        details = {"size": checkpoint["size"], "root": checkpoint["root"]}
        with self.work.uow() as uow:
            self.work.record(uow, actor, Action.AUDIT_EXPORTED, LOG, details)
            uow.commit()
