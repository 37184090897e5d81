"""Template of ``icra-orqani-mektubu`` (003 §6.5)."""

from __future__ import annotations

from template_kit.blocks import labelled, letterhead, paragraph, tag
from template_kit.cluster import provisions, spacer
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank
from template_kit.signatures import single_signature

_CONFORMS = (
    "1. {{ cluster.genitive }} iştirakçılarının fəaliyyəti sənaye klasterinin funksional xəritəsinə "
    "({{ functional_map }} sənəd) müvafiq olaraq sənaye klasterinin yaradılması məqsədinə nail olmağı təmin edir."
)
_DIFFERS = (
    "1. {{ cluster.genitive }} iştirakçılarının fəaliyyəti sənaye klasterinin funksional xəritəsinə "
    "({{ functional_map }} sənəd) tam uyğun deyildir. Bu uyğunsuzluq aşağıdakılarla əsaslandırılır:"
)
_DEVELOPMENT = (
    "2. Azərbaycan Respublikasında {{ cluster.genitive }} inkişafı Azərbaycan Respublikasının ərazi inkişafı "
    "strategiyası ({{ strategy }}) və ərazi planlaşdırma sxemi ({{ scheme }}) nəzərə alınmaqla həyata keçirilir."
)


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile()
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    letterhead(document, profile)
    spacer(document, 12)
    paragraph(document, "{{ addressee }}", "Ünvan")
    spacer(document, 12)
    paragraph(
        document,
        "{{ cluster.genitive }} və onun ixtisaslaşdırılmış təşkilatının ({{ organisation }}) tələblərə uyğunluğunun "
        "yoxlanılması ilə əlaqədar, Sənaye klasterlərinin yaradılması metodologiyasının 6.5-ci bəndinə əsasən, "
        "klasterin infrastrukturunun yerləşdiyi ərazi ({{ territory }}) üzrə aşağıdakıları təsdiq edirəm:",
    ).paragraph_format.keep_with_next = True
    tag(document, "if grounds")
    provisions(document, (_DIFFERS,))
    tag(document, "for text_ in grounds")
    paragraph(document, "{{ text_ }}")
    tag(document, "endfor")
    tag(document, "else")
    provisions(document, (_CONFORMS,))
    tag(document, "endif")
    provisions(document, (_DEVELOPMENT,))
    spacer(document, 8)
    labelled(document, "Funksional xəritənin SHA-256 nəzarət cəmi:", "{{ map_sha256 }}", "Mənbə")
    spacer(document, 8)
    single_signature(document, profile)
    tag(document, "if executor")
    paragraph(document, "{{ executor }}", "Mənbə")
    tag(document, "endif")
    return Template(
        name="icra-orqani-mektubu.v1",
        title="İcra orqanı rəhbərinin məktubu",
        sources=("003 §6.3", "003 §6.5"),
        variables=(
            "letterhead", "line", "addressee", "cluster", "territory", "organisation", "functional_map",
            "grounds", "strategy", "scheme", "executor", "map_sha256", "signatory",
        ),
        profile=profile,
        document=document,
        reconstructed=("whole layout: 003 §6.5 leaves the form of the letter free",),
    )  # fmt: skip
