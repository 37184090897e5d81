"""What backup and restore ask of persistence: a dump with the state that lies in it, and the way back.

Here, below both, so that an adapter can import it without knowing of backups.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from doc_service.audit.store import CheckpointRecord


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that the database says is in the archive. ``size`` in bytes; None where no column keeps it."""

    key: str
    sha256: str
    size: int | None


@dataclass(frozen=True, slots=True)
class JournalState:
    """How far a registration journal has come in a year (004 §5.1.8)."""

    code: str
    year: int
    last_seq: int


class Snapshot(Protocol):
    """The state of the database that lies in the dump; every question is answered from that very state."""

    @property
    def engine(self) -> str:
        """ "sqlite" or "postgresql"."""
        ...

    @property
    def schema(self) -> str:
        """Schema revision; a later program migrates it forward."""
        ...

    def references(self) -> Iterator[Reference]:
        """By key in code point order (UTF-8 bytes), each key once."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Rows by table."""
        ...

    def journals(self) -> Sequence[JournalState]: ...

    def last_checkpoint(self) -> CheckpointRecord | None: ...


class DatabaseDumper(Protocol):
    """Takes a consistent copy while others write."""

    @property
    def file_name(self) -> str:
        """Of the dump within a backup."""
        ...

    def dump(self, target: Path) -> AbstractContextManager[Snapshot]:
        """Writes the dump durably. ``DomainError`` "backup.dump_failed" (reason); ``OSError`` on a full disk."""
        ...


class DatabaseLoader(Protocol):
    """Brings a dump into an empty database, first beside the place that the service opens (``staging_url``): until
    ``finish`` the service finds an empty database, so that a restore that was killed cannot be mistaken for one that
    ended, and is simply begun again."""

    @property
    def engine(self) -> str: ...

    @property
    def staging_url(self) -> str:
        """SQLAlchemy URL of what was loaded, until ``finish``."""
        ...

    def require_empty(self) -> None:
        """``ConflictError`` "backup.database_not_empty" (found)."""
        ...

    def load(self, dump: Path) -> None:
        """Replaces what an unfinished restore has left in the staging place. ``DomainError`` "backup.load_failed"."""
        ...

    def release_leases(self) -> int:
        """Takes the leases of runners and signers that are no more off the loaded jobs; returns how many."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Rows by table of what was loaded."""
        ...

    def last_checkpoint(self) -> CheckpointRecord | None:
        """Of what was loaded."""
        ...

    def references(self) -> Iterator[Reference]:
        """Of what was loaded, as ``Snapshot.references``."""
        ...

    def finish(self) -> None:
        """Gives the loaded database its place, atomically and durably. Nothing may hold it open."""
        ...
