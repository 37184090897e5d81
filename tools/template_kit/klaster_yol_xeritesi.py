"""Template of ``klaster-yol-xeritesi`` (003 §2, Əlavə 1)."""

from __future__ import annotations

from template_kit.blocks import Column, approval, grouped_listing, heading, paragraph
from template_kit.cluster import LANDSCAPE, dated_signature, spacer
from template_kit.manifest import Template
from template_kit.page import add_footer, blank

_COLUMNS = (
    Column("№", 14, "{{ s.no }}", centred=True),
    Column("Tədbirin adı", 74, "{{ s.title }}"),
    Column("Keçirilmə müddəti", 30, "{{ s.term }}", centred=True),
    Column("Məsul icraçısı", 46, "{{ s.executor }}"),
    Column("Sənəd", 48, "{{ s.document }}"),
    Column("Gözlənilən nəticə", 50, "{{ s.result }}"),
)


def build() -> Template:
    """The template with its manifest."""
    profile = LANDSCAPE
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    approval(document, profile, "approver")
    heading(document, "{{ cluster }} yaradılması üzrə tədbirlər planı (“yol xəritəsi”)", 1)
    spacer(document)
    grouped_listing(document, _COLUMNS, "for stage in stages", "{{ stage.title }}", "for s in stage.steps")
    note = paragraph(document, "{{ terms }}", "Qeyd")
    note.paragraph_format.keep_with_next = True
    dated_signature(document, profile)
    return Template(
        name="klaster-yol-xeritesi.v1",
        title="Sənaye klasterinin yaradılması üzrə tədbirlər planı (“yol xəritəsi”)",
        sources=("003 §2", "003 Əlavə 1"),
        variables=("line", "cluster", "stages", "terms", "approver", "signatory"),
        profile=profile,
        document=document,
        reconstructed=(
            "approval mark of the head of the executive body: 003 §2.2 names the approval, Əlavə 1 has no place for it",
            "line with the terms of the stages under the table: from the stage table of 003 §2.4",
        ),
    )
