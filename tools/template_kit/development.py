"""The templates of a cluster's development, and the tables that they share."""

from __future__ import annotations

from typing import Any

from template_kit.blocks import (
    Column,
    _fill,
    _finish,
    _row_properties,
    _signature_columns,
    _table,
    _tag_row,
    listing,
)
from template_kit.manifest import Template
from template_kit.oxml import borders
from template_kit.page import PageProfile
from template_kit.signatures import signature_rows

_LINES = ("{%p for line_ in r.lines %}", "{{ line_ }}", "{%p endfor %}")


def passport_rows(document: Any, width: float, rows: str) -> None:
    """The 13 rows of a joint project's passport (003 Əlavə 11)."""
    columns = (
        Column("№", 11, "{{ r.no }}", centred=True),
        Column("Klaster iştirakçılarının birgə layihələrinin pasportunun məzmunu", 54, "{{ r.title }}"),
        Column("Məlumatlar", width - 65, _LINES),
    )
    listing(document, columns, f"for r in {rows}")


def financing_table(document: Any, width: float, table: str, heading: str, loop: str = "financing") -> None:
    """Sources by year in five columns, and the total of all years (003 Əlavə 11, Əlavə 12)."""
    year = 17.0
    total = 22.0
    columns = (
        Column("№", 12, "{{ f.no }}", centred=True),
        Column(heading, width - 12 - 5 * year - total, "{{ f.name }}"),
        *(
            Column("{{ " + f"{table}.years[{n}]" + " }}", year, "{{ " + f"f.amounts[{n}]" + " }}", centred=True)
            for n in range(5)
        ),
        Column("{{ " + f"{table}.all_years" + " }}", total, "{{ f.total }}", centred=True),
    )
    listing(document, columns, f"for f in {table}.{loop}")


def targets_table(document: Any, width: float, rows: str) -> None:
    """The six target indicators (003 Əlavə 11)."""
    columns = (
        Column("№", 11, "{{ t.no }}", centred=True),
        Column("Göstəricinin adı", width - 11 - 20 - 38 - 38, "{{ t.title }}"),
        Column("Ölçü vahidi", 20, "{{ t.unit }}", centred=True),
        Column("Birgə layihənin həyata keçirilməsinə başlandığı anda rolu", 38, "{{ t.start }}", centred=True),
        Column("Birgə layihənin həyata keçirilməsinin sonunda rolu", 38, "{{ t.end }}", centred=True),
    )
    listing(document, columns, f"for t in {rows}")


def closing(document: Any, profile: PageProfile) -> None:
    """The form's end on one page: signatory, date, and the seal ("MY") where the organisation has one. It is one table
    whose rows keep with the next, so that no seal or name stands on a page of its own."""
    none = borders("w:tblBorders", top=0, left=0, bottom=0, right=0, insideH=0, insideV=0)
    table = _table(document, [c.width for c in _signature_columns(profile)], none)
    signed = signature_rows(document, table, "signatory")
    row = table.add_row()
    date = row.cells[0].merge(row.cells[-1])
    _fill(document, date, "Tarix {{ line.date }}", "Cədvəl")
    _row_properties(row, split=False)
    _tag_row(document, table, "if seal")
    signature_rows(document, table, "seal")
    _tag_row(document, table, "endif")
    _finish(table)
    for kept in (signed, row):
        for paragraph in (p for cell in kept.cells for p in cell.paragraphs):
            paragraph.paragraph_format.keep_with_next = True


def development_templates() -> tuple[Template, ...]:
    """21 to 24."""
    from template_kit import birge_layihe_pasportu, klaster_funksional_xerite, klaster_inkisaf_proqrami, klaster_pasport

    return (
        klaster_pasport.build(),
        klaster_inkisaf_proqrami.build(),
        birge_layihe_pasportu.build(),
        klaster_funksional_xerite.build(),
    )
