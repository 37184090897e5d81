"""Template of ``klaster-umumi-yigincaq-protokolu`` (003 §4.4, §5.2)."""

from __future__ import annotations

from typing import Any

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
from template_kit.manifest import Template
from template_kit.oxml import printed
from template_kit.page import PageProfile, add_footer, blank
from template_kit.signatures import signature_table

_NUMBER = Column("№", 11, "{{ p.no }}", centred=True)


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile(table=11)
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    heading(document, "ÜMUMİ YIĞINCAĞIN PROTOKOLU", 1)
    paragraph(document, "{{ meeting.kind }}, № {{ meeting.number }}", "Ortada")
    paragraph(document, "{{ cluster }}", "Mövzu").paragraph_format.keep_with_next = True
    facts(
        document,
        (
            ("Keçirildiyi yer:", "{{ meeting.place }}", ""),
            ("Tarixi və vaxtı:", "{{ meeting.date }}, {{ meeting.opens }}–{{ meeting.closes }}", ""),
            ("Sədrlik edib:", "{{ meeting.chair }}", ""),
            ("Katib:", "{{ meeting.secretary }}", ""),
        ),
        40,
        profile,
    )
    _attendance(document)
    _agenda(document)
    _items(document)
    tag(document, "if annexes")
    heading(document, "Əlavələr", 2)
    tag(document, "for a in annexes")
    paragraph(document, "{{ a.no }}. {{ a.title }}")
    tag(document, "endfor")
    tag(document, "endif")
    heading(document, "İmzalar", 2)
    signature_table(document, profile)
    return Template(
        name="klaster-umumi-yigincaq-protokolu.v1",
        title="Üzvlərin ümumi yığıncağının protokolu",
        sources=("003 §4.2", "003 §4.4", "003 §5.2"),
        variables=(
            "letterhead", "line", "meeting", "present", "absent", "invited", "quorum", "agenda", "items", "cluster",
            "annexes", "signatories",
        ),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 003 names the decisions of the meeting but gives no form of its protocol",),
    )  # fmt: skip


def _attendance(document: Any) -> None:
    heading(document, "İştirak edən üzvlər", 2)
    columns = (
        _NUMBER,
        Column("Təşkilat", 60, "{{ p.organisation }}"),
        Column("Nümayəndə, vəzifəsi", 54, ("{{ p.name }}", "{{ p.post }}")),
        Column("Nümayəndəliyin əsası", 45, "{{ p.authority }}"),
    )
    listing(document, columns, "for p in present")
    tag(document, "if absent")
    heading(document, "İştirak etməyən üzvlər", 2)
    missing = (
        _NUMBER,
        Column("Təşkilat", 60, "{{ p.organisation }}"),
        Column("Soyadı, adı, atasının adı", 54, "{{ p.name }}"),
        Column("Səbəb", 45, "{{ p.reason }}"),
    )
    listing(document, missing, "for p in absent")
    tag(document, "endif")
    tag(document, "if invited")
    heading(document, "Dəvət olunan şəxslər", 2)
    guests = (
        _NUMBER,
        Column("Soyadı, adı, atasının adı", 60, "{{ p.name }}"),
        Column("Təmsil etdiyi təşkilat, vəzifəsi", 99, ("{{ p.organisation }}", "{{ p.post }}")),
    )
    listing(document, guests, "for p in invited")
    tag(document, "endif")
    heading(document, "Yetərsay", 2)
    tag(document, "for line_ in quorum")
    paragraph(document, "{{ line_ }}")
    tag(document, "endfor")


def _agenda(document: Any) -> None:
    heading(document, "Gündəlik", 2)
    columns = (
        Column("№", 11, "{{ a.no }}", centred=True),
        Column("Məsələ", 76, "{{ a.title }}"),
        Column("Əsas", 43, "{{ a.clause }}"),
        Column("Məruzəçi", 40, "{{ a.reporter }}"),
    )
    listing(document, columns, "for a in agenda")


def _items(document: Any) -> None:
    heading(document, "Məsələlərin müzakirəsi", 2)
    tag(document, "for i in items")
    heading(document, "{{ i.no }}. {{ i.title }}", 3)
    labelled(document, "Məruzəçi:", "{{ i.reporter }}")
    tag(document, "if i.agreed")
    paragraph(document, "{{ i.agreed }}")
    tag(document, "endif")
    tag(document, "if i.discussion")
    paragraph(document, "Dinlənildi:", "Etiket")
    tag(document, "for text in i.discussion")
    paragraph(document, "{{ text }}")
    tag(document, "endfor")
    tag(document, "endif")
    tag(document, "if i.speakers")
    labelled(document, "Çıxış etdilər:", "{{ i.speakers }}")
    tag(document, "endif")
    tag(document, "if i.act")
    _act(document)
    tag(document, "else")
    paragraph(document, "Məsələ üzrə qərar səsə qoyulmamışdır.")
    tag(document, "endif")
    tag(document, "endfor")


def _act(document: Any) -> None:
    opening = paragraph(document, "{{ i.clause }} rəhbər tutularaq, ixtisaslaşdırılmış təşkilatın təklifi əsasında ")
    opening.add_run("{{ i.act.intro|lower }}").bold = True
    opening.paragraph_format.keep_with_next = True
    tag(document, "for text in i.act.text")
    paragraph(document, "{{ text }}")
    tag(document, "endfor")
    for label, name in (("Məsul icraçı:", "responsible"), ("İcra müddəti:", "term")):
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
