"""The control-audit journal: written with each change, sealed and proven by the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from doc_service.domain.audit_events import AuditEvent


class AuditTrail(Protocol):
    def append(self, event: AuditEvent) -> None:
        """Records the event in this transaction; its place in the log is given by the sequencer afterwards."""
        ...

    def of_subject(self, subject_type: str, subject_id: str) -> Sequence[AuditEvent]: ...


class AuditLog(Protocol):
    """The Merkle log over the events (RFC 6962 hashing)."""

    def sequence(self) -> int:
        """Gives places to events that have none; returns how many."""
        ...

    def checkpoint(self) -> Mapping[str, Any]:
        """Sequences, then signs and time-stamps the tree head and stores it in the archive under retention."""
        ...

    def catch_up(self) -> None:
        """Takes over checkpoints that only the archive has; ``ConflictError`` "audit.behind_archive" when they cover
        more events than there are: then this is the database of an older backup."""
        ...

    def verify(self) -> Mapping[str, Any]:
        """Recomputes everything; {"valid": bool, "size": n, "root": hex, "faults": [...]}."""
        ...


class AuditProver(Protocol):
    """Writes the proof that the events about one subject are in the audit log, with the offline verifier, into a new
    directory. Nothing about any other subject goes in."""

    def __call__(self, directory: Path, subject: tuple[str, str]) -> None:
        """``subject``: (type, id). All its events are covered: a checkpoint is made first when the last one does not
        reach them."""
        ...


class AuditExporter(Protocol):
    """Writes the audit log, its checkpoints and the offline verifier into a new directory."""

    def __call__(self, directory: Path, subject: tuple[str, str] | None = None) -> None:
        """``subject`` (type, id): adds inclusion proofs for the events about it."""
        ...
