"""``Spreadsheets`` over openpyxl and the standard library's csv."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Final

from doc_service.domain.errors import DomainError
from doc_service.ports_spreadsheets import ReadSheet, Sheet, Value
from doc_service.spreadsheets.archive_bounds import checked

_NUMBER: Final = re.compile(r"[+-][0-9 ()-]*")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Workbooks:
    """Stateless. openpyxl is loaded by the first workbook: few processes ever see one."""

    def xlsx(self, sheet: Sheet) -> bytes:
        """As ``Spreadsheets.xlsx``."""
        from doc_service.spreadsheets.xlsx import write

        return write(sheet)

    def csv(self, sheet: Sheet) -> bytes:
        """As ``Spreadsheets.csv``."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([column.title for column in sheet.columns])
        writer.writerows([_plain(value) for value in row] for row in sheet.rows)
        return b"\xef\xbb\xbf" + text.getvalue().encode()

    def read(self, content: bytes, *, rows: int, columns: int) -> ReadSheet:
        """As ``Spreadsheets.read``."""
        from doc_service.spreadsheets.xlsx import read

        archive = checked(content)
        try:
            return read(archive, rows, columns)
        except DomainError:
            raise
        except Exception as error:  # openpyxl raises whatever a damaged part makes its code meet
            raise DomainError("sheet.unreadable", reason=f"{type(error).__name__}: {error}"[:200]) from error


def _plain(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    risky = value.startswith(_FORMULA) and not _NUMBER.fullmatch(value)
    return f"'{value}" if risky else value
