"""Clause by clause: what a clause or a form wants said is said on the filled document, in the data's own words."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from doc_service.domain.documents import Registration
from doc_service.instruments.registry import Registry
from tests.instruments.conftest import TEMPLATES, Data, Fill, Judge

Sample = Callable[[str], Data]
Paper = Callable[[str], list[str]]
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def paper(registry: Registry, fill: Fill, registration: Registration) -> Paper:
    """The paragraphs of an instrument filled with its sample, without marks that are not seen."""
    done: dict[str, list[str]] = {}

    def filled(name: str) -> list[str]:
        if name not in done:
            instrument = registry.get(name)
            docx = fill(instrument, instrument.sample(), registration)
            with zipfile.ZipFile(io.BytesIO(docx)) as archive:
                body = etree.fromstring(archive.read("word/document.xml"))
            said = ("".join(t.text or "" for t in p.iter(f"{_W}t")) for p in body.iter(f"{_W}p"))
            done[name] = [" ".join(text.replace("\u2060", "").split()) for text in said]
        return done[name]

    return filled


def provision(lines: list[str], number: str) -> str:
    (found,) = [line for line in lines if line.startswith(f"{number}. ")]
    return found


# Təsis protokolu


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("2.1", ("Sədri, ", "katib seçilsin")),
        ("3.1", ("qeyri-kommersiya təşkilatını yaratmaq",)),
        ("3.2", ("təsisçilərinin tərkibini", "1 nömrəli əlavəsinə əsasən təsdiq etmək")),
        ("3.3", ("təsis sənədlərini təklif edilmiş redaksiyada təsdiq etmək",)),
        ("3.5", ("İdarə Heyətinin, Ekspertlər Şurasının", "idarəetmə orqanları strukturunu təsdiq etmək")),
        ("3.6", ("vahid icra orqanı kimi təyin edilsin",)),
        ("3.7", ("Qeyri-kommersiya təşkilatının rəhbəri təyin edilsin",)),
        ("3.8", ("500 (beş yüz) manat", "birdəfəlik üzvlük haqqı")),
        ("3.9", ("aşağıdakı ünvan üzrə təyin edilsin: AZ",)),
        ("4.1", ("ay ərzində", "dövlət qeydiyyatı")),
        ("4.2", ("ay müddətində", "əsas sənədlərin", "Ümumi yığıncağına təqdim etməlidir")),
    ],
)
def test_the_founders_protocol_decides_what_the_form_decides(paper: Paper, number: str, said: tuple[str, ...]) -> None:
    """003 Əlavə 2 §2.1, §3.1–3.3, §3.5–3.9, §4.1, §4.2, one by one."""
    line = provision(paper("klaster-tesis-protokolu"), number)
    assert [text for text in said if text not in line] == []
    assert "_" not in line


def test_the_founders_protocol_names_whom_it_elects_and_appoints(paper: Paper, sample: Sample) -> None:
    """003 Əlavə 2 §2.1, §3.7, §3.9, §4.1, §4.2: by name, by address, in months."""
    data, lines = sample("klaster-tesis-protokolu"), paper("klaster-tesis-protokolu")
    chair = next(f["representative"]["person"] for f in data["founders"]
                 if f["representative"]["person"]["id"] == data["chair_id"])  # fmt: skip
    elected = provision(lines, "2.1")
    assert elected.index(chair["name"]["surname"]) < elected.index(data["secretary"]["name"]["surname"])
    others = {f["representative"]["person"]["name"]["surname"] for f in data["founders"]}
    others -= {chair["name"]["surname"], data["secretary"]["name"]["surname"]}
    assert [name for name in others if name in elected] == []
    new = data["organisation"]
    assert new["head"]["name"]["surname"] in provision(lines, "3.7")
    assert provision(lines, "3.9").endswith(f"təyin edilsin: {new['address']}.")
    assert f" {new['registration_months']} (bir) ay " in provision(lines, "4.1")
    assert f" {new['documents_months']} (üç) ay " in provision(lines, "4.2")


# Sütunlar


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("klaster-yol-xeritesi",
         ["№", "Tədbirin adı", "Keçirilmə müddəti", "Məsul icraçısı", "Sənəd", "Gözlənilən nəticə"]),
        ("klaster-tesis-protokolu",
         ["№", "Təşkilatın adı (təşkilati-hüquqi forması “Adı”)", "Rekvizitlər / dövlət qeydiyyat nömrəsi", "Ünvan",
          "Səlahiyyətli nümayəndə (ASAA, vəzifəsi, əlaqə nömrəsi, e-mail)", "Vəkalət verən sənədin rekvizitləri"]),
        ("klaster-tedbirler-plani",
         ["№", "Tədbirin adı", "Tədbirin məzmunu", "Keçirilmə müddəti", "Tədbirin iştirakçıları",
          "Resurslar və onların daxilolma mənbələri", "Gözlənilən nəticə"]),
        ("klaster-istirak-sazisi",
         ["Təşkilatın adı (təşkilati-hüquqi forması “Adı”)", "Rekvizitlər, dövlət qeydiyyat nömrəsi",
          "Nümayəndənin soyadı, adı, atasının adı", "Nümayəndənin vəzifəsi", "Nümayəndənin imzası",
          "Təşkilatın möhürü", "Tarix"]),
    ],
)  # fmt: skip
def test_tables_have_the_columns_of_the_form_in_its_order(paper: Paper, name: str, columns: list[str]) -> None:
    """003 Əlavə 1; 003 Əlavə 2 annex 1; 003 Əlavə 3; 003 Əlavə 4."""
    lines = [line for line in paper(name) if line]
    starts = [n for n in range(len(lines)) if lines[n : n + len(columns)] == columns]
    assert starts


# İştirak sazişi


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("2.4", "birinci şəxsini və ya vəzifəsi rəhbər müavinindən aşağı olmayan, etibarnamə ilə"),
        ("3.5", "ümumi yığıncağı tərəfindən təsdiq edilmiş, bu Sazişə qoşulma haqqında ərizəni"),
        ("3.6", "tərkibindən çıxmaq hüququna malikdirlər"),
        ("4.2", "hər bir İştirakçı üçün onun və Klasterin ixtisaslaşdırılmış təşkilatının Sazişi imzaladığı gündən"),
    ],
)
def test_the_agreement_gives_what_the_form_gives(paper: Paper, number: str, said: str) -> None:
    """003 Əlavə 4 §2.4, §3.5, §3.6, §4.2, one by one."""
    assert said in provision(paper("klaster-istirak-sazisi"), number)


def test_the_agreement_has_the_sections_and_provisions_of_the_form(paper: Paper) -> None:
    """003 Əlavə 4: sections 1 to 4 with as many provisions as the form has."""
    lines = paper("klaster-istirak-sazisi")
    headings = ["Sazişin predmeti", "Klaster iştirakçılarının vəzifələri", "Klaster iştirakçılarının hüquqları",
                "Yekun müddəalar"]  # fmt: skip
    assert [provision(lines, str(n)) for n in (1, 2, 3, 4)] == [f"{n}. {h}" for n, h in enumerate(headings, 1)]
    for section, provisions in ((1, 4), (2, 6), (3, 6), (4, 5)):
        assert [provision(lines, f"{section}.{n}") for n in range(1, provisions + 1)]
        assert not [line for line in lines if line.startswith(f"{section}.{provisions + 1}. ")]


# İnkişaf proqramı


def test_the_passport_of_the_programme_has_its_six_blocks(registry: Registry, sample: Sample) -> None:
    """003 §5.7.1: name, authors, aims and tasks, stages and terms, target figures, expected results."""
    instrument = registry.get("klaster-inkisaf-proqrami")
    blocks = instrument.context(instrument.validate(sample("klaster-inkisaf-proqrami")))["passport"]
    assert [b["title"] for b in blocks] == [
        "Proqramın adı", "Proqramın əsas hazırlayanları", "Proqramın məqsəd və vəzifələri",
        "Proqramın icra mərhələləri və müddəti", "Proqramın məqsəd göstəriciləri", "Proqramın gözlənilən nəticələri",
    ]  # fmt: skip
    assert all(b["lines"] for b in blocks)


@pytest.mark.parametrize(
    "heading",
    [
        "SƏNAYE KLASTERİNİN İNKİŞAF PROQRAMININ PASPORTU",
        "BÖLMƏ 1. Sənaye klasterinin inkişafının mövcud səviyyəsi",
        "BÖLMƏ 2. Sənaye klasterinin inkişaf proqramının məqsəd və vəzifələri",
        "BÖLMƏ 3. Sənaye klasterinin inkişafı perspektivləri",
        "BÖLMƏ 4. Sənaye klasteri iştirakçılarının birgə layihələri",
        "BÖLMƏ 5. Sənaye klasterinin inkişaf proqramının ehtiyat təminatı",
        "BÖLMƏ 6. Sənaye klasterinin inkişaf proqramının həyata keçirilməsinin səmərəliliyinin əsas göstəriciləri",
        "Əlavə 1. Sənaye klasteri iştirakçılarının və infrastrukturunun reyestri",
        "Əlavə 2. Sənaye klasterinin inkişaf proqramının ehtiyat təminatı",
        "Əlavə 3. Sənaye klasterinin inkişaf proqramının həyata keçirilməsinin səmərəlilik göstəriciləri",
    ],
)
def test_the_programme_has_its_passport_six_sections_and_three_annexes(paper: Paper, heading: str) -> None:
    """003 §5.4, §5.6."""
    assert heading in paper("klaster-inkisaf-proqrami")


@pytest.mark.parametrize(
    ("section", "blocks"),
    [
        (1, ["sənaye potensialının mövcud vəziyyətinin", "infrastrukturu ilə təmin olunması", "əsas növləri",
             "əsas yerli və xarici bazarları", "mövcud təşkilati inkişaf səviyyəsinin"]),
        (2, ["güclü və zəif tərəfləri", "məqsəd və vəzifələri"]),
        (3, ["sənaye potensialının inkişaf perspektivlərinin", "infrastrukturunun inkişaf perspektivləri",
             "çeşidinin genişləndirilməsinin", "Perspektiv yerli və xarici bazarlar", "perspektiv səviyyəsinin"]),
        (5, ["büdcədənkənar mənbələrdən", "dövlət dəstəyi"]),
        (6, ["planlaşdırılmış dəyəri", "əsas tədbirlərinin qarşılıqlı əlaqəsi"]),
    ],
)  # fmt: skip
def test_each_section_has_its_blocks_with_text_under_each(paper: Paper, section: int, blocks: list[str]) -> None:
    """003 §5.7.2, §5.7.3, §5.7.4, §5.7.6, §5.7.7: the blocks of information of sections 1, 2, 3, 5 and 6."""
    lines = [line for line in paper("klaster-inkisaf-proqrami") if line]
    for number, block in enumerate(blocks, 1):
        heading = provision(lines, f"{section}.{number}")
        assert block in heading
        under = lines[lines.index(heading) + 1]
        assert not under[:1].isdigit()
        assert not under.startswith(("BÖLMƏ", "Əlavə"))
    assert not [line for line in lines if line.startswith(f"{section}.{len(blocks) + 1}. ")]


def test_each_joint_project_has_its_seven_parts(paper: Paper, sample: Sample) -> None:
    """003 §5.7.5 and its a) to ə), for every project."""
    lines = paper("klaster-inkisaf-proqrami")
    projects = len(sample("klaster-inkisaf-proqrami")["projects"])
    assert projects > 0
    for letter in "abcçdeə":
        assert sum(line.startswith(f"{letter}) ") for line in lines) == projects, letter


# Ərizə və məktublar


def test_the_application_and_the_package_go_from_the_specialised_organisation_to_the_ministry(
    registry: Registry, paper: Paper
) -> None:
    """003 §6.2."""
    for name in ("klaster-uygunluq-erizesi", "erize-paketi"):
        assert "Azərbaycan Respublikasının İqtisadiyyat Nazirliyinə" in paper(name)
        instrument = registry.get(name)
        assert "kl-rehber" in [s.person_id for s in instrument.signatories(instrument.validate(instrument.sample()))]


@pytest.mark.parametrize("conforms", [True, False])
def test_the_executive_head_confirms_that_strategy_and_planning_are_heeded(
    registry: Registry, paper: Paper, sample: Sample, judge: Judge, *, conforms: bool
) -> None:
    """003 §6.5, bullet 2: whatever is said of the first; the documents are named. §6.5: the head of the body signs."""
    data = sample("icra-orqani-mektubu") | ({} if conforms else {"conforms": False, "grounds": "Əsas."})
    assert judge("icra-orqani-mektubu", data) == {}
    line = provision(paper("icra-orqani-mektubu"), "2")
    assert data["strategy"] in line
    assert data["scheme"] in line
    assert line.endswith("nəzərə alınmaqla həyata keçirilir.")
    for missing in ("strategy", "scheme"):
        assert missing in judge("icra-orqani-mektubu", data | {missing: " "})
    instrument = registry.get("icra-orqani-mektubu")
    (head,) = instrument.signatories(instrument.validate(data))
    # 003 §6.5
    assert (head.person_id, head.role_label) == ("ih-p1", "Sumqayıt Şəhər İcra Hakimiyyətinin rəhbəri")


def test_the_report_says_who_submits_it_to_whom(paper: Paper) -> None:
    """001 §5.7: the Agency, to the Cabinet of Ministers."""
    (opening,) = [line for line in paper("kq-illik-hesabat") if "5.7-ci" in line]
    assert opening.endswith("Agentlik tərəfindən Azərbaycan Respublikasının Nazirlər Kabinetinə təqdim edilir.")


def test_the_notice_tells_place_date_time_and_agenda(paper: Paper, sample: Sample) -> None:
    """001 §5.6.1: iclasın yeri, tarixi, vaxtı və gündəliyi."""
    data, text = sample("kq-bildiris"), "\n".join(paper("kq-bildiris"))
    assert data["meeting"]["place"] in text
    assert "20 noyabr 2026-cı il" in text.replace("«", "").replace("»", "")
    assert "15:00" in text
    assert [a["title"] for a in data["agenda"] if a["title"] not in text] == []


@pytest.mark.parametrize(
    ("bullet", "said"),
    [
        (1, "daxil olan təsisçilər haqqında"), (2, "illik hesabatların surətləri"),
        (3, "audit hesabatlarının surətləri"), (4, "görüşlər və tədbirlərin cədvəlləri"),
        (5, "sazişlərin müvafiq qaydada təsdiq edilmiş surəti"), (6, "xidmətlərinin təsviri"),
        (7, "funksiyaların ətraflı təsviri"),
    ],
)  # fmt: skip
def test_portal_materials_without_one_of_the_sections_are_refused(
    paper: Paper, sample: Sample, judge: Judge, bullet: int, said: str
) -> None:
    """003 §6.6 bullet 1–8: the first seven one by one; the last, other information, may be left out."""
    assert [line for line in paper("portal-istinad-materiallari") if line.startswith(f"{bullet}. ") and said in line]
    data = sample("portal-istinad-materiallari")
    pages = data["sections"]
    missing = judge("portal-istinad-materiallari", data | {"sections": pages[: bullet - 1] + pages[bullet:]})
    assert [f.code for f in missing.values()] == ["portal.section_missing"]
    assert said in str(missing["sections"].params["section"])
    assert judge("portal-istinad-materiallari", data | {"sections": pages[:7]}) == {}


@pytest.mark.parametrize(
    ("row", "title"),
    [
        (1, "Layihənin adı"), (2, "Layihənin qısa təsviri"), (3, "Layihənin təşəbbüskarı(ları)"),
        (4, "Layihənin iştirakçıları"), (5, "Vəsait alan"), (6, "Layihənin ümumi dəyəri"),
        (7, "Layihənin təşəbbüskarlarının şəxsi vəsaitləri"),
        (8, "Maliyyə-kredit təşkilatlarının gözlənilən iştirakı"),
        (9, "Maliyyə-kredit təşkilatlarından tələb olunan maliyyələşdirmə növü"),
        (10, "Layihənin həyata keçirilmə müddəti, məzmunu və maliyyələşdirilmə mərhələləri"),
        (11, "Layihənin özünü ödəmə müddəti"), (12, "Layihənin işlənmə səviyyəsi"),
        (13, "Layihənin icrasına məsul olan şəxsin əlaqə məlumatları (SAA, vəzifəsi, iş yeri, telefonu, e-mail)"),
    ],
)  # fmt: skip
def test_the_passport_of_a_joint_project_has_each_row_with_something_in_it(
    registry: Registry, sample: Sample, row: int, title: str
) -> None:
    """003 Əlavə 11 row 1–13, one by one."""
    instrument = registry.get("birge-layihe-pasportu")
    rows = instrument.context(instrument.validate(sample("birge-layihe-pasportu")))["project"]["rows"]
    found = rows[row - 1]
    assert (found["no"], found["title"]) == (f"{row}.", title)
    assert [line for line in found["lines"] if line.strip()]


# Nümunəsi itmiş və ya natamam formalar


@pytest.mark.parametrize(("name", "annex"), [("klaster-pasport", "Əlavə 14"), ("klaster-tesis-protokolu", "Əlavə 2")])
def test_what_was_lost_in_the_source_is_marked_in_the_manifest(name: str, annex: str) -> None:
    """003 Əlavə 14: the form is lost; the template says what is reconstructed and from where."""
    manifest: dict[str, Any] = tomllib.loads((TEMPLATES / f"{name}.v1.toml").read_text(encoding="utf-8"))
    assert [part for part in manifest["reconstructed"] if annex in part and "003 §" in part]


# Anket və xəritə


def test_the_questionnaire_has_thirteen_indicators_over_six_years(registry: Registry, sample: Sample) -> None:
    """003 Əlavə 5: statistical data, actual years, then forecast."""
    instrument = registry.get("klaster-anket")
    context = instrument.context(instrument.validate(sample("klaster-anket")))
    assert [i["no"] for i in context["indicators"]] == [f"{n}." for n in range(1, 14)]
    assert {len(i["values"]) for i in context["indicators"]} == {6}


def test_the_map_shows_every_organisation_at_its_place_once(registry: Registry, sample: Sample) -> None:
    """003 §5.3.1: the scheme of territory."""
    instrument, data = registry.get("klaster-funksional-xerite"), sample("klaster-funksional-xerite")
    places = instrument.context(instrument.validate(data))["places"]
    shown = {(town["title"], row["name"]) for town in places for row in town["rows"]}
    assert shown == {(o["location"], o["name"]) for o in data["organisations"]}
    assert sum(len(town["rows"]) for town in places) == len(data["organisations"])
