"""Template of ``klaster-tesis-protokolu`` (003 §3.4, §3.5, Əlavə 2)."""

from __future__ import annotations

from typing import Any

from docx.shared import Mm, Pt

from template_kit.blocks import Column, approval, heading, listing, paragraph, tag
from template_kit.cluster import place_and_date, provisions, spacer
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank
from template_kit.sections import parting
from template_kit.signatures import signature_table

_NCO = "{{ organisation }} qeyri-kommersiya təşkilatının"
_ITEMS = (
    (
        "1. {{ cluster.genitive }} formalaşması haqqında",
        (
            "1.1. {{ territory }} ərazisində {{ sector }} sahəsinin inkişafı məqsədi ilə sahələr üzrə istehsal "
            "müəssisələrini, elm və təhsil təşkilatlarını birləşdirən {{ cluster.genitive }} (bundan sonra Klaster) "
            "yaradılması məqsədəuyğun hesab edilsin.",
        ),
    ),
    (
        f"2. {_NCO} üzvlərinin Ümumi yığıncağının Sədrinin seçilməsi haqqında",
        (
            f"2.1. {{{{ chair }}}} {_NCO} (bundan sonra Qeyri-kommersiya təşkilatı) üzvlərinin Ümumi yığıncağının "
            "Sədri, {{ secretary }} katib seçilsin.",
        ),
    ),
    (
        f"3. {_NCO} yaradılması haqqında",
        (
            "3.1. Mövcud qanunvericiliyə uyğun olaraq {{ organisation }} qeyri-kommersiya təşkilatını yaratmaq.",
            f"3.2. {_NCO} təsisçilərinin tərkibini bu protokol qərarının 1 nömrəli əlavəsinə əsasən təsdiq etmək.",
            f"3.3. {_NCO} təsis sənədlərini təklif edilmiş redaksiyada təsdiq etmək.",
            "3.4. Qeyri-kommersiya təşkilatının üzvlərinin Ümumi yığıncağını Klasterin ali idarəetmə orqanı kimi "
            "müəyyən etmək.",
            "3.5. Qeyri-kommersiya təşkilatının üzvlərinin Ümumi yığıncağının, {{ organs }} daxil olduğu, Klasterin "
            "təklif edilən idarəetmə orqanları strukturunu təsdiq etmək.",
            "3.6. Qeyri-kommersiya təşkilatının rəhbəri Qeyri-kommersiya təşkilatının vahid icra orqanı kimi təyin "
            "edilsin.",
            "3.7. {{ head }} Qeyri-kommersiya təşkilatının rəhbəri təyin edilsin.",
            "3.8. Qeyri-kommersiya təşkilatı ilkin əmlakla təchiz edilsin, bunun üçün hər bir təsisçi Qeyri-kommersiya "
            "təşkilatının dövlət qeydiyyatına alınmasına qədər {{ fee }} məbləğində birdəfəlik üzvlük haqqı ödəyir.",
            "3.9. Qeyri-kommersiya təşkilatının yeri aşağıdakı ünvan üzrə təyin edilsin: {{ address }}.",
        ),
    ),
    (
        "4. Təşkilati məsələlər",
        (
            "4.1. Qeyri-kommersiya təşkilatının rəhbəri bu protokolun imzalanma tarixindən etibarən "
            "{{ terms.registration }} ay ərzində Azərbaycan Respublikasının qanunvericiliyinə uyğun olaraq "
            "Qeyri-kommersiya təşkilatının dövlət qeydiyyatı prosedurunun keçirilməsini təmin etsin.",
            "4.2. Qeyri-kommersiya təşkilatının rəhbəri bu protokolun imzalanma tarixindən etibarən "
            "{{ terms.documents }} ay müddətində Klasterin inkişafını müəyyənləşdirən əsas sənədlərin işlənməsini "
            "təmin etməli və onları təsdiq üçün Qeyri-kommersiya təşkilatının üzvlərinin növbəti Ümumi yığıncağına "
            "təqdim etməlidir.",
        ),
    ),
)
_FOUNDERS = (
    Column("№", 10, "{{ f.no }}", centred=True),
    Column("Təşkilatın adı (təşkilati-hüquqi forması “Adı”)", 36, "{{ f.name }}"),
    Column("Rekvizitlər / dövlət qeydiyyat nömrəsi", 28, "{{ f.requisites }}"),
    Column("Ünvan", 30, "{{ f.address }}"),
    Column("Səlahiyyətli nümayəndə (ASAA, vəzifəsi, əlaqə nömrəsi, e-mail)", 42, "{{ f.representative }}"),
    Column("Vəkalət verən sənədin rekvizitləri", 24, "{{ f.authority }}"),
)
_DOCUMENTS = (
    Column("№", 12, "{{ f.no }}", centred=True),
    Column("Təsisçi", 88, "{{ f.name }}"),
    Column("Əlavə edilən sənəd", 70, "{{ f.document }}"),
)


def build() -> Template:
    """The template with its manifest."""
    profile = PageProfile(text=13, table=10)
    document = blank(profile)
    add_footer(document, profile, "№ {{ line.number }}")
    approval(document, profile, "approver")
    place_and_date(document, profile)
    heading(document, "Qeyri-kommersiya təşkilatının təsisçilərinin Ümumi yığıncağının protokol qərarı", 1)
    paragraph(document, "{{ organisation }}", "Mövzu").paragraph_format.keep_with_next = True
    paragraph(document, "İştirak edirdilər:", "Etiket")
    tag(document, "for p in present")
    made = paragraph(document, "{{ p }}")
    made.paragraph_format.first_line_indent, made.paragraph_format.left_indent = Mm(0), Mm(10)
    tag(document, "endfor")
    paragraph(document, "{{ quorum }}")
    for place, (title, texts) in enumerate(_ITEMS):
        heading(document, title, 3)
        provisions(document, texts)
        _votes(document, place)
    heading(document, "İmzalar", 2)
    signature_table(document, profile)
    _annex(document)
    return Template(
        name="klaster-tesis-protokolu.v1",
        title="Təsisçilərin ümumi yığıncağının protokol qərarı",
        sources=("003 §3.4", "003 §3.5", "003 Əlavə 2"),
        variables=(
            "line", "organisation", "present", "quorum", "cluster", "territory", "sector", "chair", "secretary",
            "organs", "head", "fee", "address", "terms", "votes", "founders", "share", "approver", "signatories",
        ),
        profile=profile,
        document=document,
        reconstructed=(
            "provision 3.4: empty in Əlavə 2, worded after 003 §4.2",
            "annex 2: 003 §3.5 asks for the copies, Əlavə 2 has no list of them",
            "quorum statement, signature table of secretary and founders, line under the founders' table: "
            "003 §3.5 and the rules of the body, not in Əlavə 2",
        ),
    )  # fmt: skip


def _votes(document: Any, place: int) -> None:
    votes = f"votes[{place}]"
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    made = paragraph(
        document,
        f"Səsvermənin nəticələri: lehinə {{{{ {votes}.in_favour }}}} səs, əleyhinə {{{{ {votes}.against }}}} səs, "
        f"bitərəf {{{{ {votes}.abstained }}}} səs.",
        "Qeyd",
    )
    made.runs[0].bold = True


def _annex(document: Any) -> None:
    _annex_heading(document, "1").paragraph_format.page_break_before = True
    heading(document, "{{ organisation }} qeyri-kommersiya təşkilatının təsisçilərinin tərkibi", 2)
    listing(document, _FOUNDERS, "for f in founders")
    parting(document, "f.name|length + f.representative|length > 300")
    spacer(document, 2)
    paragraph(document, "{{ share }}", "Qeyd")
    _annex_heading(document, "2").paragraph_format.space_before = Pt(18)
    heading(document, "Təsisçilərin təsis sənədlərinin surətləri", 2)
    listing(document, _DOCUMENTS, "for f in founders")


def _annex_heading(document: Any, number: str) -> Any:
    """To what the annex belongs, and its number; gives the first paragraph."""
    made = [
        paragraph(document, text, "Ünvan")
        for text in (
            "{{ organisation }} qeyri-kommersiya təşkilatının",
            "təsisçilərinin Ümumi yığıncağının protokol qərarına",
            f"{number} nömrəli əlavə",
        )
    ]
    for text in made:
        text.paragraph_format.keep_with_next = True
    return made[0]
