"""Template of ``klaster-tedbirler-plani`` (003 §4.5, Əlavə 3)."""

from __future__ import annotations

from docx.shared import Pt

from template_kit.blocks import Column, approved, grouped_listing, heading, paragraph
from template_kit.cluster import LANDSCAPE, sealed_signature, spacer
from template_kit.manifest import Template
from template_kit.page import add_footer, blank

_COLUMNS = (
    Column("№", 12, "{{ m.no }}", centred=True),
    Column("Tədbirin adı", 46, "{{ m.title }}"),
    Column("Tədbirin məzmunu", 50, "{{ m.content }}"),
    Column("Keçirilmə müddəti", 28, "{{ m.term }}", centred=True),
    Column("Tədbirin iştirakçıları", 42, "{{ m.participants }}"),
    Column("Resurslar və onların daxilolma mənbələri", 42, "{{ m.resources }}"),
    Column("Gözlənilən nəticə", 42, "{{ m.result }}"),
)


def build() -> Template:
    """The template with its manifest."""
    profile = LANDSCAPE
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    approved(document, profile)
    period = paragraph(document, "{{ period }}", "Ortada")
    period.paragraph_format.keep_with_next = True
    period.paragraph_format.space_before = Pt(8)
    heading(document, "{{ cluster }} ixtisaslaşmış təşkilatının tədbirlər planı", 1)
    spacer(document)
    grouped_listing(document, _COLUMNS, "for g in groups", "{{ g.title }}", "for m in g.measures")
    paragraph(document, "{{ count }}", "Qeyd").paragraph_format.keep_with_next = True
    sealed_signature(document, profile)
    return Template(
        name="klaster-tedbirler-plani.v1",
        title="İxtisaslaşmış təşkilatın tədbirlər planı",
        sources=("003 §4.5", "003 Əlavə 3"),
        variables=("line", "approved", "period", "cluster", "groups", "count", "signatory", "seal"),
        profile=profile,
        document=document,
        reconstructed=("page profile, and the line under the table that counts the measures: not in Əlavə 3",),
    )
