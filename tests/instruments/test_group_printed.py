"""Awkward data on the pages of the Coordination Group's papers: whole, in our fonts, no signature alone."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from doc_service.domain.documents import Registration
from doc_service.instruments.registry import Registry
from tests.instruments.test_printed_pages import LONG, fonts, pages, words

PROSE = 'Uzun & <paraqraf> "dırnaqda" davam edir; ' * 60
MARKED = "Sağdan sola \u200fışarə\u200f ilə ad"


def awkward(name: str, raw: dict[str, Any]) -> dict[str, Any]:
    if name == "kq-mektub":
        raw |= {"kind": "ordinary", "recommendation": None, "executor": None, "text": f"{PROSE}\n{MARKED}"}
        raw["addressee"] = {"organisation": LONG, "post": LONG, "name": None}
        raw["annexes"] = [{"title": f"{n} – {LONG}", "sheets": None} for n in range(1, 16)]
    elif name == "kq-fealiyyet-proqrami":
        pattern = raw["directions"][0]["measures"][0]
        long = pattern | {"title": LONG, "responsible": [LONG, MARKED], "result": ""}
        raw["directions"][0] |= {"title": LONG, "measures": [long] * 4}
    elif name == "kq-illik-hesabat":
        row = raw["members"][0] | {"organisation": LONG, "in_person": 0, "absent": 3}
        raw["members"] += [row] * 10
        raw |= {"overview": f"{PROSE}\n{MARKED}", "problems": "", "proposals": "", "recommendations": []}
    elif name == "kq-cixaris":
        item = raw["items"][0]
        raw["items"] = [item | {"title": LONG, "discussion": PROSE}, item | {"number": 3, "title": MARKED, "act": None}]
        raw["signatures"] = [s | {"name": LONG[:200], "in_place_of": MARKED} for s in raw["signatures"] * 3]
        raw["verification"], raw["seal"]["name"] = None, LONG
    elif name == "kq-derc":
        raw["items"] = [{"title": LONG, "discussion": PROSE, "act": None}, {"title": MARKED}]
    else:
        pattern = raw["sections"][0]["cases"][0]
        raw["sections"][0]["cases"] += [pattern | {"index": f"X-{n}", "title": LONG, "note": MARKED} for n in range(8)]
    return raw


NAMES = ("kq-mektub", "kq-fealiyyet-proqrami", "kq-illik-hesabat", "kq-cixaris", "kq-derc", "isler-nomenklaturu")


@pytest.fixture(scope="module")
def printed(registry: Registry, fill: Any, to_pdf: Any, registration: Registration) -> dict[str, Path]:
    """All of them in one run of LibreOffice."""
    documents = {}
    for name in NAMES:
        instrument, raw = registry.get(name), awkward(name, registry.get(name).sample())
        assert instrument.check(instrument.validate(raw)) == ()
        documents[f"awkward-{name}"] = fill(instrument, raw, registration)
    return dict(to_pdf(documents))


@pytest.mark.parametrize("name", NAMES)
def test_long_names_marks_and_paragraphs_are_printed_whole(printed: dict[str, Path], name: str) -> None:
    pdf = printed[f"awkward-{name}"]
    text = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout
    joined = words(text).replace(" ", "")
    assert LONG.replace(" ", "")[:120] in joined
    assert "Sağdansola" in joined
    assert {font.partition("-")[0] for font in fonts(pdf)} <= {"NotoSerif", "NotoSans", "NotoSansHebrew"}


def test_no_signature_stands_alone_on_its_page(printed: dict[str, Path]) -> None:
    """Something of the document stands above the block of the one who signs."""
    letter = pages(printed["awkward-kq-mektub"])[-1]
    assert words(letter).startswith("15 –") or "Nümayəndəliyinin Baş İdarəsi" in words(letter)
    extract = words(pages(printed["awkward-kq-cixaris"])[-1])
    assert "Əsli ilə düzdür" in extract
    report = words(pages(printed["awkward-kq-illik-hesabat"])[-1])
    assert "Vəzifəsi" in report
    assert "Həsənov Elçin" in report
