"""Template of ``klaster-yaradilmasi-sazisi`` (003 §5.8, Əlavə 13 §8)."""

from __future__ import annotations

from typing import Any

from docx.shared import Pt

from template_kit.agreement_text import SECTIONS
from template_kit.blocks import Column, form, heading, listing, paragraph
from template_kit.cluster import place_and_date, provisions, sections, spacer
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank
from template_kit.signatures import signature_table

_MEMBERS = (
    Column("№", 12, "{{ m.no }}", centred=True),
    Column("Təşkilatın adı, təşkilati-hüquqi forması", 58, "{{ m.name }}"),
    Column("Rekvizitlər / dövlət qeydiyyat nömrəsi", 36, "{{ m.requisites }}"),
    Column("Ünvan", 36, "{{ m.legal }}"),
    Column("Statusu", 28, "{{ m.capacity }}"),
)
_PARTIES = (
    Column("Tərəf", 50, "{{ p.name }}"),
    Column("Rekvizitlər", 40, "{{ p.requisites }}"),
    Column("Hüquqi ünvanı", 45, "{{ p.legal }}"),
    Column("Rəhbəri", 35, "{{ p.head }}"),
)


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile(text=13, table=11)
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    heading(document, "SAZİŞ", 1)
    paragraph(document, "{{ cluster.genitive }} yaradılması haqqında", "Mövzu").paragraph_format.keep_with_next = True
    place_and_date(document, profile)
    spacer(document)
    paragraph(
        document,
        "{{ parties }}, birlikdə Tərəflər adlandırılaraq, {{ cluster.genitive }} (bundan sonra – Klaster) yaradılması "
        "və inkişafı məqsədilə bu Sazişi bağladılar.",
    )
    sections(document, SECTIONS)
    heading(document, "14. Tərəflərin rekvizitləri", 2)
    listing(document, _PARTIES, "for p in requisites")
    heading(document, "15. Tərəflərin imzaları", 2)
    closing = "15.1. Tərəflər bu Sazişin məzmunu ilə tanış olmuş, onunla razılaşmış və Sazişi imzalamışlar."
    provisions(document, (closing,))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    signature_table(document, profile)
    _annexes(document, profile)
    return Template(
        name="klaster-yaradilmasi-sazisi.v1",
        title="Sənaye klasterinin yaradılması haqqında saziş",
        sources=("003 §5.8", "003 Əlavə 13 §8"),
        variables=(
            "line", "cluster", "parties", "territory", "product", "approval", "consent", "goal", "tasks", "results",
            "participants", "infrastructure", "organ", "scheme", "term", "requisites", "members", "functional_map",
            "signatories",
        ),
        profile=profile,
        document=document,
        reconstructed=(
            "wording of every provision: 003 §5.8 a)–c) and Əlavə 13 §8 name the contents and give no text; 8.1, 9 and "
            "10.1 carry §5.8 a), b) and c)",
        ),
    )  # fmt: skip


def _annexes(document: Any, profile: PageProfile) -> None:
    _annex(document, "1", "Klasterin iştirakçılarının və infrastrukturunun siyahısı")
    listing(document, _MEMBERS, "for m in members")
    _annex(document, "2", "Klasterin funksional xəritəsi")
    rows = (
        ("Sənədin nömrəsi", "{{ functional_map.number }}", ""),
        ("Sənədin tarixi", "{{ functional_map.date }}", ""),
        ("Təsdiq edilmişdir", "Üzvlərin ümumi yığıncağının {{ approval }} protokolu ilə", ""),
        ("SHA-256 nəzarət cəmi", "{{ functional_map.sha256 }}", ""),
    )
    form(document, rows, 50, profile)


def _annex(document: Any, number: str, title: str) -> None:
    opening = paragraph(document, "{{ cluster.genitive }} yaradılması haqqında Sazişə", "Ünvan")
    opening.paragraph_format.page_break_before = number == "1"
    opening.paragraph_format.keep_with_next = True
    opening.paragraph_format.space_before = Pt(18)
    paragraph(document, f"{number} nömrəli əlavə", "Ünvan").paragraph_format.keep_with_next = True
    heading(document, title, 2)
