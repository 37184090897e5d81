"""Template of ``kq-fealiyyet-proqrami`` (001 §5.3.1)."""

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
    profile = PageProfile()
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    paragraph(document, "", "Mənbə")
    approval(document, profile)
    heading(document, "İLLİK FƏALİYYƏT PROQRAMI", 1)
    paragraph(document, "{{ year }}", "Ortada")
    paragraph(document, "{{ opening }}")
    heading(document, "Tədbirlər", 2)
    columns = (
        Column("№", 11, "{{ m.no }}", centred=True),
        Column("Tədbirin adı", 60, "{{ m.title }}"),
        Column("İcra müddəti", 28, "{{ m.term }}", centred=True),
        Column("Məsul icraçı", 37, "{{ m.responsible }}"),
        Column("Gözlənilən nəticə", 34, "{{ m.result }}"),
    )
    grouped_listing(document, columns, "for d in directions", "{{ d.title }}", "for m in d.rows")
    heading(document, "Planlaşdırılan iclaslar", 2)
    paragraph(
        document,
        "Əsasnamənin 5.9.2-ci yarımbəndinə uyğun olaraq Koordinasiya Qrupunun iclaslarının aşağıdakı günlərdə "
        "keçirilməsi planlaşdırılır.",
    ).paragraph_format.keep_with_next = True
    days = (Column("№", 11, "{{ i.no }}", centred=True), Column("İclasın keçirilmə günü", 159, "{{ i.date }}"))
    listing(document, days, "for i in meetings")
    paragraph(document, "", "Mənbə")
    labelled(document, "Tərtib edib:", "{{ secretary.role }} {{ secretary.name }}", "Qeyd")
    return Template(
        name="kq-fealiyyet-proqrami.v1",
        title="İllik fəaliyyət proqramı",
        sources=("001 §5.3.1", "001 §5.9.2"),
        variables=(
            "letterhead", "line", "year", "opening", "directions", "meetings", "secretary", "signatory",
        ),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 001 gives no form of the programme",),
    )  # fmt: skip
