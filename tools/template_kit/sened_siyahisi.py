"""Template of ``sened-siyahisi`` (004 §5.1.8)."""

from __future__ import annotations

from template_kit.blocks import Column, heading, letterhead, listing, paragraph, tag
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank
from template_kit.signatures import single_signature


def build() -> Template:
    """The template with its manifest: a list of documents, or a register with the dispatch of each."""
    profile = PageProfile(left=20, right=15, top=15, bottom=15, table=10, landscape=True)
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    heading(document, "{{ caption }}", 1)
    paragraph(document, "{{ period }}", "Ortada")
    number = Column("№", 11, "{{ d.no }}", centred=True)
    paper = Column("Sənədin nömrəsi və tarixi", 48, ("{{ d.number }}", "{{ d.date }}"))
    tag(document, "if dispatch")
    listing(
        document,
        (
            number,
            paper,
            Column("Sənədin adı", 38, "{{ d.title }}"),
            Column("Kimə göndərilib", 70, "{{ d.addressee }}"),
            Column(
                "Göndərilmə üsulu və tarixi", 40,
                ("{{ d.channel }}", "{%p if d.reference %}", "№ {{ d.reference }}", "{%p endif %}", "{{ d.sent }}"),
            ),
            Column("Çatdırılmanın təsdiqi və tarixi", 55, ("{{ d.proof }}", "{{ d.delivered }}")),
        ),
        "for d in documents",
    )  # fmt: skip
    sums = "Reyestrdə cəmi {{ total }} göndəriş, o cümlədən çatdırılması təsdiq edilmiş {{ delivered }} göndəriş."
    paragraph(document, sums, "Qeyd").paragraph_format.keep_with_next = True
    tag(document, "else")
    listing(
        document,
        (
            number,
            paper,
            Column("Sənədin adı", 103, "{{ d.title }}"),
            Column("Faylın SHA-256 nəzarət cəmi", 100, "{{ d.sha256 }}"),
        ),
        "for d in documents",
    )
    paragraph(document, "Siyahıda cəmi {{ total }} sənəd.", "Qeyd").paragraph_format.keep_with_next = True
    tag(document, "endif")
    paragraph(document, "", "Mənbə")
    single_signature(document, profile)
    return Template(
        name="sened-siyahisi.v1",
        title="Sənədlərin siyahısı (göndərilmə reyestri)",
        sources=("004 §5.1.8", "004 §5.1.9"),
        variables=(
            "letterhead",
            "line",
            "caption",
            "period",
            "dispatch",
            "documents",
            "total",
            "delivered",
            "signatory",
        ),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 004 names the register but gives no form",),
    )
