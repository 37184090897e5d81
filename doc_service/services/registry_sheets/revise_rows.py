"""Rows of a registry replaced, with the difference from the last edition made anew (003 §4.16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from doc_service.domain.clusters.registry import RegistryEntry, ordered
from doc_service.domain.documents import Document
from doc_service.domain.errors import DomainError
from doc_service.instruments.cluster.registry_data import RegistryData, RowData, data_rows, row_dict
from doc_service.instruments.registry import Registry
from doc_service.services.base import Workspace
from doc_service.services.registry_sheets.read_sheet import ReadRegistrySheet
from doc_service.services.revise_document import ReviseDocument

REGISTRY = "klaster-reyestr"


@dataclass(frozen=True, slots=True)
class ReviseFromSheet:
    """Reads a sheet and puts its rows into a returned draft of the registry: all of them, or none. Raises what reading
    and ``ReviseDocument`` raise; "sheet.other_instrument" for a document that is no registry."""

    work: Workspace
    registry: Registry
    read: ReadRegistrySheet
    revise: ReviseDocument

    def __call__(self, document_id: str, content: bytes, actor: str) -> Document:
        with self.work.uow.reading() as uow:
            document = uow.documents.get(document_id)
        data = registry_of(document, self.registry)
        return self.revise(document_id, with_rows(data, self.read(content)), actor)


def registry_of(document: Document, registry: Registry) -> RegistryData:
    """The data of a registry; raises "sheet.other_instrument" for a document of another kind."""
    if document.instrument != REGISTRY:
        raise DomainError("sheet.other_instrument", "document_id", instrument=document.instrument)
    data = registry.get(REGISTRY).validate(document.data)
    assert isinstance(data, RegistryData)
    return data


def with_rows(data: RegistryData, rows: Sequence[RowData]) -> Mapping[str, Any]:
    """``data`` with other rows; what it says of the last edition stays the truth about that edition."""
    entries = ordered(data_rows(rows))
    changes = _changes(earlier_rows(data), entries) if data.previous is not None else {}
    return data.model_dump(mode="json") | {"rows": [row_dict(entry) for entry in entries]} | changes


def earlier_rows(data: RegistryData) -> dict[str, RegistryEntry]:
    """The last edition by VÖEN: this one without what was added, with what left or changed as it was."""
    rows = {row.voen: row.to_domain() for row in data.rows if row.voen not in data.changes.added}
    rows.update({row.voen: row.to_domain() for row in (*data.changes.changed, *data.changes.removed)})
    return rows


def _changes(before: Mapping[str, RegistryEntry], entries: Sequence[RegistryEntry]) -> dict[str, Any]:
    now = {entry.voen: entry for entry in entries}
    return {
        "changes": {
            "added": [entry.voen for entry in entries if entry.voen not in before],
            "removed": [row_dict(entry) for entry in ordered(before.values()) if entry.voen not in now],
            "changed": [
                row_dict(before[entry.voen])
                for entry in entries
                if entry.voen in before and before[entry.voen] != entry
            ],
        }
    }
