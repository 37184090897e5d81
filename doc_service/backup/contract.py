"""What backup and restore ask of archives and of whoever judges documents. Adapters are chosen in ``bootstrap``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, Protocol


class ObjectSource(Protocol):
    """Where objects are copied from; ``StorageError`` "storage.not_found" for one that is not there."""

    def open(self, key: str, sha256: str) -> AbstractContextManager[BinaryIO]: ...


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What the service's validator says of one stored file; ``reasons``: codes, empty when valid."""

    key: str
    valid: bool
    number: str
    level: str
    reasons: tuple[str, ...] = ()


class FileJudge(Protocol):
    """Validates stored files, on as many processors as there are; verdicts in the order of the keys."""

    def __call__(self, keys: Iterable[str]) -> Iterator[FileVerdict]: ...
