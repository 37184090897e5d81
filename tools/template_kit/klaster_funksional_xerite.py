"""Template of ``klaster-funksional-xerite`` (003 §5.3, Əlavə 7–10): A3 sheets, then the note on A4."""

from __future__ import annotations

from typing import Any

from docx.shared import Pt

from template_kit.blocks import Column, approved, grouped_listing, heading, listing, paragraph, tag
from template_kit.development import closing
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank
from template_kit.sections import new_section, page_break_before, section_footer

SHEETS = PageProfile(left=20, right=20, top=15, bottom=15, text=12, table=9, paper="A3", landscape=True, spacing=1.5)
NOTE = PageProfile(left=30, right=10, top=20, bottom=20, text=12, table=9, spacing=1.5)
_NUMBER = "№ {{ line.number }}"


def build() -> Template:
    """The template with its manifest."""
    document = blank(SHEETS)
    add_footer(document, SHEETS, _NUMBER)
    _cover(document)
    _sheets(document)
    new_section(document, NOTE)
    section_footer(document, NOTE, _NUMBER)
    _note(document)
    return Template(
        name="klaster-funksional-xerite.v1",
        title="Sənaye klasterinin funksional xəritəsi",
        sources=("003 §5.2", "003 §5.3", "003 Əlavə 7", "003 Əlavə 8", "003 Əlavə 9", "003 Əlavə 10"),
        variables=(
            "line", "approved", "cluster", "territory", "year", "sheets", "places", "note", "formulas", "calculations",
            "deliveries", "composition", "effects", "signatory", "seal",
        ),
        profile=SHEETS,
        document=document,
        reconstructed=(
            "drawings of Əlavə 7 to 10: the source has their legends only",
            "arrow styles and colours of the legends: the signs of the source are lost",
            "Kkoop: named in 003 §5.3.3 and Əlavə 8 without a formula; here the cluster's share of a final producer's "
            "purchases",
            "territorial scheme (003 §5.3.1): a list by settlement; a cartographic base is the secretariat's to add",
            "line above the signatures: the year that the figures are of",
            "layout of the explanatory note: 003 §5.3.3 gives its content, type size and length",
        ),
    )  # fmt: skip


def _cover(document: Any) -> None:
    approved(document, SHEETS)
    made = heading(document, "{{ cluster }}\nfunksional xəritəsi", 1)
    made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(90), Pt(12)
    paragraph(document, "Yerləşdirilmə ərazisi: {{ territory }}", "Ortada")
    paragraph(document, "Göstəricilər: {{ year }} ilin anketləri üzrə", "Ortada")
    heading(document, "Vərəqlərin siyahısı", 2)
    columns = (Column("№", 20, "{{ s.no }}", centred=True), Column("Sxem", SHEETS.width - 20, "{{ s.title }}"))
    listing(document, columns, "for s in sheets")


def _sheets(document: Any) -> None:
    tag(document, "for s in sheets")
    page_break_before(heading(document, "{{ s.no }} {{ s.title }}", 2))
    paragraph(document, "{{ s.picture|picture }}", "Ortada")
    tag(document, "if s.legend")
    paragraph(document, "Şərti işarələr", "Etiket")
    mark, text = 28.0, (SHEETS.width - 56.0) / 2
    columns = (
        Column("İşarə", mark, "{{ g.mark }}"), Column("Mənası", text, "{{ g.text }}"),
        Column("İşarə", mark, "{{ g.other_mark }}"), Column("Mənası", text, "{{ g.other_text }}"),
    )  # fmt: skip
    listing(document, columns, "for g in s.legend")
    tag(document, "endif")
    tag(document, "endfor")


def _note(document: Any) -> None:
    width = NOTE.width
    heading(document, "{{ cluster }}\nfunksional xəritəsinə izahlı qeyd", 1)
    tag(document, "for n in note")
    heading(document, "{{ loop.index }}. {{ n.title }}", 3)
    tag(document, "for text_ in n.text")
    paragraph(document, "{{ text_ }}")
    tag(document, "endfor")
    tag(document, "endfor")
    heading(document, "Ərazi üzrə yerləşmə", 3)
    columns = (
        Column("Təşkilatın adı", 62, "{{ r.name }}"), Column("Növü", 48, "{{ r.kind }}"),
        Column("İxtisaslaşması", width - 110, "{{ r.role }}"),
    )  # fmt: skip
    grouped_listing(document, columns, "for p in places", "{{ p.title }}", "for r in p.rows")
    heading(document, "Kooperativ əlaqələr", 3)
    links = (
        Column("Təchizatçı", 52, "{{ d.supplier }}"), Column("Alıcı", 52, "{{ d.buyer }}"),
        Column("Məhsul, iş, xidmət", width - 128, "{{ d.goods }}"),
        Column("Həcmi, mln. manat", 24, "{{ d.value }}", centred=True),
    )  # fmt: skip
    listing(document, links, "for d in deliveries")
    heading(document, "Göstəricilərin hesablanması", 3)
    tag(document, "for text_ in formulas")
    paragraph(document, "{{ text_ }}")
    tag(document, "endfor")
    _calculations(document, width)
    tag(document, "if composition")
    heading(document, "Son məhsulun tərkibi", 3)
    tag(document, "for text_ in composition")
    paragraph(document, "{{ text_ }}")
    tag(document, "endfor")
    tag(document, "endif")
    heading(document, "Birgə layihələrin təsiri (1 – əvvəl, 2 – sonra)", 3)
    columns = (
        Column("Müəssisə", width - 90, "{{ r.name }}"),
        *(
            Column(title, 30, ("{%p for x in r." + field + " %}", "{{ x }}", "{%p endfor %}"), centred=True)
            for title, field in (("Göstərici", "letters"), ("1", "before"), ("2", "after"))
        ),
    )
    grouped_listing(document, columns, "for e in effects", "{{ e.title }}", "for r in e.rows")
    last = paragraph(document, "Göstəricilər {{ year }} ilin anketləri üzrə hesablanmışdır.", "İcra")
    last.paragraph_format.space_before, last.paragraph_format.space_after = Pt(8), Pt(14)
    closing(document, NOTE)


def _calculations(document: Any, width: float) -> None:
    fields = (
        ("A, %", "a"),
        ("B, %", "b"),
        ("C, %", "c"),
        ("Ç", "added"),
        ("D", "volume"),
        ("E", "imports"),
        ("Kkoop", "kkoop"),
    )
    each = 14.0
    columns = (
        Column("№", 9, "{{ c.no }}", centred=True),
        Column("Müəssisə", width - 9 - 19 - each * len(fields), "{{ c.name }}"),
        Column("Mərhələ", 19, "{{ c.stage }}", centred=True),
        *(Column(title, each, "{{ c." + field + " }}", centred=True) for title, field in fields),
    )
    listing(document, columns, "for c in calculations")
