"""Template of ``klaster-qosulma-erizesi`` (003 Əlavə 4, annex 1)."""

from __future__ import annotations

from docx.shared import Pt

from template_kit.accession_table import whole_rows
from template_kit.blocks import Column, form, heading, listing, paragraph
from template_kit.cluster import place_and_date, sealed_signature, spacer
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank

_PROFILE = PageProfile(text=12, table=10)
_ADDRESS = (
    ("Poçt indeksi", "{{ address.postal_code }}", ""),
    ("Yaşayış yeri (şəhər, kənd və s.)", "{{ address.settlement }}", ""),
    ("Küçə (prospekt, döngə və s.)", "{{ address.street }}", ""),
    ("Mənzilin nömrəsi", "{{ address.flat }}", ""),
    ("Binanın nömrəsi", "{{ address.building }}", ""),
    ("Təşkilatın (şirkətin) ünvanı", "{{ address.organisation }}", ""),
)
_CONTACT = (
    ("Soyadı, adı, atasının adı", "{{ entrusted.name }}", ""),
    ("İş telefonu:", "{{ entrusted.work_phone }}", ""),
    ("Mobil telefon nömrəsi:", "{{ entrusted.mobile }}", ""),
    ("Faks:", "{{ entrusted.fax }}", ""),
    ("e-mail:", "{{ entrusted.email }}", ""),
    ("Poçt ünvanı: indeksi", "{{ entrusted.postal_code }}", ""),
)
_ENCLOSURES = (
    Column("№", 10, "{{ e.no }}", centred=True),
    Column("Sənədlərin adı", 60, "{{ e.title }}"),
    Column(
        "Sənədin rekvizitləri, o cümlədən kim tərəfindən və nə vaxt verilməsi, qeydiyyata alınması və təsdiq edilməsi "
        "haqqında məlumatlar",
        100,
        ("{{ e.details }}", "{%p if e.file %}", "Fayl: {{ e.file }}", "SHA-256: {{ e.sha256 }}", "{%p endif %}"),
    ),
)


def build() -> Template:
    """The template with its manifest."""
    document = blank(_PROFILE)
    document.styles["Ünvan"].font.size = Pt(_PROFILE.text)
    add_footer(document, _PROFILE, "№ {{ line.number }}")
    for text in (
        "{{ cluster }} sənaye fəaliyyətində iştirak haqqında Sazişinə 1 nömrəli əlavə",
        "",
        "{{ cluster }} ixtisaslaşdırılmış təşkilatının rəhbərinə",
        "{{ addressee.organisation }}, {{ addressee.name }}",
    ):
        paragraph(document, text, "Ünvan")
    heading(document, "{{ cluster }} sənaye fəaliyyətində iştirak haqqında Sazişə qoşulmaq üçün ƏRİZƏ", 1)
    spacer(document)
    place_and_date(document, _PROFILE)
    spacer(document)
    for text in (
        "{{ cluster }} sənaye fəaliyyətində iştirak haqqında Sazişin müddəaları, habelə onun İştirakçılarının "
        "qarşılıqlı siyasəti ilə tanış olan, {{ applicant.basis }} əsasında fəaliyyət göstərən {{ applicant.name }} "
        "{{ applicant.person }} simasında {{ cluster }} sənaye fəaliyyətində iştirak haqqında Sazişə qoşulmaq "
        "niyyətini ifadə edir və {{ nco }}na (bundan sonra – Qeyri-kommersiya təşkilatı) qoşulmaq məqsədilə sənədləri "
        "(məlumatları) baxılması üçün təqdim edir.",
        "Qeyri-kommersiya təşkilatı və {{ cluster }} digər idarəetmə orqanları ilə qarşılıqlı fəaliyyət zamanı "
        "{{ applicant.name }} təşkilatının maraqlarının təmsil edilməsi tapşırılıb: {{ entrusted.person }}.",
    ):
        paragraph(document, text)
    paragraph(document, "Ərizəçinin ünvanı:", "Etiket")
    form(document, _ADDRESS, 70, _PROFILE)
    whole_rows(document)
    paragraph(document, "Təşkilat nümayəndəsinin əlaqə məlumatları:", "Etiket").paragraph_format.space_before = Pt(8)
    form(document, _CONTACT, 70, _PROFILE)
    whole_rows(document)
    paragraph(document, "Ərizəyə aşağıdakı sənədlər əlavə edilir:", "Etiket").paragraph_format.space_before = Pt(8)
    listing(document, _ENCLOSURES, "for e in enclosures")
    spacer(document)
    for text in (
        "Təqdim edilən məlumatların doğruluğunu təsdiq edirəm.",
        "Qeyri-kommersiya təşkilatının Nizamnaməsinin və daxili aktlarının tələblərinə riayət etməyi, "
        "Qeyri-kommersiya təşkilatının maraqlarına uyğun olaraq onun üzvü kimi hüquq və vəzifələri yerinə yetirməyi "
        "öhdəmə götürürəm.",
    ):
        paragraph(document, text).paragraph_format.keep_with_next = True
    sealed_signature(document, _PROFILE)
    return Template(
        name="klaster-qosulma-erizesi.v1",
        title="Sazişə qoşulmaq üçün ərizə",
        sources=("003 Əlavə 4, §3.5", "003 Əlavə 4, 1 nömrəli əlavə"),
        variables=(
            "line", "cluster", "nco", "addressee", "applicant", "entrusted", "address", "enclosures", "signatory",
            "seal",
        ),
        profile=_PROFILE,
        document=document,
        reconstructed=("name and SHA-256 of each uploaded file: the form asks for the document's details only",),
    )  # fmt: skip
