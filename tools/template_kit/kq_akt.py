"""Templates of ``kq-qerar``, ``kq-teklif`` and ``kq-tovsiye`` (001 §5.9.4, §5.10)."""

from __future__ import annotations

from docx.shared import Pt

from template_kit.blocks import heading, labelled, letterhead, paragraph, single_signature, tag
from template_kit.manifest import Template
from template_kit.oxml import printed
from template_kit.page import PageProfile, add_footer, blank


def build(name: str, title: str, caption: str) -> Template:
    """The template of one kind of act; ``caption`` in capitals."""
    profile = PageProfile()
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    heading(document, caption, 1)
    paragraph(document, "{{ subject }}", "Mövzu")
    tag(document, "for name in addressees")
    paragraph(document, "{{ name }}", "Ünvan")
    tag(document, "endfor")
    opening = paragraph(document, "{{ preamble }} ")
    opening.add_run("{{ verb }}").bold = True
    opening.paragraph_format.keep_with_next = True
    opening.paragraph_format.space_before = Pt(8)
    tag(document, "for text_ in text")
    paragraph(document, "{{ text_ }}")
    tag(document, "endfor")
    for label, variable in (("Məsul icraçı:", "responsible"), ("İcra müddəti:", "term")):
        tag(document, f"if {variable}")
        labelled(document, label, printed(variable), "İcra")
        tag(document, "endif")
    labelled(document, "Əsas:", "{{ source.protocol }}", "Mənbə").paragraph_format.space_before = Pt(10)
    labelled(document, "Protokolun SHA-256 nəzarət cəmi:", "{{ source.sha256 }}", "Mənbə")
    spacer = paragraph(document, "", "Mənbə")
    spacer.paragraph_format.space_after = Pt(8)
    single_signature(document, profile)
    return Template(
        name=f"{name}.v1",
        title=title,
        sources=("001 §5.9.4", "001 §5.10"),
        variables=(
            "letterhead", "line", "subject", "addressees", "preamble", "verb", "text", "responsible", "term", "source",
            "signatory",
        ),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 001 names the kinds of act but gives no form",),
    )  # fmt: skip
