"""Template of ``kq-bildiris`` (001 §5.6.1, §5.8)."""

from __future__ import annotations

from docx.shared import Pt

from template_kit.blocks import Column, facts, heading, letterhead, listing, paragraph, single_signature, tag
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile()
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    paragraph(document, "", "Mənbə")
    for text in ("{{ addressee.organisation }}", "{{ addressee.post }}", "{{ addressee.name }}"):
        paragraph(document, text, "Ünvan")
    heading(document, "İCLAS BARƏDƏ BİLDİRİŞ", 1)
    paragraph(document, "Hörmətli {{ addressee.greeting }}!", "Ortada")
    paragraph(document, "{{ opening }}").paragraph_format.keep_with_next = True
    rows = (
        ("İclas:", "{{ meeting.kind }}, № {{ meeting.number }}", ""),
        ("Yeri:", "{{ meeting.place }}", ""),
        ("Tarixi:", "{{ meeting.date }}", ""),
        ("Başlanma vaxtı:", "{{ meeting.opens }}", ""),
    )
    facts(document, rows, 45, profile)
    heading(document, "Gündəlik", 2)
    columns = (
        Column("№", 11, "{{ a.no }}", centred=True),
        Column("Məsələ", 109, "{{ a.title }}"),
        Column("Məruzəçi", 50, "{{ a.reporter }}"),
    )
    listing(document, columns, "for a in agenda")
    tag(document, "if materials")
    heading(document, "Əlavə olunan materiallar", 2)
    tag(document, "for m in materials")
    paragraph(document, "{{ m.no }}. {{ m.title }}")
    tag(document, "endfor")
    tag(document, "endif")
    _closing(document)
    single_signature(document, profile)
    return Template(
        name="kq-bildiris.v1",
        title="İclas barədə bildiriş",
        sources=("001 §5.6.1", "001 §5.8", "001 §5.11"),
        variables=(
            "letterhead", "line", "addressee", "opening", "meeting", "late", "agenda", "materials", "signatory",
        ),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 001 gives no form of the notice",),
    )  # fmt: skip


def _closing(document: object) -> None:
    paragraph(document, "", "Cədvəl")
    tag(document, "if late")
    paragraph(document, "{{ late }}")
    tag(document, "endif")
    tag(document, "if addressee.invited")
    invited = (
        "Sizi iclasda iştirak etməyə dəvət edirik. Əsasnamənin 5.11-ci bəndinə əsasən dəvət olunmuş şəxslərin yalnız "
        "təkliflər vermək və müvafiq məsələlərə dair rəy bildirmək hüquqları vardır."
    )
    paragraph(document, invited).paragraph_format.keep_with_next = True
    tag(document, "else")
    member = (
        "İclasda iştirak edə bilmədiyiniz təqdirdə səbəbi və etibarnamə əsasında Sizi təmsil edəcək nümayəndə barədə "
        "Koordinasiya Qrupunun Katibliyinə məlumat verməyiniz xahiş olunur."
    )
    paragraph(document, member).paragraph_format.keep_with_next = True
    tag(document, "endif")
    spacer = paragraph(document, "", "Mənbə")
    spacer.paragraph_format.space_after = Pt(8)
