"""Template of ``birge-layihe-pasportu`` (003 Əlavə 11)."""

from __future__ import annotations

from docx.shared import Pt

from template_kit.blocks import heading, paragraph
from template_kit.development import closing, financing_table, passport_rows, targets_table
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile(text=12, table=10)
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    heading(document, "{{ cluster }} iştirakçılarının\n«{{ project.name }}» birgə layihəsinin pasportu", 1)
    heading(document, "Birgə layihənin ümumi xarakteristikası", 2)
    passport_rows(document, profile.width, "project.rows")
    heading(document, "Birgə layihənin ehtiyat təminatı", 2)
    paragraph(document, "Maliyyələşdirmə həcmi, min manat", "Təsdiq")
    financing_table(document, profile.width, "project", "Maliyyə mənbələri")
    heading(document, "Birgə layihənin icrasının səmərəliliyinin məqsəd göstəriciləri", 2)
    targets_table(document, profile.width, "project.targets")
    last = paragraph(document, "Pasport «{{ project.name }}» birgə layihəsi üzrə tərtib edilmişdir.", "İcra")
    last.paragraph_format.space_before, last.paragraph_format.space_after = Pt(8), Pt(10)
    closing(document, profile)
    return Template(
        name="birge-layihe-pasportu.v1",
        title="Birgə layihənin pasportu",
        sources=("003 §5.7.5 a)", "003 Əlavə 11"),
        variables=("line", "cluster", "project", "signatory", "seal"),
        profile=profile,
        document=document,
        reconstructed=(
            "page profile: Əlavə 11 gives the form without paper size, margins and type",
            "line above the signatures: it names the project where they stand on a page of their own",
        ),
    )
