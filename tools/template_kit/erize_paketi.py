"""Template of ``erize-paketi`` (003 §2 stage table, §6)."""

from __future__ import annotations

from docx.shared import Pt

from template_kit.blocks import Column, grouped_listing, heading, letterhead, paragraph, tag
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank
from template_kit.signatures import signature_table


def build() -> Template:
    profile = PageProfile(text=12, table=9, left=20, landscape=True)
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    made = paragraph(document, "{{ addressee }}", "Ünvan")
    made.paragraph_format.space_before = Pt(6)
    heading(document, "SƏNƏDLƏR PAKETİNİN SİYAHISI", 1)
    text = "{{ cluster.genitive }} tələblərə uyğunluğunun yoxlanılması üçün təqdim edilən sənədlər"
    paragraph(document, text, "Mövzu").paragraph_format.keep_with_next = True
    owner = ("{%p if r.owner %}", "{{ r.owner }}", "{%p endif %}")
    grouped_listing(
        document,
        (
            Column("№", 9, "{{ r.number }}", centred=True),
            Column("Sənədin adı", 68, ("{{ r.title }}", *owner, "({{ r.clause }})")),
            Column("Nömrəsi və tarixi", 34, "{{ r.reference }}"),
            Column("Forması", 22, "{{ r.form }}"),
            Column("Səhifə sayı", 14, "{{ r.pages }}", centred=True),
            Column("Fayl və SHA-256 nəzarət cəmi", profile.width - 147, ("{{ r.file }}", "{{ r.sha256 }}")),
        ),
        "for g in groups",
        "{{ g.title }}",
        "for r in g.rows",
        numbered=True,
    )
    total = paragraph(document, "Cəmi: {{ total.papers }} sənəd, {{ total.pages }} səhifə.")
    total.paragraph_format.space_before = Pt(8)
    total.paragraph_format.keep_with_next = True
    paragraph(
        document,
        "Siyahıda göstərilən hər bir sənədin faylı bu siyahı ilə birlikdə paketdə yerləşir; faylın dəyişdirilmədiyi "
        "onun nəzarət cəmi ilə yoxlanılır.",
    ).paragraph_format.keep_with_next = True
    tag(document, "if signatories")
    signature_table(document, profile)
    tag(document, "endif")
    return Template(
        name="erize-paketi.v1",
        title="Sənədlər paketinin siyahısı",
        sources=("003 §2", "003 §6.2", "003 §6.4"),
        variables=("letterhead", "line", "addressee", "cluster", "groups", "total", "signatories"),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 003 asks for the package and gives no form of its inventory",),
    )
