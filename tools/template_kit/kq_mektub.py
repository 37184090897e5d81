"""Template of ``kq-mektub`` (001 §5.3.2, §3.1.1)."""

from __future__ import annotations

from typing import Any

from docx.shared import Pt

from template_kit.blocks import facts, labelled, letterhead, paragraph, tag
from template_kit.manifest import Template
from template_kit.oxml import printed
from template_kit.page import PageProfile, add_footer, blank
from template_kit.signatures import single_signature


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile()
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    paragraph(document, "", "Mənbə")
    tag(document, "if reply_to")
    paragraph(document, "{{ reply_to }}", "Mənbə")
    tag(document, "endif")
    for name in ("organisation", "post", "name"):
        tag(document, f"if addressee.{name}")
        paragraph(document, printed(f"addressee.{name}"), "Ünvan")
        tag(document, "endif")
    subject = paragraph(document, "{{ subject }}", "Mövzu")
    subject.paragraph_format.space_before = Pt(14)
    subject.paragraph_format.keep_with_next = True
    tag(document, "if opening")
    paragraph(document, "{{ opening }}").paragraph_format.keep_with_next = True
    tag(document, "endif")
    _recommendation(document, profile)
    tag(document, "for text_ in text")
    paragraph(document, "{{ text_ }}")
    tag(document, "endfor")
    tag(document, "if closing")
    paragraph(document, "{{ closing }}").paragraph_format.keep_with_next = True
    tag(document, "endif")
    _annexes(document)
    spacer = paragraph(document, "", "Mənbə")
    spacer.paragraph_format.space_after = Pt(8)
    single_signature(document, profile)
    tag(document, "if executor")
    foot = paragraph(document, "İcraçı: {{ executor.name }}", "İmza qeydi")
    foot.paragraph_format.space_before = Pt(14)
    foot.paragraph_format.keep_with_next = True
    paragraph(document, "{{ executor.phone }}", "İmza qeydi")
    tag(document, "endif")
    return Template(
        name="kq-mektub.v1",
        title="Məktub",
        sources=("001 §5.3.2", "001 §3.1.1"),
        variables=(
            "letterhead", "line", "reply_to", "addressee", "subject", "opening", "recommendation", "text", "closing",
            "annexes", "signatory", "executor",
        ),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 001 names letters but gives no form",),
    )  # fmt: skip


def _recommendation(document: Any, profile: PageProfile) -> None:
    tag(document, "if recommendation")
    rows = (
        ("Tövsiyənin nömrəsi:", "{{ recommendation.number }}", ""),
        ("Tövsiyənin tarixi:", "{{ recommendation.date }}", ""),
        ("SHA-256 nəzarət cəmi:", "{{ recommendation.sha256 }}", ""),
        ("Ünvanlandığı orqan (qurum):", "{{ recommendation.addressee }}", ""),
        ("Məsələ:", "{{ recommendation.subject }}", ""),
        ("İcra müddəti:", "{{ recommendation.term }}", "recommendation.term"),
        ("Cavab məktubu:", "{{ recommendation.answer }}", ""),
        ("Əməl edilmədiyi qeydə alınıb:", "{{ recommendation.recorded_on }}", ""),
    )
    facts(document, rows, 58, profile)
    paragraph(document, "Tövsiyəyə əməl edilməməsinin səbəbi:", "Etiket").paragraph_format.space_before = Pt(8)
    tag(document, "for text_ in recommendation.reason")
    paragraph(document, "{{ text_ }}")
    tag(document, "endfor")
    tag(document, "endif")


def _annexes(document: Any) -> None:
    tag(document, "if annexes")
    labelled(document, "Əlavələr:", "", "Etiket")
    tag(document, "for a in annexes")
    line = "{{ a.no }}. {{ a.title }}{% if a.sheets %} – {{ a.sheets }}{% endif %}"
    tag(document, "if loop.last")
    paragraph(document, line, "İcra")
    tag(document, "else")
    paragraph(document, line, "Cədvəl")
    tag(document, "endif")
    tag(document, "endfor")
    tag(document, "endif")
