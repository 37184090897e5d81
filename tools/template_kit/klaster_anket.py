"""Template of ``klaster-anket`` (003 §4.17, Əlavə 5)."""

from __future__ import annotations

from typing import Any

from docx.shared import Pt

from template_kit.accession_table import whole_rows
from template_kit.blocks import (
    Column,
    _fill,
    _finish,
    _row_properties,
    _ruled,
    _tag_row,
    form,
    heading,
    listing,
    paragraph,
    tag,
)
from template_kit.cluster import place_and_date, sealed_signature, spacer
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank

_PROFILE = PageProfile(text=12, table=9)
_OBJECT = "Klaster iştirakçısının (infrastruktur obyektinin)"
_KINDS = ("{%p for k in kinds %}", "{{ k.mark }} {{ k.title }}", "{%p endfor %}")
_GENERAL = (
    ("1. Təşkilati-hüquqi forması (abreviatura)", "{{ general.legal_form }}", ""),
    ("2. Klaster iştirakçısının adı (infrastruktur obyekti)", "{{ general.name }}", ""),
    ("3. Təşkilatın növü (Soraqçada göstərilmiş variantlardan birini seçmək lazımdır)", _KINDS, ""),
    (f"4. {_OBJECT} hüquqi ünvanı", "{{ general.legal_address }}", ""),
    (f"5. {_OBJECT} faktiki ünvanı", "{{ general.actual_address }}", ""),
    (f"6. {_OBJECT} saytı", "{{ general.site }}", ""),
    (
        f"7. {_OBJECT} əlaqə məlumatları",
        ("Tel.: {{ general.phone }}", "Faks: {{ general.fax }}", "e-mail: {{ general.email }}"),
        "",
    ),
    (
        "8. Təşkilat adından klasterin ixtisaslaşdırılmış təşkilatı ilə qarşılıqlı əlaqə qurma səlahiyyətinə malik "
        "klaster iştirakçısının (infrastruktur obyektinin) əlaqə məlumatları",
        (
            "SAA: {{ general.contact_name }}",
            "Vəzifəsi: {{ general.contact_post }}",
            "İş tel.: {{ general.contact_phone }}",
            "Mob. tel.: {{ general.contact_mobile }}",
            "e-mail: {{ general.contact_email }}",
        ),
        "",
    ),
    ("9. Klasterin sənaye fəaliyyətində iştirak haqqında sazişin rekvizitləri", "{{ general.agreement }}", ""),
    (f"10. {_OBJECT} təsis sənədlərinin rekvizitləri", "{{ general.founding_documents }}", ""),
    (
        "11. Hüquqi şəxslərin (fərdi sahibkarların) dövlət qeydiyyatına alınması barədə şəhadətnamə",
        "{{ general.registration_certificate }}",
        "",
    ),
    ("12. Vergi qeydiyyatına dair Şəhadətnamə (VÖEN)", "{{ general.tax_certificate }}", ""),
    (
        "13. Hüquqi şəxslərin (fərdi sahibkarların) dövlət reyestrindən çıxarışın surəti, ərizənin verilməsi tarixi "
        "göstərilməklə",
        "{{ general.register_extract }}",
        "",
    ),
)
_PRODUCTS = (
    Column("№", 10, "{{ p.no }}", centred=True),
    Column("Məhsulun (xidmətin) adı", 90, "{{ p.name }}"),
    Column("ədəd, ton, litr və s.", 40, "{{ p.quantity }}", centred=True),
    Column("mln. manat", 30, "{{ p.value }}", centred=True),
)


def build() -> Template:
    """The template with its manifest."""
    document = blank(_PROFILE)
    document.styles["İmza qeydi"].font.size = Pt(_PROFILE.table)
    add_footer(document, _PROFILE, "№ {{ line.number }}")
    heading(document, "{{ cluster }} iştirakçısı və infrastrukturunun ANKETİ", 1)
    spacer(document)
    place_and_date(document, _PROFILE)
    heading(document, "Ümumi məlumat", 2)
    form(document, _GENERAL, 62, _PROFILE)
    whole_rows(document)
    heading(
        document,
        "Klaster iştirakçısı (infrastruktur obyekti) tərəfindən buraxılan (göstərilən) əsas məhsulların (əsas "
        "xidmətlərin) siyahısı və klaster iştirakçılarının (infrastruktur obyektinin) tərkibinə əvvəl daxil olan il "
        "({{ volume_year }}) ərzində təbii və dəyər formasında istehsal olunan məhsulun (göstərilən xidmətlərin) həcmi",
        2,
    )
    listing(document, _PRODUCTS, "for p in products")
    _projects(document)
    heading(document, "Statistik məlumatlar", 2)
    _statistics(document)
    paragraph(document, "{{ footnote }}", "Qeyd").paragraph_format.keep_with_next = True
    spacer(document)
    sealed_signature(document, _PROFILE)
    return Template(
        name="klaster-anket.v1",
        title="Sənaye klasterinin iştirakçısı və infrastrukturunun anketi",
        sources=("003 §4.17", "003 Əlavə 5"),
        variables=(
            "line", "cluster", "general", "kinds", "volume_year", "products", "projects", "years", "indicators",
            "footnote", "signatory", "seal",
        ),
        profile=_PROFILE,
        document=document,
        reconstructed=(
            "page profile: Əlavə 5 gives the form without paper size and margins",
            "heading Faktiki / Proqnoz: under each year, since how many years are actual depends on the data",
        ),
    )  # fmt: skip


def _projects(document: Any) -> None:
    heading(
        document,
        "Klasterdaxili fəaliyyət çərçivəsində klaster iştirakçısı (infrastruktur obyekti) tərəfindən həyata "
        "keçirilməsi təklif olunan layihələr haqqında məlumat",
        2,
    )
    tag(document, "if not projects")
    paragraph(document, "Təklif olunan layihə yoxdur.", "Qeyd")
    tag(document, "endif")
    tag(document, "for p in projects")
    form(
        document,
        (
            ("1. Layihənin adı", "{{ p.name }}", ""),
            ("2. Layihənin potensial iştirakçıları", "{{ p.participants }}", ""),
            (
                "3. Layihənin həyata keçirilməsinin təklif olunan müddət və mərhələləri",
                ("{%p for t in p.stages %}", "{{ t }}", "{%p endfor %}"),
                "",
            ),
            (
                "4. Layihənin təsviri və klaster üçün onun həyata keçirilməsinin ehtimal olunan səmərəliliyi",
                ("{%p for t in p.description %}", "{{ t }}", "{%p endfor %}"),
                "",
            ),
        ),
        62,
        _PROFILE,
    )
    paragraph(document, "", "Mənbə").paragraph_format.space_after = Pt(2)
    tag(document, "endfor")


def _statistics(document: Any) -> None:
    years = [Column("{{ years[" + str(n) + "].year }}", 15.5, "") for n in range(6)]
    columns = (Column("№", 9, ""), Column("Göstəricinin adı", 50, ""), Column("Ölçü vahidi", 18, ""), *years)
    table = _ruled(document, columns)
    below = table.add_row()
    for place, cell in enumerate(below.cells[3:]):
        _fill(document, cell, "{{ years[" + str(place) + "].status }}", "Cədvəl ortada")
        cell.paragraphs[0].runs[0].font.size = Pt(8)
    _row_properties(below, split=False, header=True)
    _tag_row(document, table, "for i in indicators")
    row = table.add_row()
    cells = ("{{ i.no }}", "{{ i.title }}", "{{ i.unit }}", *("{{ i.values[" + str(n) + "] }}" for n in range(6)))
    for place, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
        _fill(document, cell, text, "Cədvəl" if place == 1 else "Cədvəl ortada")
    _row_properties(row, split=False)
    _tag_row(document, table, "endfor")
    _finish(table)
