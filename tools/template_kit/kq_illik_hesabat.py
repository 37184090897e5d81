"""Template of ``kq-illik-hesabat`` (001 §5.6.10, §5.7)."""

from __future__ import annotations

from typing import Any

from docx.shared import Pt

from template_kit.blocks import Column, heading, letterhead, listing, paragraph, tag
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank
from template_kit.signatures import signature_table


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile()
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    heading(document, "İLLİK HESABAT", 1)
    paragraph(document, "{{ year }}", "Ortada")
    paragraph(document, "{{ opening }}")
    _prose(document, "Hesabat ilində görülmüş işlər", "overview")
    _meetings(document)
    _attendance(document)
    _acts(document)
    _recommendations(document)
    for title, name in (("Qarşıya çıxan problemlər", "problems"), ("Növbəti il üçün təkliflər", "proposals")):
        tag(document, f"if {name}")
        _prose(document, title, name, keep=True)
        tag(document, "endif")
    heading(document, "İmzalar", 2)
    signature_table(document, profile)
    return Template(
        name="kq-illik-hesabat.v1",
        title="İllik hesabat",
        sources=("001 §5.6.10", "001 §5.7", "001 §5.9.2"),
        variables=(
            "letterhead", "line", "year", "opening", "overview", "meetings", "meetings_line", "periods", "members",
            "acts", "items_line", "recommendations", "recommendations_line", "problems", "proposals", "signatories",
        ),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 001 gives no form of the report",),
    )  # fmt: skip


def _prose(document: Any, title: str, name: str, *, keep: bool = False) -> None:
    """A section of paragraphs; ``keep``: they stay with the signatures that may follow."""
    heading(document, title, 2)
    tag(document, f"for text in {name}")
    paragraph(document, "{{ text }}").paragraph_format.keep_with_next = keep or None
    tag(document, "endfor")


def _meetings(document: Any) -> None:
    heading(document, "İclaslar", 2)
    paragraph(document, "{{ meetings_line }}")
    tag(document, "if meetings")
    columns = (
        Column("№", 15, "{{ m.no }}", centred=True),
        Column("Növü", 46, "{{ m.kind }}"),
        Column("Tarixi", 44, "{{ m.date }}", centred=True),
        Column("İştirak", 21, "{{ m.attending }}", centred=True),
        Column("Yetərsay", 24, "{{ m.quorum }}", centred=True),
        Column("Məsələ", 20, "{{ m.items }}", centred=True),
    )
    listing(document, columns, "for m in meetings")
    tag(document, "endif")
    tag(document, "if periods")
    kept = paragraph(document, "Əsasnamənin 5.9.2-ci yarımbəndinin (6 ayda bir dəfədən az olmayaraq) icrası:", "Etiket")
    kept.paragraph_format.space_before = Pt(8)
    tag(document, "for line_ in periods")
    paragraph(document, "{{ line_ }}")
    tag(document, "endfor")
    tag(document, "endif")


def _attendance(document: Any) -> None:
    tag(document, "if members")
    heading(document, "Üzvlərin iclaslarda iştirakı", 2)
    columns = (
        Column("№", 11, "{{ p.no }}", centred=True),
        Column("Üzv, təmsil etdiyi orqan (qurum)", 69, ("{{ p.name }}", "{{ p.organisation }}")),
        Column("İclas", 17, "{{ p.meetings }}", centred=True),
        Column("Şəxsən", 22, "{{ p.in_person }}", centred=True),
        Column("Nümayəndə", 30, "{{ p.delegated }}", centred=True),
        Column("Yoxdur", 21, "{{ p.absent }}", centred=True),
    )
    listing(document, columns, "for p in members")
    tag(document, "endif")


def _acts(document: Any) -> None:
    heading(document, "Baxılmış məsələlər və qəbul edilmiş aktlar", 2)
    paragraph(document, "{{ items_line }}")
    columns = (
        Column("Aktın növü", 42, "{{ a.kind }}"),
        Column("Səsə qoyulub", 32, "{{ a.put_to_vote }}", centred=True),
        Column("Qəbul edilib", 32, "{{ a.adopted }}", centred=True),
        Column("Qəbul edilməyib", 32, "{{ a.not_adopted }}", centred=True),
        Column("Qüvvəyə minib", 32, "{{ a.issued }}", centred=True),
    )
    listing(document, columns, "for a in acts")


def _recommendations(document: Any) -> None:
    heading(document, "Tövsiyələrin icra vəziyyəti", 2)
    paragraph(document, "{{ recommendations_line }}")
    tag(document, "if recommendations")
    columns = (
        Column("№", 9, "{{ r.no }}", centred=True),
        Column("Tövsiyənin nömrəsi və tarixi", 47, ("{{ r.number }}", "{{ r.date }}")),
        Column("Ünvanlandığı orqan (qurum)", 37, "{{ r.addressee }}"),
        Column("İcra müddəti", 29, "{{ r.term }}", centred=True),
        Column("Nəticə", 48, ("{{ r.state }}", "{%p if r.appeals %}", "Müraciət: {{ r.appeals }}", "{%p endif %}")),
    )
    listing(document, columns, "for r in recommendations")
    tag(document, "endif")
