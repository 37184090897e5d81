"""Template of ``klaster-nizamname`` (003 §4.6, Əlavə 13 §8)."""

from __future__ import annotations

from template_kit.blocks import Column, approved, heading, listing, paragraph
from template_kit.charter_text import SECTIONS
from template_kit.cluster import provisions, sections, spacer
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank
from template_kit.signatures import signature_table

_FOUNDERS = (
    Column("№", 12, "{{ f.no }}", centred=True),
    Column("Təşkilatın adı, təşkilati-hüquqi forması", 66, "{{ f.name }}"),
    Column("Rekvizitlər / dövlət qeydiyyat nömrəsi", 40, "{{ f.requisites }}"),
    Column("Hüquqi ünvanı", 52, "{{ f.legal }}"),
)


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile(text=13, table=11)
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    approved(document, profile)
    spacer(document, 160)
    paragraph(document, "{{ name }}", "Mövzu").paragraph_format.keep_with_next = True
    heading(document, "NİZAMNAMƏ", 1)
    paragraph(document, "{{ cluster.genitive }} ixtisaslaşdırılmış təşkilatı", "Ortada")
    spacer(document, 260)
    paragraph(document, "{{ line.place }}, {{ year }}", "Ortada")
    for place, section in enumerate(SECTIONS):
        before = len(document.paragraphs)
        sections(document, (section,))
        if place == 0:
            document.paragraphs[before].paragraph_format.page_break_before = True
    heading(document, "17. Təsisçilərin imzaları", 2)
    provisions(document, ("17.1. Bu Nizamnaməni təsisçilərin səlahiyyətli nümayəndələri imzalamışlar.",))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    signature_table(document, profile)
    opening = paragraph(document, "{{ name }} Nizamnaməsinə", "Ünvan")
    opening.paragraph_format.page_break_before = True
    paragraph(document, "əlavə", "Ünvan")
    heading(document, "Təşkilatın təsisçilərinin siyahısı", 2)
    listing(document, _FOUNDERS, "for f in founders")
    return Template(
        name="klaster-nizamname.v1",
        title="İxtisaslaşdırılmış təşkilatın nizamnaməsi",
        sources=("003 §4.6", "003 Əlavə 13 §8"),
        variables=(
            "line", "approved", "approval", "name", "year", "cluster", "territory", "product", "address", "services",
            "notice", "board", "head_term", "fee", "founders", "signatories",
        ),
        profile=profile,
        document=document,
        reconstructed=(
            "wording of every provision: 003 §4.6 a)–h) and Əlavə 13 §8 name the contents and give no text; a) is in "
            "6 and 7.3, b) 5, c) 8, ç) 9, d) 10, e) 3, ə) 12, f) 7.1 and 7.2, g) 13, ğ) 14, h) 15",
        ),
    )  # fmt: skip
