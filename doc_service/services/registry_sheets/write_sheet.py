"""Writes the registry as a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from doc_service.domain.clusters.registry import ordered
from doc_service.instruments.cluster.registry_data import RegistryData, data_rows
from doc_service.ports_spreadsheets import Sheet, Spreadsheets
from doc_service.services.registry_sheets.columns import COLUMNS, cells_of


class SheetFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        return _MEDIA[self]


_MEDIA = {
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    SheetFormat.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class WriteRegistrySheet:
    """The rows of an edition in the order of the form; reading the XLSX again gives the same rows."""

    spreadsheets: Spreadsheets

    def __call__(self, data: RegistryData, form: SheetFormat) -> bytes:
        sheet = Sheet(
            title=f"Reyestr {data.edition}",
            columns=tuple(column.column for column in COLUMNS),
            rows=[cells_of(entry) for entry in ordered(data_rows(data.rows))],
            made_on=data.made_on,
        )
        return self.spreadsheets.xlsx(sheet) if form is SheetFormat.XLSX else self.spreadsheets.csv(sheet)
