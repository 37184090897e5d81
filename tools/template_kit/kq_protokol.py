"""Template of ``kq-protokol`` (001 §5.6.7, §5.9)."""

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
    signature_table,
    single_row,
    tag,
)
from template_kit.manifest import Template
from template_kit.oxml import printed
from template_kit.page import PageProfile, add_footer, blank

_NUMBER = Column("№", 11, "{{ p.no }}", centred=True)
_PERSON = Column("Soyadı, adı, atasının adı", 50, "{{ p.name }}")
_POST = ("{{ p.organisation }}", "{{ p.post }}")


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile()
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    heading(document, "İCLASIN PROTOKOLU", 1)
    paragraph(document, "{{ meeting.kind }}, № {{ meeting.number }}", "Ortada")
    _meeting(document, profile)
    _attendance(document)
    _agenda(document)
    _items(document)
    _annexes(document)
    heading(document, "İmzalar", 2)
    signature_table(document, profile)
    return Template(
        name="kq-protokol.v1",
        title="İclasın protokolu",
        sources=("001 §5.6.7", "001 §5.9"),
        variables=(
            "letterhead", "line", "meeting", "present", "delegates", "absent", "invited", "quorum", "agenda", "items",
            "annexes", "signatories",
        ),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 001 names what a protocol records but gives no form",),
    )  # fmt: skip


def _meeting(document: Any, profile: PageProfile) -> None:
    facts(
        document,
        (
            ("Keçirildiyi yer:", "{{ meeting.place }}", ""),
            ("Tarixi:", "{{ meeting.date }}", ""),
            ("Başlanma vaxtı:", "{{ meeting.opens }}", ""),
            ("Bitmə vaxtı:", "{{ meeting.closes }}{% if meeting.closes_on %} ({{ meeting.closes_on }}){% endif %}", ""),
            ("İclasa sədrlik edib:", "{{ meeting.chair }} ({{ meeting.chair_role }})", ""),
            ("İclasın katibi:", "{{ meeting.secretary }}, {{ meeting.secretary_post }}", ""),
            ("Sənədlərin üzvlərə təqdim edildiyi tarix:", "{{ meeting.delivered }}", ""),
            ("Müddətə əməl edilməməsinin səbəbi:", "{{ meeting.late_reason }}", "meeting.late_reason"),
        ),
        58,
        profile,
    )


def _attendance(document: Any) -> None:
    heading(document, "İştirak edən üzvlər", 2)
    name = Column(_PERSON.title, 55, ("{{ p.name }}", "{%p if p.role %}", "({{ p.role }})", "{%p endif %}"))
    post = "Təmsil etdiyi orqan (qurum), vəzifəsi"
    listing(document, (_NUMBER, name, Column(post, 104, _POST)), "for p in present")
    tag(document, "if delegates")
    heading(document, "Nümayəndəsi vasitəsilə iştirak edən üzvlər", 2)
    member = Column("Üzv", 56, ("{{ p.name }}", "{{ p.organisation }}"))
    delegate = Column("Nümayəndə", 60, ("{{ p.delegate }}", "{{ p.delegate_post }}"))
    power = Column("Etibarnamənin tarixi və nömrəsi", 43, "{{ p.power }}")
    listing(document, (_NUMBER, member, delegate, power), "for p in delegates")
    tag(document, "endif")
    heading(document, "İştirak etməyən üzvlər", 2)
    tag(document, "if absent")
    reason = Column("Səbəb", 48, "{{ p.reason }}")
    listing(document, (_NUMBER, _PERSON, Column(post, 61, _POST), reason), "for p in absent")
    tag(document, "else")
    paragraph(document, "Bütün üzvlər iclasda iştirak etmişdir.")
    tag(document, "endif")
    heading(document, "Dəvət olunan şəxslər", 2)
    tag(document, "if invited")
    listing(document, (_NUMBER, _PERSON, Column("Təmsil etdiyi təşkilat, vəzifəsi", 109, _POST)), "for p in invited")
    tag(document, "else")
    paragraph(document, "İclasa digər şəxslər dəvət edilməmişdir.")
    tag(document, "endif")
    heading(document, "Yetərsay", 2)
    tag(document, "for line_ in quorum")
    paragraph(document, "{{ line_ }}")
    tag(document, "endfor")


def _agenda(document: Any) -> None:
    heading(document, "Gündəlik", 2)
    columns = (
        Column("№", 11, "{{ a.no }}", centred=True),
        Column("Məsələ", 109, "{{ a.title }}"),
        Column("Məruzəçi", 50, "{{ a.reporter }}"),
    )
    listing(document, columns, "for a in agenda")


def _items(document: Any) -> None:
    heading(document, "Məsələlərin müzakirəsi", 2)
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
    tag(document, "if i.speakers")
    labelled(document, "Çıxış etdilər:", "{{ i.speakers }}")
    tag(document, "endif")
    tag(document, "if i.act")
    _act(document)
    tag(document, "else")
    _execution(document)
    paragraph(document, "Məsələ üzrə akt səsə qoyulmamışdır.")
    tag(document, "endif")
    tag(document, "endfor")


def _act(document: Any) -> None:
    paragraph(document, "{{ i.act.intro }}", "Etiket")
    tag(document, "for text in i.act.text")
    paragraph(document, "{{ text }}")
    tag(document, "endfor")
    _execution(document)
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


def _execution(document: Any) -> None:
    for label, name in (("Ünvanlanır:", "addressee"), ("Məsul icraçı:", "responsible"), ("İcra müddəti:", "term")):
        tag(document, f"if i.{name}")
        labelled(document, label, printed(f"i.{name}"), "İcra")
        tag(document, "endif")


def _annexes(document: Any) -> None:
    tag(document, "if annexes")
    heading(document, "Əlavələr", 2)
    tag(document, "for a in annexes")
    paragraph(document, "{{ a.no }}. {{ a.title }}")
    tag(document, "endfor")
    tag(document, "endif")
