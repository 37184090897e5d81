"""Template of ``kq-derc`` (001 §5.6.3)."""

from __future__ import annotations

from docx.shared import Pt

from template_kit.blocks import heading, labelled, letterhead, paragraph, tag
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile()
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    heading(document, "İCLASDA MÜZAKİRƏ OLUNAN MƏSƏLƏLƏR BARƏDƏ MƏLUMAT", 1)
    paragraph(document, "{{ meeting.kind }}, № {{ meeting.number }}, {{ meeting.date }}", "Ortada")
    paragraph(document, "{{ opening }}")
    tag(document, "for i in items")
    heading(document, "{{ i.no }}. {{ i.title }}", 3)
    tag(document, "for text in i.discussion")
    paragraph(document, "{{ text }}")
    tag(document, "endfor")
    tag(document, "if i.act")
    paragraph(document, "{{ i.act.kind }} ({{ i.act.outcome|lower }}):", "Etiket")
    tag(document, "for text in i.act.text")
    paragraph(document, "{{ text }}")
    tag(document, "endfor")
    tag(document, "endif")
    tag(document, "endfor")
    tag(document, "if left_out")
    paragraph(document, "{{ left_out }}", "Qeyd").paragraph_format.space_before = Pt(12)
    tag(document, "endif")
    source = labelled(document, "Mənbə:", "{{ source }}", "Qeyd")
    source.paragraph_format.space_before = Pt(12)
    paragraph(
        document,
        "Mətn Əsasnamənin 5.6.3-cü yarımbəndinə əsasən Agentliyin rəsmi internet səhifəsində yerləşdirilmək üçün "
        "Katiblik tərəfindən hazırlanmışdır və imzalanmır.",
        "Qeyd",
    )
    return Template(
        name="kq-derc.v1",
        title="Saytda yerləşdirmə mətni",
        sources=("001 §5.6.3",),
        variables=("letterhead", "line", "meeting", "opening", "items", "left_out", "source"),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 001 gives no form of the text",),
        signatures=False,
    )
