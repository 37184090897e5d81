"""Template of ``klaster-uygunluq-erizesi`` (003 §6.2–6.4)."""

from __future__ import annotations

from template_kit.blocks import facts, heading, labelled, letterhead, paragraph, tag
from template_kit.cluster import left, spacer
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank
from template_kit.signatures import single_signature


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile(text=13, table=11)
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    spacer(document)
    paragraph(document, "{{ addressee }}", "Ünvan")
    heading(document, "ƏRİZƏ", 1)
    paragraph(
        document,
        "Sənaye klasterinin və ixtisaslaşdırılmış təşkilatın tələblərə uyğunluğunun yoxlanılması üçün",
        "Mövzu",
    ).paragraph_format.keep_with_next = True
    for text in (
        "Sənaye klasterlərinin yaradılması metodologiyasının 6.2–6.4-cü bəndlərinə əsasən {{ cluster.genitive }} və "
        "onun ixtisaslaşdırılmış təşkilatının – {{ organisation.name }} ({{ organisation.requisites }}, ünvanı: "
        "{{ organisation.address }}) – tələblərə uyğunluğunun yoxlanılmasını və klasterin sənaye klasterlərinin "
        "reyestrinə daxil edilməsini xahiş edirəm.",
        "Klaster haqqında əsas məlumatlar:",
    ):
        made = paragraph(document, text)
    made.paragraph_format.keep_with_next = True
    facts(
        document,
        (
            ("Klasterin adı:", "{{ cluster.name }}", ""),
            ("Yerləşdirilmə ərazisi:", "{{ facts.territory }}", ""),
            ("Son sənaye məhsulu:", "{{ facts.product }}", ""),
            ("İştirakçıların sayı:", "{{ facts.participants }}", ""),
            ("İnfrastruktur təşkilatlarının sayı:", "{{ facts.infrastructure }}", ""),
            ("Birgə layihələrin sayı:", "{{ facts.projects }}", ""),
        ),
        62,
        profile,
    )
    spacer(document)
    paragraph(
        document,
        "Ərizəyə əlavə edilən sənədlərdə göstərilən məlumatların düzgünlüyünü və tamlığını təsdiq edirəm. Tələblərə "
        "uyğunluğun yoxlanılması zamanı əlavə məlumat və sənədlər sorğu edildikdə, onların təqdim edilməsini təmin "
        "edəcəyəm.",
    )
    paragraph(document, "Əlavə edilir:", "Etiket")
    tag(document, "for e in enclosures")
    tag(document, "if loop.last")
    left(document, "{{ e }}")
    tag(document, "else")
    left(document, "{{ e }}", keep=False)
    tag(document, "endif")
    tag(document, "endfor")
    labelled(document, "Pasportun SHA-256 nəzarət cəmi:", "{{ passport_sha256 }}", "Mənbə")
    spacer(document, 8)
    single_signature(document, profile)
    return Template(
        name="klaster-uygunluq-erizesi.v1",
        title="Tələblərə uyğunluğun yoxlanılması üçün ərizə",
        sources=("003 §6.2", "003 §6.3", "003 §6.4"),
        variables=(
            "letterhead", "line", "addressee", "cluster", "organisation", "facts", "passport_sha256", "enclosures",
            "signatory",
        ),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 003 §6.4 leaves the form of the application free",),
    )  # fmt: skip
