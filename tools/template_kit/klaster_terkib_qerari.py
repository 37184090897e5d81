"""Template of ``klaster-terkib-qerari`` (003 §4.4 e), ə))."""

from __future__ import annotations

from docx.shared import Pt

from template_kit.blocks import heading, labelled, letterhead, paragraph, tag
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank
from template_kit.signatures import single_signature


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile()
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    heading(document, "QƏRAR", 1)
    paragraph(document, "{{ subject }}", "Mövzu").paragraph_format.keep_with_next = True
    opening = paragraph(document, "{{ preamble }} ")
    opening.add_run("qərara alır:").bold = True
    opening.paragraph_format.keep_with_next = True
    tag(document, "for text_ in text")
    paragraph(document, "{{ text_ }}")
    tag(document, "endfor")
    tag(document, "if reason")
    paragraph(document, "Xaric edilmənin əsası:", "Etiket")
    tag(document, "for text_ in reason")
    paragraph(document, "{{ text_ }}")
    tag(document, "endfor")
    tag(document, "endif")
    labelled(document, "Əsas:", "{{ source.protocol }}", "Mənbə").paragraph_format.space_before = Pt(10)
    labelled(document, "Protokolun SHA-256 nəzarət cəmi:", "{{ source.sha256 }}", "Mənbə")
    paragraph(document, "", "Mənbə").paragraph_format.space_after = Pt(8)
    single_signature(document, profile)
    return Template(
        name="klaster-terkib-qerari.v1",
        title="Təşkilatın klasterin tərkibinə daxil edilməsi və ya xaric edilməsi haqqında qərar",
        sources=("003 §4.4 e)", "003 §4.4 ə)", "003 §4.16"),
        variables=("letterhead", "line", "subject", "preamble", "reason", "text", "source", "signatory"),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 003 §4.4 names the decision but gives no form",),
    )
