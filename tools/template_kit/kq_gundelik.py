"""Template of ``kq-gundelik`` (001 §5.6.5)."""

from __future__ import annotations

from template_kit.blocks import Column, approval, facts, heading, labelled, letterhead, listing, paragraph
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile()
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    paragraph(document, "", "Mənbə")
    approval(document, profile)
    heading(document, "İCLASIN GÜNDƏLİYİ", 1)
    paragraph(document, "{{ meeting.kind }}, № {{ meeting.number }}", "Ortada")
    rows = (
        ("Keçirilmə yeri:", "{{ meeting.place }}", ""),
        ("Tarixi:", "{{ meeting.date }}", ""),
        ("Başlanma vaxtı:", "{{ meeting.opens }}", ""),
    )
    facts(document, rows, 45, profile)
    heading(document, "Məsələlər", 2)
    columns = (
        Column("№", 11, "{{ a.no }}", centred=True),
        Column("Məsələ", 72, "{{ a.title }}"),
        Column("Məruzəçi", 45, ("{{ a.reporter }}", "({{ a.reporter_role }})")),
        Column("Materiallar", 42, "{{ a.materials }}"),
    )
    listing(document, columns, "for a in agenda")
    paragraph(document, "", "Mənbə")
    labelled(document, "Tərtib edib:", "{{ secretary.role }} {{ secretary.name }}", "Qeyd")
    return Template(
        name="kq-gundelik.v1",
        title="İclasın gündəliyi",
        sources=("001 §5.6.5", "001 §5.8", "001 §5.9.3"),
        variables=("letterhead", "line", "meeting", "agenda", "secretary", "signatory"),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 001 gives no form of the agenda",),
    )
