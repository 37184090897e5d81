"""Template of ``klaster-inkisaf-proqrami`` (003 §5.4–5.7): cover, contents, passport, six sections, three annexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.shared import Mm, Pt

from template_kit.blocks import Column, approved, heading, listing, paragraph, tag
from template_kit.cluster import spacer
from template_kit.development import closing, financing_table, passport_rows, targets_table
from template_kit.manifest import Template
from template_kit.oxml import element
from template_kit.page import PageProfile, add_footer, blank
from template_kit.sections import (
    caption,
    contents,
    flat_table,
    new_section,
    page_break_before,
    parting,
    section_footer,
    titled_listing,
)

TEXT = PageProfile(text=12, table=10, spacing=1.5)
ANNEX = PageProfile(left=20, right=15, text=12, table=9, spacing=1.5, landscape=True)
_NUMBER = "№ {{ line.number }}"
_ITEMS = ("{%p for x in ITEMS %}", "– {{ x }}", "{%p endfor %}")
_LEVEL = (
    ("potential", None),
    ("infrastructure", None),
    ("products", "product"),
    ("markets", None),
    ("organisation", "organ"),
)
_PRESENT = (
    "Sənaye klasteri iştirakçılarının sənaye potensialının mövcud vəziyyətinin xarakteristikası",
    "Sənaye klasterinin sənaye klasteri infrastrukturu ilə təmin olunması",
    "Sənaye klasteri tərəfindən istehsal edilən məhsulların əsas növləri",
    "Sənaye klasteri məhsullarının əsas yerli və xarici bazarları və əsas istehlakçıları",
    "Sənaye klasterinin mövcud təşkilati inkişaf səviyyəsinin təsviri",
)
_PROSPECTS = (
    "Sənaye klasteri iştirakçılarının sənaye potensialının inkişaf perspektivlərinin xarakteristikası",
    "Sənaye klasteri infrastrukturunun inkişaf perspektivləri",
    "Sənaye klasteri tərəfindən istehsal edilən məhsullar çeşidinin genişləndirilməsinin perspektivləri",
    "Perspektiv yerli və xarici bazarlar və sənaye klasteri məhsullarının əsas istehlakçıları",
    "Sənaye klasterinin təşkilati inkişafının perspektiv səviyyəsinin təsviri",
)
_PROJECT = (
    ("b) Birgə layihənin və onun həyata keçirilməsindən gələn səmərənin təsviri", "effect"),
    ("ç) Birgə layihənin təşəbbüskarlarının rolunun, funksiyalarının, xərclərinin həcmi və növlərinin təsviri",
     "initiators"),
    ("d) Birgə layihənin iştirakçılarının rol və funksiyalarının təsviri", "participants"),
    ("e) Sənaye klasterinin ixtisaslaşdırılmış təşkilatının və digər idarəetmə orqanlarının rol və funksiyalarının "
     "təsviri", "management"),
    ("ə) Dövlət hakimiyyətinin icra orqanları tərəfindən birgə layihənin dəstəklənməsi", "support"),
)  # fmt: skip


def build() -> Template:
    """The template with its manifest."""
    document = blank(TEXT)
    _outline(document)
    add_footer(document, TEXT, _NUMBER)
    _cover(document)
    page_break_before(paragraph(document, "MÜNDƏRİCAT", "Mövzu"))
    contents(document, TEXT)
    _passport(document)
    _section(document, 1, "Sənaye klasterinin inkişafının mövcud səviyyəsi")
    _level(document, 1, "present", _PRESENT)
    _section(document, 2, "Sənaye klasterinin inkişaf proqramının məqsəd və vəzifələri")
    _goals(document)
    _section(document, 3, "Sənaye klasterinin inkişafı perspektivləri")
    _level(document, 3, "prospects", _PROSPECTS)
    _section(document, 4, "Sənaye klasteri iştirakçılarının birgə layihələri")
    _projects(document)
    _section(document, 5, "Sənaye klasterinin inkişaf proqramının ehtiyat təminatı")
    _block(document, "5.1. Proqramın büdcədənkənar mənbələrdən ehtiyat təminatı", "resources.off_budget")
    _block(document, "5.2. Proqramın həyata keçirilməsinin dövlət dəstəyi", "resources.state")
    _section(document, 6, "Sənaye klasterinin inkişaf proqramının həyata keçirilməsinin səmərəliliyinin əsas "
             "göstəriciləri")  # fmt: skip
    title = "6.1. Proqramın həyata keçirilməsinin səmərəliliyinin əsas göstəricilərinin planlaşdırılmış dəyəri"
    _block(document, title, "efficiency.planned")
    _block(
        document, "6.2. Proqramın əsas tədbirlərinin qarşılıqlı əlaqəsi", "efficiency.relation", closing_follows=True
    )
    spacer(document, 14)
    closing(document, TEXT)
    _annexes(document)
    return Template(
        name="klaster-inkisaf-proqrami.v1",
        title="Sənaye klasterinin inkişaf proqramı",
        sources=("003 §5.2", "003 §5.4–5.7", "003 Əlavə 11", "003 Əlavə 12", "003 Əlavə 13"),
        variables=(
            "line", "approved", "cover", "passport", "present", "goals", "prospects", "projects",
            "resources", "efficiency", "registry", "financing", "indicators", "signatory", "seal",
        ),
        profile=TEXT,
        document=document,
        reconstructed=(
            "annex 2: the form of Əlavə 12 is lost; sources by 003 §5.7.6, years as in Əlavə 11",
            "annex 3: the form that 003 §5.6 seeks in Əlavə 13 is lost; indicator, unit, base year and planned years",
            "annex 1: the column headings of Əlavə 6 are lost",
            "cover page, numbering of headings and tables: 003 §5.5 gives type size, spacing and length only",
        ),
    )  # fmt: skip


def _outline(document: Any) -> None:
    """Headings are what the table of contents is made from."""
    for level in (1, 2, 3):
        document.styles[f"Heading {level}"].element.get_or_add_pPr().append(element("w:outlineLvl", val=level - 1))
    document.styles["Heading 2"].font.size = Pt(13)


def _cover(document: Any) -> None:
    paragraph(document, "{{ cover.organisation }}", "Blank təşkilat")
    spacer(document, 20)
    approved(document, TEXT)
    made = paragraph(document, "{{ cover.cluster }}", "Mövzu")
    made.paragraph_format.space_before = Pt(150)
    paragraph(document, "İNKİŞAF PROQRAMI", "Mövzu")
    paragraph(document, "{{ cover.period }} illər üzrə", "Ortada")
    made = paragraph(document, "{{ cover.place }}", "Ortada")
    made.paragraph_format.space_before = Pt(220)


def _passport(document: Any) -> None:
    page_break_before(heading(document, "SƏNAYE KLASTERİNİN İNKİŞAF PROQRAMININ PASPORTU", 1))
    spacer(document, 4)
    columns = (
        Column("Məlumat bloku", 52, "{{ r.title }}"),
        Column("Məzmunu", TEXT.width - 52, ("{%p for line_ in r.lines %}", "{{ line_ }}", "{%p endfor %}")),
    )
    listing(document, columns, "for r in passport")


def _section(document: Any, number: int, title: str) -> None:
    page_break_before(heading(document, f"BÖLMƏ {number}. {title}", 1))


def _texts(document: Any, variable: str, *, closing_follows: bool = False) -> None:
    """Paragraphs; the last one stays with the signatures that follow."""
    tag(document, f"for text_ in {variable}")
    if closing_follows:
        tag(document, "if loop.last")
        paragraph(document, "{{ text_ }}").paragraph_format.keep_with_next = True
        tag(document, "else")
    paragraph(document, "{{ text_ }}")
    if closing_follows:
        tag(document, "endif")
    tag(document, "endfor")


def _block(document: Any, title: str, variable: str, level: int = 2, *, closing_follows: bool = False) -> None:
    heading(document, title, level)
    _texts(document, variable, closing_follows=closing_follows)


def _level(document: Any, number: int, variable: str, titles: Sequence[str]) -> None:
    for place, (title, (name, table)) in enumerate(zip(titles, _LEVEL, strict=True), 1):
        _block(document, f"{number}.{place}. {title}", f"{variable}.{name}")
        if table == "product":
            _products(document, variable)
        elif table == "organ":
            caption(document, "{{ " + variable + ".organ_caption }}")
            columns = (
                Column("İdarəetmə qurumu", 60, "{{ o.name }}"),
                Column("Əsas funksiyaları", TEXT.width - 60, "{{ o.functions }}"),
            )
            listing(document, columns, f"for o in {variable}.organs")


def _products(document: Any, variable: str) -> None:
    caption(document, "{{ " + variable + ".product_caption }}")
    columns = (
        Column("№", 10, "{{ p.no }}", centred=True),
        Column("İştirakçı", 40, "{{ p.participant }}"),
        Column("Məhsulun növü", 38, "{{ p.product }}"),
        Column("Ölçü vahidi", 16, "{{ p.unit }}", centred=True),
        Column("İstehsal həcmi", 20, "{{ p.volume }}", centred=True),
        Column("Digər iştirakçıların istifadəsi", 23, "{{ p.others }}", centred=True),
        Column("Son istehsalçının istifadəsi", 23, "{{ p.final }}", centred=True),
    )
    listing(document, columns, f"for p in {variable}.product_rows")


def _goals(document: Any) -> None:
    heading(document, "2.1. Sənaye klasterinin güclü və zəif tərəfləri, təhlükələr və inkişaf imkanları", 2)
    caption(document, "{{ goals.swot }}")
    for (left, one), (right, two) in (
        (("Güclü tərəflər", "strengths"), ("Zəif tərəflər", "weaknesses")),
        (("İnkişaf imkanları", "opportunities"), ("Təhlükələr", "threats")),
    ):
        half = TEXT.width / 2
        cells = [tuple(t.replace("ITEMS", f"goals.{name}") for t in _ITEMS) for name in (one, two)]
        flat_table(document, (Column(left, half, cells[0]), Column(right, half, cells[1])))
        spacer(document, 4)
    _texts(document, "goals.analysis")
    _block(document, "2.2. Sənaye klasterinin inkişaf proqramının məqsəd və vəzifələri", "goals.goals")


def _projects(document: Any) -> None:
    tag(document, "for p in projects")
    heading(document, "4.{{ loop.index }}. «{{ p.name }}» birgə layihəsi", 2)
    heading(document, "a) Birgə layihənin pasportu", 3)
    caption(document, "{{ p.rows_caption }}")
    passport_rows(document, TEXT.width, "p.rows")
    caption(document, "{{ p.financing_caption }}")
    financing_table(document, TEXT.width, "p", "Maliyyə mənbələri")
    caption(document, "{{ p.targets_caption }}")
    targets_table(document, TEXT.width, "p.targets")
    for title, variable in _PROJECT[:1]:
        _block(document, title, f"p.{variable}", 3)
    heading(document, "c) Proses, texnoloji və infrastruktur tədbirlərinin təsviri", 3)
    _measures(document)
    for title, variable in _PROJECT[1:]:
        _block(document, title, f"p.{variable}", 3)
    tag(document, "endfor")


def _measures(document: Any) -> None:
    tag(document, "for m in p.measures")
    paragraph(document, "Tədbir {{ loop.index }}. {{ m.name }}", "Etiket")
    _texts(document, "m.content")
    for label, name in (
        ("Tədbirin məsul icraçısı və iştirakçıları", "responsible"), ("Tədbirin icra müddəti", "term"),
        ("Ehtiyat dəstəyi", "resources"), ("Gözlənilən nəticə", "result"),
    ):  # fmt: skip
        made = paragraph(document, "")
        made.add_run(f"{label}: ").bold = True
        made.add_run("{{ m." + name + " }}")
    tag(document, "endfor")


def _annexes(document: Any) -> None:
    new_section(document, ANNEX)
    section_footer(document, ANNEX, _NUMBER)
    _annex(document, 1, "Sənaye klasteri iştirakçılarının və infrastrukturunun reyestri", first=True)
    _registry(document)
    _annex(document, 2, "Sənaye klasterinin inkişaf proqramının ehtiyat təminatı")
    paragraph(document, "Maliyyələşdirmə həcmi, min manat", "Təsdiq")
    financing_table(document, ANNEX.width, "financing", "Maliyyələşdirmə mənbələri", "rows")
    _annex(document, 3, "Sənaye klasterinin inkişaf proqramının həyata keçirilməsinin səmərəlilik göstəriciləri")
    year = 24.0
    columns = (
        Column("№", 11, "{{ i.no }}", centred=True),
        Column("Göstəricinin adı", ANNEX.width - 11 - 26 - 6 * year, "{{ i.name }}"),
        Column("Ölçü vahidi", 26, "{{ i.unit }}", centred=True),
        Column("{{ indicators.base }} (qiymətləndirmə)", year, "{{ i.base }}", centred=True),
        *(
            Column("{{ indicators.years[" + str(n) + "] }}", year, "{{ i.values[" + str(n) + "] }}", centred=True)
            for n in range(5)
        ),
    )
    listing(document, columns, "for i in indicators.rows")


def _annex(document: Any, number: int, title: str, *, first: bool = False) -> None:
    mark = paragraph(document, f"Əlavə {number}", "Təsdiq")
    mark.paragraph_format.left_indent = Mm(ANNEX.width - 30)
    mark.paragraph_format.keep_with_next = True
    if not first:
        page_break_before(mark)
    heading(document, f"Əlavə {number}. {title}", 1)


def _registry(document: Any) -> None:
    widths = (9.0, 38.0, 32.0, 36.0, 30.0, 36.0, 43.0, 23.0, 15.0)
    headings = (
        "№", "1. Təşkilatın adı, təşkilati-hüquqi forması", "2. VÖEN, dövlət qeydiyyatı", "3. Hüquqi ünvanı",
        "4. Faktiki ünvanı", "5. Əsas məhsulları (xidmətləri)", "6. Rəhbəri və əlaqə məlumatları",
        "7. İştirak haqqında saziş (№, tarix)", "8. Qeyd¹",
    )  # fmt: skip
    values = ("{{ r.no }}", *("{{ r.c" + str(n) + " }}" for n in range(1, 9)))
    columns = [Column(h, w, v, centred=h == "№") for h, w, v in zip(headings, widths, values, strict=True)]
    titled_listing(document, columns, "for r in registry.rows", "r.title")
    parting(document, "r.c1|length + r.c3|length + r.c5|length + r.c6|length > 600")
    tag(document, "for text_ in registry.footnotes")
    paragraph(document, "{{ text_ }}", "Mənbə")
    tag(document, "endfor")
