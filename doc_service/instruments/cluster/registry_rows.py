"""The rows of the registry as its template prints them (003 Əlavə 6).

LibreOffice lays out one table of n rows in time that grows faster than n, so the rows come in tables of ``CHUNK`` rows
that stand edge to edge; the column heading of the first is in the text, that of the pages after it in the page header.
The last rows come apart: they stay on one page with the footnotes and the signatures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from doc_service.domain.clusters.kinds import GROUP_TITLES, PART_TITLES, ParticipantKind, RegistryPart
from doc_service.domain.clusters.registry import Change, RegistryEntry, ordered

CHUNK: Final = 40
"""Rows of one table; LibreOffice is fastest between 25 and 100."""

KEPT: Final = 2
"""Rows that stay with the signatures."""

HEADINGS: Final = (
    "Təşkilatın adı, təşkilati-hüquqi forması",
    "VÖEN, dövlət qeydiyyatı",
    "Hüquqi ünvanı",
    "Faktiki ünvanı",
    "Əsas məhsulları (xidmətləri)",
    "Rəhbəri və əlaqə məlumatları",
    "İştirak haqqında saziş (№, tarix)",
    "Qeyd¹",
)
"""Columns 1 to 8; the source has lost them (003 Əlavə 6, §4.16)."""

FOOTNOTES: Final = (
    "¹ Müvafiq qeyd əlavə edilir, əgər göstərilən müəssisə və ya təşkilat: sənaye klasterinin ixtisaslaşdırılmış "
    "təşkilatı kimi seçilibsə (İT – qeyd edilir); sənaye məhsulunun son buraxılışını həyata keçirən müəssisədirsə "
    "(MSB – qeyd edilir).",
    "² Texnoloji infrastruktur dedikdə ixtisaslaşdırılmış bina, tikili, qurğular kompleksi, o cümlədən texnoloji "
    "inkubator, sənaye dizaynı və prototipləşdirmə üçün infrastruktur, injinirinq xidmətləri, istehsalın təşkili və "
    "laboratoriyalar, vivariyalar, innovasiya-texnologiya mərkəzləri, sənaye dizaynı və prototipləşdirmə mərkəzləri, "
    "texnologiyaların transferi mərkəzləri və digər obyektlərin avadanlıqlarla təmin edilməsi üçün əsas istehlakçılar "
    "və avadanlıqlara çıxış imkanları başa düşülür.",
    "³ Sənaye infrastrukturu dedikdə sənaye sahəsində fəaliyyətin həyata keçirilməsi üçün lazım olan daşınmaz əmlak "
    "obyektləri, nəqliyyat infrastrukturu və kommunal infrastruktur obyektlərinin məcmusu başa düşülür.",
)

_WHOLE: Final = "1"
_MAY_SPLIT: Final = "0"
"""For a table's first row: where it alone fits onto a page and may not split, LibreOffice 7.4 loses the second."""

_NOBODY: Final = "–"
_SAME: Final = "hüquqi ünvanla eynidir"
_COLUMNS: Final = tuple(f"c{n}" for n in range(1, 9))
_COLUMN_OF: Final = {
    "name": "c1",
    "legal_form": "c1",
    "state_registration": "c2",
    "legal_address": "c3",
    "actual_address": "c4",
    "products": "c5",
    "head": "c6",
    "phone": "c6",
    "email": "c6",
    "agreement_number": "c7",
    "agreement_date": "c7",
    "specialised": "c8",
    "final_producer": "c8",
}

Row = dict[str, Any]


def printed_rows(
    rows: Iterable[RegistryEntry],
    annex: str,
    added: Sequence[RegistryEntry],
    removed: Sequence[RegistryEntry],
    changed: Sequence[tuple[RegistryEntry, ...]],
) -> list[Row]:
    """Parts, groups and organisations in the order of the form; then the difference under ``annex``, unless that is
    empty. ``changed``: pairs before and after."""
    return [*_registry(rows), *(_annex(annex, added, removed, changed) if annex else ())]


def tables(rows: Sequence[Row]) -> tuple[list[Row], list[list[Row]], list[Row]]:
    """The first table's rows, those of the tables between, and the last rows. No table but the last begins or ends
    between a heading and what it heads."""
    end = max(len(rows) - KEPT, 1)
    while end > 1 and rows[end - 1]["title"]:
        end -= 1
    chunks: list[list[Row]] = []
    start = 0
    while start < end:
        stop = min(start + CHUNK, end)
        while stop < end and rows[stop - 1]["title"]:
            stop += 1
        chunks.append([{**rows[start], "whole": _MAY_SPLIT}, *rows[start + 1 : stop]])
        start = stop
    return chunks[0], chunks[1:], list(rows[end:])


def _registry(rows: Iterable[RegistryEntry]) -> Iterator[Row]:
    groups: dict[ParticipantKind, list[RegistryEntry]] = {kind: [] for kind in ParticipantKind}
    for row in ordered(rows):
        groups[row.kind].append(row)
    number = 0
    for part in RegistryPart:
        yield _title(PART_TITLES[part], part=True)
        for kind, found in groups.items():
            if kind.part is not part:
                continue
            yield _title(_group_title(kind))
            for row in found:
                number += 1
                yield _row(number, row)
            if not found:
                yield _line("", dict.fromkeys(_COLUMNS, _NOBODY))


def _annex(
    annex: str,
    added: Sequence[RegistryEntry],
    removed: Sequence[RegistryEntry],
    changed: Sequence[tuple[RegistryEntry, ...]],
) -> Iterator[Row]:
    yield _title(annex, part=True)
    for title, rows in (("Daxil edilənlər", added), ("Xaric edilənlər", removed)):
        yield _title(f"{title} ({len(rows)})")
        for number, row in enumerate(ordered(rows), 1):
            yield _row(number, row)
        if not rows:
            yield _line("", dict.fromkeys(_COLUMNS, _NOBODY))
    yield _title(f"Məlumatları dəyişənlər ({len(changed)}): əvvəlki nəşrdə və bu nəşrdə")
    for number, (before, after) in enumerate(changed, 1):
        yield _changed(number, before, after)
    if not changed:
        yield _line("", dict.fromkeys(_COLUMNS, _NOBODY))


def _changed(number: int, before: RegistryEntry, after: RegistryEntry) -> Row:
    """Name and VÖEN, and in each column that changed the value before and after."""
    old, new = _cells(before), _cells(after)
    cells = dict.fromkeys(_COLUMNS, "") | {"c1": new["c1"], "c2": after.voen}
    for column in {_COLUMN_OF[name] for name in Change(before, after).fields if name in _COLUMN_OF}:
        cells[column] = f"əvvəl: {old[column] or _NOBODY}; indi: {new[column] or _NOBODY}"
    if before.kind is not after.kind:
        cells["c1"] += f"; əvvəl: {_group_title(before.kind)}; indi: {_group_title(after.kind)}"
    return _line(str(number), cells)


def _row(number: int, row: RegistryEntry) -> Row:
    return _line(str(number), _cells(row))


def _cells(row: RegistryEntry) -> dict[str, str]:
    day = f"{row.agreement_date:%d.%m.%Y}" if row.agreement_date else ""
    return {
        "c1": f"{row.name} {row.legal_form}".strip(),
        "c2": _joined(row.voen, row.state_registration and f"№\u00a0{row.state_registration}"),
        "c3": row.legal_address,
        "c4": _SAME if row.actual_address in ("", row.legal_address) else row.actual_address,
        "c5": row.products,
        "c6": _joined(row.head, row.phone, row.email),
        "c7": _joined(row.agreement_number and f"№\u00a0{row.agreement_number}", day),
        "c8": _joined(*row.marks),
    }


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _line(number: str, cells: dict[str, str]) -> Row:
    return {"title": "", "part": False, "no": number, "whole": _WHOLE, **cells}


def _title(text: str, *, part: bool = False) -> Row:
    return {"title": text, "part": part}


def _group_title(kind: ParticipantKind) -> str:
    """With the marks of footnotes 2 and 3, which the form sets after "Texnoloji" and "sənaye"."""
    if kind is not ParticipantKind.TECHNOLOGY:
        return GROUP_TITLES[kind]
    return GROUP_TITLES[kind].replace("Texnoloji və sənaye", "Texnoloji² və sənaye³", 1)
