"""The templates of a cluster's development, and the tables that they share."""

from __future__ import annotations

from typing import Any

from template_kit.blocks import Column, listing
from template_kit.manifest import Template

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


def development_templates() -> tuple[Template, ...]:
    """21 to 24."""
    from template_kit import birge_layihe_pasportu, klaster_funksional_xerite, klaster_inkisaf_proqrami, klaster_pasport

    return (
        klaster_pasport.build(),
        klaster_inkisaf_proqrami.build(),
        birge_layihe_pasportu.build(),
        klaster_funksional_xerite.build(),
    )
