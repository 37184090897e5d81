"""The registry as a spreadsheet: use cases."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.bootstrap.parts import Parts
from doc_service.services.registry_sheets.read_sheet import ReadRegistrySheet
from doc_service.services.registry_sheets.revise_rows import ReviseFromSheet
from doc_service.services.registry_sheets.write_sheet import WriteRegistrySheet
from doc_service.services.revise_document import ReviseDocument
from doc_service.spreadsheets.workbooks import Workbooks


@dataclass(frozen=True, slots=True)
class RegistrySheets:
    """What the command line and the API call."""

    write: WriteRegistrySheet
    read: ReadRegistrySheet
    revise: ReviseFromSheet


def build_registry_sheets(p: Parts) -> RegistrySheets:
    """The use cases over ``p``."""
    read = ReadRegistrySheet(Workbooks())
    return RegistrySheets(
        write=WriteRegistrySheet(Workbooks()),
        read=read,
        revise=ReviseFromSheet(p.work, p.registry, read, ReviseDocument(p.work, p.registry)),
    )


def open_sheets() -> tuple[WriteRegistrySheet, ReadRegistrySheet]:
    """Writing and reading alone: neither database nor keys."""
    return WriteRegistrySheet(Workbooks()), ReadRegistrySheet(Workbooks())
