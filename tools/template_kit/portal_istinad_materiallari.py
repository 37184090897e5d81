"""Template of ``portal-istinad-materiallari`` (003 §6.6)."""

from __future__ import annotations

from template_kit.blocks import heading, labelled, letterhead, paragraph, tag
from template_kit.cluster import spacer
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
    heading(document, "İSTİNAD MATERİALLARI", 1)
    paragraph(
        document, "{{ cluster }} informasiya portalının bölmələri üzrə", "Mövzu"
    ).paragraph_format.keep_with_next = True
    paragraph(
        document,
        "Sənaye klasterlərinin yaradılması metodologiyasının 6.6-cı bəndinə əsasən “İnternet” "
        "informasiya-telekommunikasiya şəbəkəsində {{ cluster }} informasiya portalının ({{ portal }}) fəaliyyət "
        "göstərdiyini və aşağıdakı məlumatların orada yerləşdirildiyini təsdiq edirəm. Portalın müvafiq səhifələrinin "
        "URL ünvanları və ekran şəkilləri hər bölmə üzrə göstərilir. Materiallar {{ prepared }} tarixinə tərtib "
        "edilmişdir.",
    )
    tag(document, "for s in sections")
    heading(document, "{{ s.title }}", 3)
    for label, value in (("URL ünvanı:", "{{ s.url }}"), ("Ekran şəklinin tarixi:", "{{ s.captured }}")):
        labelled(document, label, value, "İcra")
    picture = paragraph(document, "{{ s.picture|picture }}", "Ortada")
    picture.paragraph_format.keep_with_next = True
    paragraph(document, "{{ s.caption }}", "Qeyd")
    tag(document, "endfor")
    closing = paragraph(
        document, "Göstərilən məlumatların portalda mövcudluğunu və ekran şəkillərinin düzgünlüyünü təsdiq edirəm."
    )
    closing.paragraph_format.keep_with_next = True
    single_signature(document, profile)
    return Template(
        name="portal-istinad-materiallari.v1",
        title="Portal üzrə istinad materialları",
        sources=("003 §6.3", "003 §6.6"),
        variables=("letterhead", "line", "addressee", "cluster", "portal", "prepared", "sections", "signatory"),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 003 §6.6 names the contents but gives no form",),
    )
