"""Pages of the documents of taking part in a cluster: nothing cut, no seam, no signature alone, with awkward data."""

from __future__ import annotations

import copy
import io
import re
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from doc_service.domain.documents import Registration
from doc_service.instruments.cluster.registry_rows import HEADINGS
from doc_service.instruments.registry import Registry
from doc_service.instruments.samples.participation import agreement_sample, party
from doc_service.instruments.samples.questionnaire import questionnaire_sample
from doc_service.instruments.samples.registry import registry_row, registry_sample
from tests.instruments.conftest import Fill, ToPdf

LONG = "“Şüşə & Qab <Əlvan> 'Çınqıl'”" + " Sənaye-İnnovasiya və Təkrar Emal Birliyi" * 4
RIGHT_TO_LEFT = "“Dəniz\u200f Limanı\u200e” & ortaqlar"
NUMBERS = re.compile(r"^ {0,12}(\d{1,3}) {2,}", re.MULTILINE)


def registry_data(rows: int) -> dict[str, Any]:
    data = registry_sample(rows)
    for place, name in ((1, LONG), (4, RIGHT_TO_LEFT)):
        data["rows"][place] |= {"name": name, "legal_form": "", "phone": "", "email": "", "actual_address": ""}
    data["rows"][6]["products"] = "istehsal və emal, " * 20
    data["changes"] = {"added": [data["rows"][-1]["voen"]], "removed": [], "changed": []}
    return data


def agreement_data() -> dict[str, Any]:
    data = agreement_sample()
    for place in range(9, 13):
        data["parties"].append(party(place))
    data["parties"][0]["organisation"]["name"] = LONG
    data["parties"][1]["organisation"] |= {"name": RIGHT_TO_LEFT, "state_registration": ""}
    data["tasks"] = ["qarşılıqlı fəaliyyətin genişləndirilməsi və " + "təkmilləşdirilməsi " * 18] * 12
    return data


def questionnaire_data() -> dict[str, Any]:
    data = questionnaire_sample()
    data["organisation"]["name"] = LONG
    data["projects"][0]["description"] = "Layihənin gözlənilən səmərəsi barədə ətraflı məlumat. " * 90
    data["projects"].append(copy.deepcopy(data["projects"][0]) | {"name": RIGHT_TO_LEFT})
    data["site"] = data["fax"] = data["agreement"] = ""
    return data


DOCUMENTS: Mapping[str, tuple[str, dict[str, Any]]] = {
    **{f"registry-{rows}": ("klaster-reyestr", registry_data(rows)) for rows in (53, 55, 57, 90)},
    "registry-1": ("klaster-reyestr", registry_sample(1) | {
        "edition": 1, "previous": None, "basis": "", "changes": {"added": [], "removed": [], "changed": []}}),
    "agreement": ("klaster-istirak-sazisi", agreement_data()),
    "questionnaire": ("klaster-anket", questionnaire_data()),
}  # fmt: skip


@pytest.fixture(scope="module")
def pages(registry: Registry, fill: Fill, to_pdf: ToPdf, registration: Registration) -> dict[str, list[str]]:
    """The text of every page, by document; all converted in one run."""
    filled = {
        name: fill(registry.get(instrument), data, registration) for name, (instrument, data) in DOCUMENTS.items()
    }
    return {name: text_of(path) for name, path in to_pdf(filled).items()}


def text_of(pdf: Path) -> list[str]:
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True)
    return done.stdout.split("\f")[:-1]


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200e\u200f]+", "", text)


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name.startswith("registry")])
def test_the_column_heading_stands_once_on_every_page_of_the_registry(pages: dict[str, list[str]], name: str) -> None:
    """003 Əlavə 6: it must look like one table, though it is many."""
    for page in pages[name]:
        assert squeezed(page).count(squeezed("Qeyd¹")) == 1
        assert squeezed(page).count(squeezed(HEADINGS[2])) == 1
    for page in pages[name][1:]:
        assert "Qeyd¹" in "\n".join(page.splitlines()[:5])


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name.startswith("registry")])
def test_signature_and_footnotes_stay_with_the_last_rows(pages: dict[str, list[str]], name: str) -> None:
    """No orphaned signature: the page that holds it holds a row of the table above it."""
    last = pages[name][-1]
    assert "Möhür yeri (MY)" in last
    assert "³ Sənaye infrastrukturu" in last
    above = last.partition("¹ Müvafiq qeyd")[0].partition("Qeyd¹")[2]
    assert len(above.splitlines()) > 4


@pytest.mark.parametrize("rows", [53, 90])
def test_every_organisation_is_printed_whole_and_once(pages: dict[str, list[str]], rows: int) -> None:
    text = "".join(squeezed(page) for page in pages[f"registry-{rows}"])
    register, _, annex = text.partition("Əvvəlkinəşrdənfərqlər:")
    for place in range(1, rows + 1):
        assert register.count(registry_row(place)["voen"]) == 1
    added = registry_row(rows)["voen"]
    assert annex.count(added) == 1
    numbers = [int(n) for page in pages[f"registry-{rows}"] for n in NUMBERS.findall(page)]
    assert [n for n in numbers if n <= rows][:rows] == list(range(1, rows + 1))


def test_a_registry_of_one_has_every_group(pages: dict[str, list[str]]) -> None:
    """003 Əlavə 6: two parts and thirteen groups, also the empty ones."""
    text = " ".join("\n".join(pages["registry-1"]).split())
    for title in ("Sənaye klasterinin iştirakçıları", "Sənaye klasterinin infrastrukturu", "Digər təşkilatlar"):
        assert title in text
    assert "fərqlər" not in text


def test_each_party_of_the_agreement_stands_on_one_page_with_its_fields(pages: dict[str, list[str]]) -> None:
    """003 Əlavə 4: thirteen parties; name and place of signature are not parted."""
    labels = [f"{n} nömrəli" for n in range(1, 13)]
    table = [page for page in pages["agreement"] if "Təşkilatın möhürü" in page]
    assert sum(page.count("elektron imzanın") for page in table) == 13
    for label in labels:
        assert sum(bool(re.search(rf"(?<!\d){label}", page)) for page in table) == 1
    for page in table:
        assert len(re.findall(r"\d+ nömrəli|ixtisaslaşdırılmış", page)) >= page.count("elektron imzanın")
    text = squeezed("".join(pages["agreement"]))
    assert squeezed(RIGHT_TO_LEFT) in text


def test_long_answers_of_the_questionnaire_go_on_over_pages(pages: dict[str, list[str]]) -> None:
    """003 Əlavə 5: nothing is cut; the signature keeps company."""
    text = "".join(pages["questionnaire"])
    assert text.count("səmərəsi") == 180
    assert "M.Y." in pages["questionnaire"][-1]
    assert "Göstərici üzrə məlumatlar" in pages["questionnaire"][-1]


def test_the_first_column_holds_a_number_of_four_digits(registry: Registry, fill: Fill) -> None:
    """A registry of 5,000: its last numbers are not broken over two lines. A digit of 8 pt is 1.7 mm wide."""
    docx = fill(registry.get("klaster-reyestr"), registry_sample(1))
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        names = [name for name in archive.namelist() if re.match(r"word/(document|header\d)", name)]
        grids = [re.findall(r'<w:gridCol w:w="(\d+)"', archive.read(name).decode()) for name in names]
    firsts = [grid[0] for grid in grids if len(grid) >= 9]
    assert len(firsts) == 2
    assert all(int(first) * 25.4 / 1440 >= 3.0 + 4 * 1.7 for first in firsts)


def test_no_organisation_is_lost_wherever_a_table_begins(
    registry: Registry, fill: Fill, to_pdf: ToPdf, registration: Registration
) -> None:
    """The registry is many tables; LibreOffice 7.4 lost the second row of one whose first row ended a page."""
    made = fill(registry.get("klaster-reyestr"), registry_data(90), registration)
    moved = {f"moved-{down}": with_top_margin(made, down) for down in range(0, 720, 80)}
    for name, path in to_pdf(moved).items():
        text = "".join(squeezed(page) for page in text_of(path))
        assert [p for p in range(1, 91) if registry_row(p)["voen"] not in text] == [], name


def with_top_margin(docx: bytes, more: int) -> bytes:
    """``more``: twentieths of a point."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as source, zipfile.ZipFile(target, "w") as fresh:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/document.xml":
                part = re.sub(rb'(<w:pgMar w:top=")(\d+)', lambda m: m[1] + str(int(m[2]) + more).encode(), part)
            fresh.writestr(name, part)
    return target.getvalue()
