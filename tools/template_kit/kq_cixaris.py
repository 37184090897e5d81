"""Template of ``kq-cixaris`` (004 §5.1.3)."""

from __future__ import annotations

from typing import Any

from docx.shared import Pt

from template_kit.blocks import (
    Column,
    facts,
    heading,
    labelled,
    letterhead,
    listing,
    paragraph,
    single_row,
    tag,
)
from template_kit.by_hand import signed_by_hand
from template_kit.manifest import Template
from template_kit.oxml import printed
from template_kit.page import PageProfile, add_footer, blank
from template_kit.qr import verification_block
from template_kit.signatures import single_signature

_LINES = (
    "Çıxarışın yoxlanılması: QR kodu oxudun və ya ünvanı açın.",
    "Ünvan: {{ verification.address }}",
    "{%p if verification.code %}",
    "Yoxlama kodu: {{ verification.code }}",
    "{%p endif %}",
    "Yoxlamada sənədin nömrəsi, vəziyyəti, imzalayanları və nəzarət cəmi göstərilir; məzmunu açılmır.",
)
_ON_PAPER = (
    "Çıxarış kağız daşıyıcıda verilir və elektron imza daşımır: onun protokola uyğunluğu aşağıdakı ünvanda yoxlanılır."
)


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile()
    document = blank(profile)
    add_footer(
        document, profile, "Çıxarış № {{ line.number }}{% if certified.by_hand %} · {{ verification.code }}{% endif %}"
    )
    letterhead(document, profile)
    heading(document, "PROTOKOLDAN ÇIXARIŞ", 1)
    paragraph(document, "{{ meeting.kind }}, № {{ meeting.number }}", "Ortada")
    rows = (
        ("Mənbə:", "{{ source.protocol }}", ""),
        ("Protokolun SHA-256 nəzarət cəmi:", "{{ source.sha256 }}", ""),
        ("İclasın tarixi:", "{{ meeting.date }}", ""),
        ("Keçirildiyi yer:", "{{ meeting.place }}", ""),
        ("İclasa sədrlik edib:", "{{ meeting.chair }}", "meeting.chair"),
        ("İştirak edib:", "{{ meeting.members }} üzvdən {{ meeting.attending }} üzv", ""),
        ("Kimə verilir:", "{{ recipient }}", "recipient"),
        ("Verilmə məqsədi:", "{{ purpose }}", "purpose"),
    )
    facts(document, rows, 58, profile)
    _items(document)
    _certified(document, profile)
    return Template(
        name="kq-cixaris.v1",
        title="Protokoldan çıxarış",
        sources=("004 §5.1.3", "001 §5.6.8"),
        variables=(
            "letterhead", "line", "source", "meeting", "items", "signatures", "certified", "recipient", "purpose",
            "verification", "signatory",
        ),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 004 names extracts but gives no form",),
    )  # fmt: skip


def _items(document: Any) -> None:
    tag(document, "for i in items")
    heading(document, "{{ i.no }}. {{ i.title }}", 3)
    labelled(document, "Məruzəçi:", "{{ i.reporter }}")
    tag(document, "if i.restricted")
    paragraph(document, "Məsələyə dair məlumatların əldə edilməsi qanunla məhdudlaşdırılır.", "Qeyd")
    tag(document, "endif")
    tag(document, "if i.discussion")
    paragraph(document, "Dinlənildi:", "Etiket")
    tag(document, "for text in i.discussion")
    paragraph(document, "{{ text }}")
    tag(document, "endfor")
    tag(document, "endif")
    tag(document, "if i.act")
    paragraph(document, "{{ i.act.kind }}:", "Etiket")
    tag(document, "for text in i.act.text")
    paragraph(document, "{{ text }}")
    tag(document, "endfor")
    for label, name in (("Ünvanlanır:", "addressee"), ("Məsul icraçı:", "responsible"), ("İcra müddəti:", "term")):
        tag(document, f"if i.{name}")
        labelled(document, label, printed(f"i.{name}"), "İcra")
        tag(document, "endif")
    paragraph(document, "Səsvermənin nəticələri:", "Etiket")
    votes = (("Lehinə", "in_favour"), ("Əleyhinə", "against"), ("Bitərəf", "abstained"), ("Səs verməyib", "not_voting"))
    widths = (28, 28, 28, 40)
    counted = (
        Column(title, width, printed(f"i.act.{name}"), centred=True)
        for (title, name), width in zip(votes, widths, strict=True)
    )
    single_row(document, (*counted, Column("Nəticə", 46, "{{ i.act.outcome }}", centred=True)))
    tag(document, "if i.act.casting")
    paragraph(document, "{{ i.act.casting }}", "Qeyd")
    tag(document, "endif")
    tag(document, "else")
    paragraph(document, "Məsələ üzrə akt səsə qoyulmamışdır.")
    tag(document, "endif")
    tag(document, "endfor")


def _certified(document: Any, profile: PageProfile) -> None:
    tag(document, "if signatures")
    paragraph(document, "Protokolu imzalayanlar:", "Etiket").paragraph_format.space_before = Pt(12)
    name = ("{{ s.name }}", "{%p if s.in_place_of %}", "{{ s.in_place_of }}", "{%p endif %}")
    columns = (
        Column("№", 11, "{{ s.no }}", centred=True),
        Column("Soyadı, adı, atasının adı", 58, name),
        Column("Sifəti", 58, "{{ s.role }}"),
        Column("İmzanın vaxtı", 43, "{{ s.at }}", centred=True),
    )
    listing(document, columns, "for s in signatures")
    tag(document, "endif")
    words = paragraph(document, "{{ certified.words }}", "Etiket")
    words.paragraph_format.space_before = Pt(14)
    labelled(document, "Təsdiq edib:", "{{ certified.role }} {{ certified.name }}, {{ certified.post }}", "İcra")
    labelled(document, "Möhür:", "{{ certified.seal }} (VÖEN {{ certified.voen }})", "İcra")
    labelled(document, "Tarix:", "{{ line.date }}", "İcra")
    spacer = paragraph(document, "", "Mənbə")
    spacer.paragraph_format.space_after = Pt(6)
    tag(document, "if certified.by_hand")
    paragraph(document, _ON_PAPER).paragraph_format.keep_with_next = True
    signed_by_hand(document, profile, "certified")
    tag(document, "endif")
    tag(document, "if not certified.by_hand")
    single_signature(document, profile)
    tag(document, "endif")
    tag(document, "if verification")
    paragraph(document, "", "Mənbə")
    verification_block(document, profile, "verification.address", _LINES)
    tag(document, "endif")
