"""Template of ``klaster-pasport`` (003 §6.4; Əlavə 14 reconstructed)."""

from __future__ import annotations

from template_kit.blocks import Column, heading, labelled, listing, paragraph, tag
from template_kit.cluster import spacer
from template_kit.development import closing
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile(text=12, table=10)
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    width = profile.width
    heading(document, "{{ cluster }}\nPASPORTU", 1)
    heading(document, "1. Ümumi məlumat", 2)
    lines = ("{%p for line_ in r.lines %}", "{{ line_ }}", "{%p endfor %}")
    columns = (
        Column("№", 11, "{{ r.no }}", centred=True), Column("Göstərici", 58, "{{ r.title }}"),
        Column("Məlumat", width - 69, lines),
    )  # fmt: skip
    listing(document, columns, "for r in general")
    heading(document, "2. İştirakçılar və infrastruktur", 2)
    columns = (
        Column("Təşkilatların növü", width - 30, "{{ k.title }}"), Column("Sayı", 30, "{{ k.count }}", centred=True),
    )  # fmt: skip
    listing(document, columns, "for k in kinds")
    labelled(document, "Cəmi:", "{{ members }}", "Qeyd")
    heading(document, "3. Klasterin əsas sənədləri və icra orqanları ilə sazişlər", 2)
    columns = (
        Column("Sənədin adı", width - 90, "{{ d.title }}"), Column("Nömrəsi", 42, "{{ d.number }}", centred=True),
        Column("Tarixi", 48, "{{ d.date }}", centred=True),
    )  # fmt: skip
    listing(document, columns, "for d in documents")
    tag(document, "if projects")
    heading(document, "4. Birgə layihələr", 2)
    columns = (
        Column("Layihənin adı", 58, "{{ p.name }}"), Column("Təşəbbüskarlar", width - 110, "{{ p.initiators }}"),
        Column("İcra müddəti", 26, "{{ p.term }}", centred=True),
        Column("Dəyəri, min manat", 26, "{{ p.cost }}", centred=True),
    )  # fmt: skip
    listing(document, columns, "for p in projects")
    tag(document, "endif")
    heading(document, "5. Əsas göstəricilər", 2)
    columns = (
        Column("№", 11, "{{ f.no }}", centred=True), Column("Göstərici", width - 11 - 3 * 26, "{{ f.title }}"),
        *(Column("{{ years[" + str(n) + "] }}", 26, "{{ f.values[" + str(n) + "] }}", centred=True) for n in range(3)),
    )  # fmt: skip
    listing(document, columns, "for f in figures")
    heading(document, "6. Tələblərə uyğunluq", 2)
    columns = (
        Column("№", 11, "{{ q.no }}", centred=True), Column("Tələb", 68, "{{ q.title }}"),
        Column("Faktiki vəziyyət", width - 111, "{{ q.value }}"), Column("Nəticə", 32, "{{ q.verdict }}", centred=True),
    )  # fmt: skip
    listing(document, columns, "for q in requirements")
    spacer(document, 6)
    stated = paragraph(document, "Pasportda göstərilən məlumatların düzgünlüyü təsdiq edilir.")
    stated.paragraph_format.keep_with_next = True
    closing(document, profile)
    return Template(
        name="klaster-pasport.v1",
        title="Sənaye klasterinin pasportu",
        sources=("003 §6.4", "003 Əlavə 13 §4", "003 Əlavə 13 §7.1"),
        variables=(
            "line", "cluster", "general", "kinds", "members", "documents", "projects", "years", "figures",
            "requirements", "signatory", "seal",
        ),
        profile=profile,
        document=document,
        reconstructed=(
            "the whole form: Əlavə 14 of 003 is lost; rows follow 003 §4, §5 and Əlavə 13 §4 and §7.1",
        ),
    )  # fmt: skip
