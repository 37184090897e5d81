"""The columns of the registry's spreadsheet, one for each field of a row (003 Əlavə 6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from doc_service.domain.azerbaijani import lower
from doc_service.domain.clusters.kinds import GROUP_TITLES, ParticipantKind
from doc_service.domain.clusters.registry import RegistryEntry
from doc_service.domain.errors import Fault
from doc_service.ports_spreadsheets import Column, Value

YES, NO = "bəli", "xeyr"
_YES: Final = frozenset({YES, "true", "1", "+"})
_NO: Final = frozenset({NO, "false", "0", "-", "–", ""})
_KINDS: Final[Mapping[str, ParticipantKind]] = {
    **{kind.value: kind for kind in ParticipantKind},
    **{lower(title): kind for kind, title in GROUP_TITLES.items()},
}


class CellError(Exception):
    """A cell that cannot be the field: ``code`` with the parameters of its text."""

    def __init__(self, code: str, **params: str | int) -> None:
        self.code, self.params = code, params
        super().__init__(code)

    def fault(self, cell: str) -> Fault:
        return Fault(self.code, cell, self.params)


@dataclass(frozen=True, slots=True)
class FieldColumn:
    """``name`` of the field; ``read`` makes its value of a cell or raises ``CellError``; ``write`` the cell of it.
    ``stand_in``: a value to go on with where the cell is at fault."""

    name: str
    title: str
    width: int
    read: Callable[[Value], Any]
    write: Callable[[Any], Value]
    stand_in: Any = ""

    @property
    def column(self) -> Column:
        return Column(self.title, self.width)


def _text(cell: Value) -> str:
    return f"{cell:%d.%m.%Y}" if isinstance(cell, date) else cell


def _required(cell: Value) -> str:
    if not (text := _text(cell)):
        raise CellError("data.missing")
    return text


def _kind(cell: Value) -> ParticipantKind:
    text = _required(cell)
    found = _KINDS.get(lower(" ".join(text.split())))
    if found is None:
        raise CellError("sheet.unknown_kind", value=text[:80])
    return found


def _day(cell: Value) -> date | None:
    if isinstance(cell, date):
        return cell
    if not cell:
        return None
    day, dot, rest = cell.partition(".")
    month, second, year = rest.partition(".")
    iso = f"{year}-{month:0>2}-{day:0>2}" if dot and second else cell
    try:
        return date.fromisoformat(iso)
    except ValueError:
        raise CellError("sheet.bad_day", value=cell[:40]) from None


def _yes(cell: Value) -> bool:
    text = lower(_text(cell))
    if text not in _YES and text not in _NO:
        raise CellError("sheet.yes_no", value=text[:40])
    return text in _YES


def _same(value: str) -> Value:
    return value


def _yes_cell(value: bool) -> Value:
    return YES if value else ""


COLUMNS: Final = (
    FieldColumn("kind", "Təşkilatın növü", 34, _kind, lambda kind: GROUP_TITLES[kind], ParticipantKind.OTHER),
    FieldColumn("name", "Təşkilatın adı", 34, _required, _same, "–"),
    FieldColumn("legal_form", "Təşkilati-hüquqi forması", 28, _text, _same),
    FieldColumn("voen", "VÖEN", 13, _required, _same, "–"),
    FieldColumn("state_registration", "Dövlət qeydiyyat nömrəsi", 18, _text, _same),
    FieldColumn("legal_address", "Hüquqi ünvanı", 40, _required, _same, "–"),
    FieldColumn("actual_address", "Faktiki ünvanı", 40, _text, _same),
    FieldColumn("products", "Əsas məhsulları (xidmətləri)", 34, _required, _same, "–"),
    FieldColumn("head", "Rəhbəri", 30, _required, _same, "–"),
    FieldColumn("phone", "Telefon", 18, _text, _same),
    FieldColumn("email", "Elektron poçt", 26, _text, _same),
    FieldColumn("agreement_number", "İştirak haqqında sazişin nömrəsi", 20, _text, _same),
    FieldColumn("agreement_date", "İştirak haqqında sazişin tarixi", 14, _day, lambda day: day or "", None),
    FieldColumn("specialised", "İT", 6, _yes, _yes_cell, stand_in=False),
    FieldColumn("final_producer", "MSB", 6, _yes, _yes_cell, stand_in=False),
)
"""In the order of the sheet."""


def cells_of(entry: RegistryEntry) -> tuple[Value, ...]:
    """An organisation as cells."""
    return tuple(column.write(getattr(entry, column.name)) for column in COLUMNS)
