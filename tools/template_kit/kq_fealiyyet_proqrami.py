"""Template of ``kq-fealiyyet-proqrami`` (001 §5.3.1)."""

from __future__ import annotations

from template_kit.blocks import (
    Column,
    approval,
    grouped_listing,
    heading,
    labelled,
    letterhead,
    paragraph,
    tag,
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
    heading(document, "İLLİK FƏALİYYƏT PROQRAMI", 1)
    paragraph(document, "{{ year }}", "Ortada")
    paragraph(document, "{{ opening }}")
    heading(document, "Planlaşdırılan iclaslar", 2)
    paragraph(
        document,
        "Əsasnamənin 5.9.2-ci yarımbəndinə uyğun olaraq Koordinasiya Qrupunun iclaslarının aşağıdakı günlərdə "
        "keçirilməsi planlaşdırılır.",
    ).paragraph_format.keep_with_next = True
    tag(document, "for i in meetings")
    paragraph(document, "{{ i.no }}. {{ i.date }}", "Cədvəl")
    tag(document, "endfor")
    heading(document, "Tədbirlər", 2)
    columns = (
        Column("№", 11, "{{ m.no }}", centred=True),
        Column("Tədbirin adı", 88, "{{ m.title }}"),
        Column("İcra müddəti", 41, "{{ m.term }}", centred=True),
        Column("Məsul icraçı", 62, "{{ m.responsible }}"),
        Column("Gözlənilən nəticə", 60, "{{ m.result }}"),
    )
    grouped_listing(document, columns, "for d in directions", "{{ d.title }}", "for m in d.rows")
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
