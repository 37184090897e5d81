"""Template of ``suret`` (004 §5.1.3, 003 §2)."""

from __future__ import annotations

from docx.enum.text import WD_BREAK
from docx.shared import Pt

from template_kit.blocks import (
    Column,
    form,
    heading,
    letterhead,
    listing,
    paragraph,
    tag,
)
from template_kit.by_hand import signed_by_hand
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank
from template_kit.qr import verification_block
from template_kit.signatures import single_signature

_ROWS = (
    ("Sənədin adı", "{{ original.title }}", ""),
    ("Nömrəsi və tarixi", "{{ original.reference }}", ""),
    ("Həcmi", "{{ original.volume }}", ""),
    ("Saxlandığı iş", "{{ original.case }}", ""),
    ("Nəzarət (SHA-256)", "{{ original.sha256 }}", ""),
    ("Surəti təsdiq edən", ("{{ certifier.name }}", "{{ certifier.post }}"), ""),
    ("Təsdiq tarixi", "{{ line.date }}", ""),
)
_LINES = (
    "Surətin yoxlanılması: QR kodu oxudun və ya ünvanı açın.",
    "Ünvan: {{ verification.address }}",
    "Yoxlama kodu: {{ verification.code }}",
    "Yoxlamada surətin və əslin nömrəsi, vəziyyəti, imzalayanları və nəzarət cəmi göstərilir; sənədin məzmunu açılmır.",
)


def build() -> Template:
    profile = PageProfile(text=11, table=10, top=15, bottom=15)
    document = blank(profile)
    add_footer(document, profile, "Surət № {{ line.number }} · {{ verification.code }}")
    tag(document, "for sheet in sheets")
    paragraph(document, "", "İmza yeri").add_run().add_break(WD_BREAK.PAGE)
    tag(document, "endfor")
    letterhead(document, profile)
    heading(document, "TƏSDİQ EDİLMİŞ SURƏT", 1)
    paragraph(document, "ƏSLİ İLƏ DÜZDÜR", "Mövzu")
    tag(document, "for text_ in statement")
    paragraph(document, "{{ text_ }}")
    tag(document, "endfor")
    form(document, _ROWS, 38.0, profile)
    paragraph(document, "Əsli imzalayanlar", "Etiket").paragraph_format.space_before = Pt(10)
    listing(
        document,
        (
            Column("№", 10.0, "{{ s.number }}", centred=True),
            Column("İmza sahibi", 55.0, ("{{ s.name }}", "{%p if s.basis %}", "{{ s.basis }}", "{%p endif %}")),
            Column("Vəzifəsi", profile.width - 103.0, "{{ s.role }}"),
            Column("İmzalanma vaxtı", 38.0, "{{ s.signed_at }}"),
        ),
        "for s in signatories",
    )
    paragraph(document, "", "İmza yeri")
    tag(document, "if electronic")
    single_signature(document, profile, "seal")
    tag(document, "endif")
    tag(document, "if not electronic")
    signed_by_hand(document, profile, "certifier")
    tag(document, "endif")
    paragraph(document, "", "İmza yeri")
    verification_block(document, profile, "verification.address", _LINES)
    return Template(
        name="suret.v1",
        title="Təsdiq edilmiş surət",
        sources=("004 §5.1.3", "003 §2"),
        variables=(
            "letterhead", "line", "electronic", "sheets", "statement", "original", "signatories", "certifier",
            "seal", "verification",
        ),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 004 and 003 ask for certified copies but give no form",),
    )  # fmt: skip
