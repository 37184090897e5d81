"""The pages as LibreOffice prints them: fonts, headings on each page, page numbers, awkward data."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from doc_service.domain.azerbaijani import upper
from doc_service.domain.documents import Registration
from doc_service.instruments.registry import Registry

LONG = (
    "Azərbaycan Respublikasının “Uzunadlı & Bir <Sözlə> Çox 'Geniş' Səlahiyyətli” Dövlət Orqanlarının "
    "Əlaqələndirilməsi, İnkişafı və Beynəlxalq Əməkdaşlıq Məsələləri üzrə Səlahiyyətli Nümayəndəliyinin Baş İdarəsi"
)


def pages(pdf: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    return text.split("\f")[:-1]


def words(text: str) -> str:
    return " ".join(text.split())


def fonts(pdf: Path) -> set[str]:
    listed = subprocess.run(["pdffonts", pdf], check=True, capture_output=True, text=True).stdout
    return {line.split()[0].partition("+")[2] for line in listed.splitlines()[2:]}


def awkward(registry: Registry) -> dict[str, Any]:
    """Sixty members with names of 200 characters, nobody invited, an item without an act, one paragraph of pages."""
    instrument = registry.get("kq-protokol")
    raw = instrument.sample()
    pattern = raw["members"][5]
    extra = range(16, 61)
    raw["members"] += [
        {"person": pattern["person"] | {"id": f"kq-{n}", "organisation": LONG, "post": LONG}, "role": "member"}
        for n in extra
    ]
    raw["attendance"] += [{"member_id": f"kq-{n}", "presence": "present"} for n in extra]
    raw["invited"], raw["annexes"], raw["body"]["contact"] = [], [], ""
    raw["items"][1]["speakers"] = []
    raw["items"][3] = {"number": 4}
    raw["items"][0]["discussion"] = 'Uzun & <paraqraf> "dırnaqda" davam edir; ' * 200
    assert instrument.check(instrument.validate(raw)) == ()
    return raw


@pytest.fixture(scope="session")
def printed(registry: Registry, registration: Registration, fill: Any, to_pdf: Any) -> dict[str, Path]:
    """The samples of a meeting's papers, and the awkward protocol, as PDF."""
    documents = {i.id: fill(i, i.sample(), registration) for i in registry.all()[:6]}
    documents["awkward"] = fill(registry.get("kq-protokol"), awkward(registry))
    return to_pdf(documents)


@pytest.fixture(scope="session")
def protocol_pdf(printed: dict[str, Path]) -> Path:
    return printed["kq-protokol"]


@pytest.fixture(scope="session")
def awkward_pdf(printed: dict[str, Path]) -> Path:
    return printed["awkward"]


def test_every_glyph_comes_from_noto(protocol_pdf: Path, awkward_pdf: Path) -> None:
    for pdf in (protocol_pdf, awkward_pdf):
        assert fonts(pdf) <= {"NotoSerif-Regular", "NotoSerif-Bold", "NotoSans-Regular"}


def test_each_page_says_its_number_and_the_documents(protocol_pdf: Path) -> None:
    sheets = pages(protocol_pdf)
    for number, text in enumerate(sheets, 1):
        last = text.strip().splitlines()[-1]
        assert words(last) == f"№ 3-21-5/KQ-P-12/2026 Səhifə {number} / {len(sheets)}"


def test_the_protocol_prints_what_the_record_holds(protocol_pdf: Path) -> None:
    """001 §5.6.7: the protocol, with quorum and votes (001 §5.9)."""
    text = words(" ".join(pages(protocol_pdf)))
    for stated in (
        "«20» noyabr 2026-cı il", "İCLASIN PROTOKOLU", "Növbəti iclas, № 2", "15 (on beş) üzvdən",
        "Yetərsay üçün azı 8 (səkkiz)", "16 noyabr 2026-cı", "Səsvermənin nəticələri:", "5 5 2 0 Qəbul edildi",
        "3 7 2 0 Qəbul edilmədi", "Həsənov Elçin Rauf oğlunun lehinə verdiyi səs",
    ):  # fmt: skip
        assert stated in text, stated


def test_no_heading_stands_last_on_a_page(protocol_pdf: Path, awkward_pdf: Path) -> None:
    headings = re.compile(
        r"(İştirak edən üzvlər|Nümayəndəsi vasitəsilə.*|İştirak etməyən üzvlər|Dəvət olunan şəxslər|Yetərsay|Gündəlik"
        r"|Məsələlərin müzakirəsi|Əlavələr|İmzalar|Dinlənildi:|Səsvermənin nəticələri:|№ +Soyadı.*|Vəzifəsi +İmzası.*)"
    )
    for pdf in (protocol_pdf, awkward_pdf):
        for number, text in enumerate(pages(pdf), 1):
            body = [line.strip() for line in text.strip().splitlines() if line.strip()][:-1]
            assert not headings.fullmatch(body[-1]), f"page {number}: {body[-1]}"


def test_tables_over_pages_repeat_their_heading(awkward_pdf: Path) -> None:
    sheets = pages(awkward_pdf)
    with_members = [t for t in sheets if t.count("Geniş") > 2]
    assert len(with_members) >= 15
    for text in with_members:
        first = words(text.strip().splitlines()[0])
        assert first.startswith(("№ Soyadı", "Soyadı, adı", "Vəzifəsi")), first


def test_awkward_data_are_printed_whole(awkward_pdf: Path) -> None:
    text = words(" ".join(pages(awkward_pdf)))
    assert text.count("Bir <Sözlə> Çox 'Geniş'") >= 45
    assert 'Uzun & <paraqraf> "dırnaqda"' in text
    for stated in ("İclasa digər şəxslər dəvət edilməmişdir.", "Məsələ üzrə akt səsə qoyulmamışdır.",
                   "«____» ______________ 20____ il", "№ ______________"):  # fmt: skip
        assert stated in text, stated
    assert "Əlavələr" not in text


@pytest.mark.parametrize("name", ["kq-qerar", "kq-teklif", "kq-tovsiye", "kq-gundelik", "kq-bildiris"])
def test_the_other_instruments_fit_their_pages(registry: Registry, printed: dict[str, Path], name: str) -> None:
    sheets = pages(printed[name])
    assert len(sheets) == (2 if name == "kq-bildiris" else 1)
    assert fonts(printed[name]) <= {"NotoSerif-Regular", "NotoSerif-Bold", "NotoSans-Regular"}
    assert upper(registry.get(name).title_az) in words(sheets[0])
