"""The pages of the founding documents as LibreOffice prints them, with awkward data: nothing cut, nothing orphaned."""

from __future__ import annotations

import copy
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from doc_service.instruments.registry import Registry

LONG = (
    "“Uzunadlı & Bir <Sözlə> Çox 'Geniş' Fəaliyyətli\u200f İstehsalat, Emal, Daşınma və Beynəlxalq Ticarət Birliyi: "
    "Abşeron Yarımadasının Kimya, Neft-Kimya və Polimer Sənayesi Müəssisələrinin Könüllü Birliyi”"
)
"""Two hundred characters with quotes, signs of XML and a right-to-left mark."""

PARAGRAPH = 'Uzun & <paraqraf> "dırnaqda" davam edir; ' * 150
FIRST, LAST = "<Sözlə>", "Birliyi”"
"""A word near the beginning and the last one of the long name: a cell prints neither twice nor not at all."""


def pages(pdf: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    return text.split("\f")[:-1]


def words(text: str) -> str:
    return " ".join(text.replace("\u200f", "").split())


def plain(pdf: Path) -> str:
    """The text in reading order, cell by cell."""
    return words(subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout)


def voen(number: int) -> str:
    return f"{600000000 + number}1"


def founding(raw: dict[str, Any]) -> dict[str, Any]:
    """Twenty founders with long names and posts."""
    pattern = raw["founders"][1]
    for founder in raw["founders"]:
        founder["organisation"] |= {"name": LONG, "actual_address": LONG}
    for number in range(9, 21):
        founder = copy.deepcopy(pattern)
        founder["organisation"] |= {"voen": voen(number), "state_registration": ""}
        founder["representative"]["person"] |= {"id": f"t{number}", "post": LONG}
        founder["representative"] |= {"phone": "", "email": ""}
        raw["founders"].append(founder)
        for item in raw["items"]:
            item["votes"].append({"voter_id": f"t{number}", "choice": "for"})
    return raw


def plan(raw: dict[str, Any]) -> dict[str, Any]:
    """One group of fifteen long measures, the others empty, no seal."""
    measure = raw["process"][0] | dict.fromkeys(("title", "content", "participants", "resources", "result"), LONG)
    raw |= {"process": [measure] * 15, "technology": [], "infrastructure": [], "other": []}
    raw["organisation"]["has_seal"] = False
    return raw


def agreement(raw: dict[str, Any]) -> dict[str, Any]:
    """Ten executive bodies, and the whole alphabet of tasks."""
    pattern = raw["executives"][1]
    for number in range(3, 11):
        executive = copy.deepcopy(pattern)
        executive["organisation"] |= {"voen": voen(number), "name": LONG}
        executive["head"]["id"] = f"e{number}"
        raw["executives"].append(executive)
    raw["tasks"] = [LONG] * 30
    return raw


def letter(raw: dict[str, Any]) -> dict[str, Any]:
    """Reasons of several pages, no contact line, no executor."""
    raw |= {"conforms": False, "grounds": f"{PARAGRAPH}\n{PARAGRAPH}", "executor": ""}
    raw["executive"]["contact"] = ""
    return raw


AWKWARD = {
    "klaster-tesis-protokolu": founding,
    "klaster-tedbirler-plani": plan,
    "klaster-yaradilmasi-sazisi": agreement,
    "icra-orqani-mektubu": letter,
}


@pytest.fixture(scope="module")
def printed(registry: Registry, fill: Any, to_pdf: Any) -> dict[str, Path]:
    """The awkward documents, and the portal's sample with its images, in one run of LibreOffice."""
    documents = {}
    for name, spoil in AWKWARD.items():
        instrument = registry.get(name)
        raw = spoil(copy.deepcopy(instrument.sample()))
        assert instrument.check(instrument.validate(raw)) == ()
        documents[name] = fill(instrument, raw)
    portal = registry.get("portal-istinad-materiallari")
    documents[portal.id] = fill(portal, portal.sample())
    made: dict[str, Path] = to_pdf(documents)
    return made


def test_long_names_are_printed_whole(printed: dict[str, Path]) -> None:
    """Every name as often as the data hold it: no cell cuts its text."""
    text = plain(printed["klaster-tesis-protokolu"])
    attending, annexed, signing = 19 + 12, 20 + 20 + 12 + 20, 18 + 12
    expected = attending + annexed + signing
    assert (text.count(FIRST), text.count(LAST)) == (expected, expected)
    text = plain(printed["klaster-tedbirler-plani"])
    assert (text.count(FIRST), text.count(LAST)) == (75, 75)
    text = plain(printed["klaster-yaradilmasi-sazisi"])
    assert text.count("Könüllü Birliyi”;") == 29
    assert text.count("Könüllü Birliyi”.") == 1
    assert "aa) “Uzunadlı" not in text
    assert plain(printed["icra-orqani-mektubu"]).count("<paraqraf>") == 300


def test_no_heading_and_no_signature_stands_alone(printed: dict[str, Path]) -> None:
    """Headings keep with what follows; a signature never stands on a page without a line of text before it."""
    last = re.compile(r"(İmzalar|\d+\. Tərəflərin (imzaları|rekvizitləri)|Əlavə edilir:|TƏSDİQ EDİLİB|№ +Təşkilatın.*)")
    for name, pdf in printed.items():
        for number, text in enumerate(pages(pdf), 1):
            lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
            assert not last.fullmatch(lines[-2]), f"{name}, page {number}: {lines[-2]}"
    signed = pages(printed["klaster-tedbirler-plani"])[-1]
    assert "Tədbirlər planı 15 (on beş) tədbiri əhatə edir." in words(signed)
    assert "Allahverdiyev Nicat" in words(signed)


def test_empty_parts_leave_no_trace(printed: dict[str, Path]) -> None:
    """Əlavə 3: the groups of the form stay, "other" goes when empty; no seal, no place for it."""
    text = plain(printed["klaster-tedbirler-plani"])
    assert "3. İnfrastruktur tədbirlər" in text
    assert "digər tədbirlər" not in text
    assert "M.Y." not in text
    assert "İcraçı:" not in plain(printed["icra-orqani-mektubu"])


def test_every_page_is_numbered(printed: dict[str, Path]) -> None:
    for name, pdf in printed.items():
        sheets = pages(pdf)
        for number, text in enumerate(sheets, 1):
            assert words(text).endswith(f"Səhifə {number} / {len(sheets)}"), (name, number)


def test_the_images_of_the_portal_are_in_the_file_without_transparency(printed: dict[str, Path]) -> None:
    """003 §6.6: one screen image a section; PDF/A-3b: RGB or grey without a soft mask."""
    listed = subprocess.run(
        ["pdfimages", "-list", printed["portal-istinad-materiallari"]], check=True, capture_output=True, text=True
    ).stdout
    rows = [line.split() for line in listed.splitlines()[2:]]
    assert len(rows) == 8
    assert {row[2] for row in rows} == {"image"}
    assert {row[5] for row in rows} <= {"rgb", "gray", "index", "icc"}
