"""Agreement, charter, application, letter and portal materials (003 §4.6, §5.8, §6.2–6.6, Əlavə 13)."""

from __future__ import annotations

import base64
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from doc_service.instruments.cluster.lists import lettered
from doc_service.instruments.cluster.portal_istinad_materiallari import REQUIRED, SECTIONS
from doc_service.instruments.registry import default_registry

REGISTRY = default_registry()
TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "docx"
Sample = Callable[[str], dict[str, Any]]


def codes(faults: Any) -> dict[str, str]:
    return {field: f.code for field, f in faults.items()}


def wording(name: str) -> str:
    """The text of a template, its tags left out."""
    with zipfile.ZipFile(TEMPLATES / f"{name}.v1.docx") as archive:
        xml = archive.read("word/document.xml").decode()
    text = re.sub(r"<[^>]+>", "", xml.replace("</w:p>", "\n"))
    return re.sub(r"\{%.*?%\}", "", text)


@pytest.mark.parametrize(
    "provision",
    [
        "8.1. İxtisaslaşdırılmış təşkilatın əsas vəzifəsi Azərbaycan Respublikasının ərazi inkişafı strategiyası",
        "funksional xəritə bu Sazişin ayrılmaz hissəsidir",
        "iştirakçılarının fəaliyyətinin monitorinqini və koordinasiyasını yerinə yetirməkdir",
    ],
)
def test_the_agreement_carries_the_three_provisions_of_the_methodology(provision: str) -> None:
    """003 §5.8 a), b), c)."""
    assert provision in wording("klaster-yaradilmasi-sazisi")


@pytest.mark.parametrize(
    "section",
    [
        "3. Klasterin yaradılmasının məqsədi, vəzifələri və gözlənilən nəticələr",
        "4. Klasterin iştirakçıları və infrastrukturu",
        "5. Klasterin üzvləri arasında qarşılıqlı əlaqə prinsipləri",
        "6. Klasterin üzvlərinin qəbul edilməsi və Klasterin tərkibindən çıxması",
        "7. Klasterin strukturu və idarə olunması qaydaları",
        "8. İxtisaslaşdırılmış təşkilatın vəzifələri və hüquqları",
    ],
)
def test_the_agreement_has_the_recommended_sections(section: str) -> None:
    """003 Əlavə 13 §8: list of participants, goals, principles, admission, structure, specialised organisation."""
    assert section in wording("klaster-yaradilmasi-sazisi")


@pytest.mark.parametrize(
    ("letter", "provision"),
    [
        ("a", "7.3. Rəhbər:"),
        ("b", "5. Klasterin üzvlərinin və Təşkilatın qarşılıqlı hüquq və vəzifələri"),
        ("c", "8. İnkişaf proqramının və birgə layihələrin təsdiqi, idarə edilməsi və monitorinqi"),
        ("ç", "9. Dövlət orqanları ilə qarşılıqlı əlaqə"),
        ("d", "10. Maliyyə-kredit təşkilatları, dövlət şirkətləri və inkişaf institutları ilə qarşılıqlı əlaqə"),
        ("e", "aşağıdakı ödənişli xidmətləri göstərə bilər"),
        ("ə", "12. Təşkilatın fəaliyyətinin maliyyələşdirilməsi"),
        ("f", "7.1. Təşkilatın vahid icra orqanı onun rəhbəridir"),
        ("g", "13. İşçilər və onların əməyinin ödənilməsi"),
        ("ğ", "14. Fəaliyyətin monitorinqi və səmərəliliyinin qiymətləndirilməsi"),
        ("h", "15. Təşkilatın yenidən təşkili, növünün dəyişdirilməsi və ləğvi"),
    ],
)
def test_the_charter_rules_what_the_methodology_asks(letter: str, provision: str) -> None:
    """003 §4.6 a)–h), one by one."""
    assert provision in wording("klaster-nizamname"), letter


@pytest.mark.parametrize("name", ["klaster-yaradilmasi-sazisi", "klaster-nizamname"])
def test_provisions_are_numbered_without_a_gap(name: str) -> None:
    """Sections 1, 2, 3 … and in each of them provisions n.1, n.2, n.3 …"""
    numbers = [(int(a), int(b)) for a, b in re.findall(r"^(\d+)\.(\d+)\. ", wording(name), re.MULTILINE)]
    sections = [int(n) for n in re.findall(r"^(\d+)\. [A-ZƏĞİÖÜŞÇ]", wording(name), re.MULTILINE)]
    assert sections == list(range(1, len(sections) + 1))
    for section in {a for a, _ in numbers}:
        found = [b for a, b in numbers if a == section]
        assert found == list(range(1, len(found) + 1)), section


def test_the_rules_of_the_agreement(sample: Sample, judge: Any) -> None:
    """003 §5.8: after approval and consent; 003 Əlavə 13 §4 bullet 8: at least ten members; each party once."""
    data = sample("klaster-yaradilmasi-sazisi")
    data["approval"]["held_on"] = "2026-12-25"
    data["functional_map"]["registered_on"] = "2026-12-26"
    data["members"] = data["members"][:9]
    data["members"][8]["organisation"]["voen"] = data["members"][0]["organisation"]["voen"]
    data["executives"][1]["organisation"]["voen"] = data["executives"][0]["organisation"]["voen"]
    data["valid_until"] = "2026-12-24"
    assert codes(judge("klaster-yaradilmasi-sazisi", data)) == {
        "approval.held_on": "agreement.before_approval",
        "functional_map.registered_on": "agreement.before_approval",
        "members": "application.too_few_members",
        "members[8].organisation.voen": "organisation.repeated",
        "executives[1].organisation.voen": "organisation.repeated",
        "valid_until": "plan.term_reversed",
    }


def test_the_heads_of_the_parties_sign_the_agreement(sample: Sample) -> None:
    """003 §5.8, signatories: the specialised organisation, then the heads of the executive bodies."""
    instrument = REGISTRY.get("klaster-yaradilmasi-sazisi")
    data = instrument.validate(sample("klaster-yaradilmasi-sazisi"))
    assert [(s.person_id, s.order) for s in instrument.signatories(data)] == [
        ("kl-rehber", 1),
        ("ih-p1", 2),
        ("ih-p2", 2),
    ]
    context = instrument.context(data)
    assert (context["participants"], context["infrastructure"]) == ("8 (səkkiz)", "4 (dörd)")
    assert context["tasks"][0].startswith("a) ")
    assert context["results"][-1].endswith(".")
    assert "Mirzəyev Elxan Cavad oğlunun şəxsində" in context["parties"]
    assert context["term"] == "qeyri-müəyyən müddətə bağlanır"


def test_lists_are_lettered_by_the_azerbaijani_alphabet() -> None:
    """As the methodology letters its lists: a), b), c), ç), d), e), ə)."""
    assert [text[:2] for text in lettered(["x"] * 7)] == ["a)", "b)", "c)", "ç)", "d)", "e)", "ə)"]
    assert lettered(["bir;", "iki."]) == ["a) bir;", "b) iki."]
    assert lettered(["x"] * 33)[32] == "aa) x."
    assert lettered([]) == []


def test_the_rules_of_the_charter(sample: Sample, judge: Any) -> None:
    """003 Əlavə 13 §7.1: participants hold at least half of the board; founders act on documents in force."""
    data = sample("klaster-nizamname") | {"board_participants": 3}
    data["founders"][3]["representative"]["authority"]["issued_on"] = "2026-03-13"
    data["founders"][2]["representative"]["person"]["id"] = "kl-p01"
    assert codes(judge("klaster-nizamname", data)) == {
        "board_participants": "charter.board_share",
        "founders[3].representative.authority": "authority.expired",
        "founders[2].representative.person.id": "founding.representative_repeated",
    }
    data = sample("klaster-nizamname") | {"board_participants": 8}
    assert codes(judge("klaster-nizamname", data)) == {"board_participants": "charter.board_exceeded"}
    assert judge("klaster-nizamname", sample("klaster-nizamname") | {"board_members": 10}) == {}


def test_every_founder_signs_the_charter_together(sample: Sample) -> None:
    """The founders, each by its representative."""
    instrument = REGISTRY.get("klaster-nizamname")
    signatories = instrument.signatories(instrument.validate(sample("klaster-nizamname")))
    assert len(signatories) == 8
    assert {s.order for s in signatories} == {1}
    assert signatories[6].basis == "2026-cı il 5 mart tarixli 06/26 nömrəli etibarnamə"


def test_an_application_without_members_or_project_is_refused(sample: Sample, judge: Any) -> None:
    """003 Əlavə 13 §4 bullet 5, bullet 8: at least ten organisations, at least one cluster project."""
    data = sample("klaster-uygunluq-erizesi") | {"participants": 6, "infrastructure": 3, "projects": 0}
    assert codes(judge("klaster-uygunluq-erizesi", data)) == {
        "participants": "application.too_few_members",
        "projects": "application.no_project",
    }
    assert judge("klaster-uygunluq-erizesi", data | {"infrastructure": 4, "projects": 1}) == {}


def test_the_passport_is_the_first_enclosure_and_the_head_signs(sample: Sample) -> None:
    """003 §6.4: signed by the head, the passport enclosed."""
    instrument = REGISTRY.get("klaster-uygunluq-erizesi")
    data = instrument.validate(sample("klaster-uygunluq-erizesi"))
    context = instrument.context(data)
    assert context["enclosures"][0] == (
        "1. Sənaye klasterinin pasportu (2026-cı il 21 dekabr tarixli KL-PS-1/2026 nömrəli sənəd)"
    )
    (head,) = instrument.signatories(data)
    assert head.role_label == "Abşeron polimer sənaye klasterinin ixtisaslaşdırılmış təşkilatının rəhbəri"


def test_the_executive_head_confirms_or_gives_reasons(sample: Sample, judge: Any) -> None:
    """003 §6.5 bullet 1: the activity serves the aim by the functional map, or its non-conformity is reasoned."""
    data = sample("icra-orqani-mektubu")
    assert codes(judge("icra-orqani-mektubu", data | {"conforms": False})) == {"grounds": "executive.grounds_missing"}
    assert codes(judge("icra-orqani-mektubu", data | {"grounds": "Əsas"})) == {
        "grounds": "executive.grounds_unexpected"
    }
    assert judge("icra-orqani-mektubu", data | {"conforms": False, "grounds": "Əsas"}) == {}
    instrument = REGISTRY.get("icra-orqani-mektubu")
    (head,) = instrument.signatories(instrument.validate(data))
    assert head.person_id == "ih-p1"


@pytest.mark.parametrize("section", REQUIRED)
def test_every_required_section_of_the_portal_is_shown(sample: Sample, judge: Any, section: str) -> None:
    """003 §6.6: URL and screen image of each section."""
    data = sample("portal-istinad-materiallari")
    data["sections"] = [s for s in data["sections"] if s["section"] != section]
    found = judge("portal-istinad-materiallari", data)
    assert codes(found) == {"sections": "portal.section_missing"}
    assert found["sections"].params == {"section": SECTIONS[section]}


def test_addresses_days_and_images_of_the_portal_are_checked(sample: Sample, judge: Any) -> None:
    """003 §6.6: addresses of the cluster's own portal, images that are images."""
    data = sample("portal-istinad-materiallari")
    pages = data["sections"]
    pages[0]["url"] = "klaster.example/tesisciler"
    pages[1]["url"] = "https://klaster.example.com/illik"
    pages[2]["url"] = "https://arxiv.klaster.example/audit"
    pages[3]["captured_on"] = "2026-12-23"
    pages[4]["image"]["content"] = base64.b64encode(b"GIF89a").decode()
    pages[5]["image"]["content"] = "AAAAA"
    assert codes(judge("portal-istinad-materiallari", data)) == {
        "sections[0].url": "portal.url",
        "sections[1].url": "portal.other_site",
        "sections[3].captured_on": "portal.captured_late",
        "sections[4].image.content": "image.unusable",
        "sections[5].image.content": "image.not_base64",
    }
    data = sample("portal-istinad-materiallari")
    data["sections"][0]["url"] = "https://yad-klaster.example/tesisciler"
    assert codes(judge("portal-istinad-materiallari", data)) == {"sections[0].url": "portal.other_site"}
    data = sample("portal-istinad-materiallari") | {"portal": "ftp://klaster.example"}
    assert codes(judge("portal-istinad-materiallari", data)) == {"portal": "portal.url"}


def test_pages_are_printed_in_the_order_of_the_clause_with_their_images(sample: Sample) -> None:
    """003 §6.6, in its order; the same picture names in text and pictures."""
    instrument = REGISTRY.get("portal-istinad-materiallari")
    raw = sample("portal-istinad-materiallari")
    raw["sections"].reverse()
    data = instrument.validate(raw)
    context = instrument.context(data)
    assert context["sections"][0]["title"].startswith("1. İşgüzar əlaqələrin qurulması")
    assert [s["picture"] for s in context["sections"]] == [p.name for p in instrument.pictures(data)]
    assert instrument.pictures(data)[7].alt == raw["sections"][0]["image"]["description"]
