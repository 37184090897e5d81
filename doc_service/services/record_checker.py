"""The contract of checks against the register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from doc_service.domain.documents import Document
from doc_service.domain.errors import Fault
from doc_service.ports import UnitOfWork


class RecordCheck(Protocol):
    """Holds a draft against the records that it cites."""

    def __call__(self, uow: UnitOfWork, document: Document) -> Sequence[Fault]: ...
