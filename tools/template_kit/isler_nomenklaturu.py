"""Template of ``isler-nomenklaturu`` (004 §5.1.11)."""

from __future__ import annotations

from template_kit.blocks import (
    Column,
    approval,
    grouped_listing,
    heading,
    labelled,
    letterhead,
    listing,
    paragraph,
)
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile(left=20, right=15, table=11, landscape=True)
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    paragraph(document, "", "Mənbə")
    approval(document, profile)
    heading(document, "İŞLƏRİN NOMENKLATURU", 1)
    paragraph(document, "{{ year }}", "Ortada")
    columns = (
        Column("İşin indeksi", 24, "{{ c.index }}", centred=True),
        Column("İşin başlığı", 78, "{{ c.title }}"),
        Column("Saxlanma müddəti", 30, "{{ c.period }}", centred=True),
        Column("Müddətin hüquqi əsası", 94, "{{ c.basis }}"),
        Column("Qeyd", 36, "{{ c.note }}"),
    )
    grouped_listing(document, columns, "for s in sections", "{{ s.title }}", "for c in s.rows")
    heading(document, "Nomenklatura üzrə yekun qeyd", 2)
    opening = paragraph(document, "Nomenklatura üzrə cəmi {{ total }} iş nəzərdə tutulmuşdur, o cümlədən:")
    opening.paragraph_format.keep_with_next = True
    periods = (
        Column("Saxlanma müddəti", 131, "{{ p.period }}"),
        Column("İşlərin sayı", 131, "{{ p.count }}", centred=True),
    )
    listing(document, periods, "for p in summary")
    paragraph(document, "", "Mənbə")
    labelled(document, "Tərtib edib:", "{{ compiler.role }} {{ compiler.name }}", "Qeyd")
    return Template(
        name="isler-nomenklaturu.v1",
        title="İşlərin nomenklaturu",
        sources=("004 §5.1.11",),
        variables=("letterhead", "line", "year", "sections", "summary", "total", "compiler", "signatory"),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 004 names the nomenclature but gives no form",),
    )
