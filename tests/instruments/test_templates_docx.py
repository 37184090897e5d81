"""The committed templates: what builds them, what they need, and how they are made."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tomllib
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from doc_service.domain.documents import Registration
from doc_service.domain.errors import DomainError
from doc_service.instruments.registry import Registry, default_registry
from doc_service.ports import FieldSpec
from doc_service.rendering.fill import TemplateFiller

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates" / "docx"
IDS = tuple(i.id for i in default_registry().all())
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="session")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("templates")
    subprocess.run(
        [sys.executable, ROOT / "tools" / "build_templates.py", "--out", out], check=True, capture_output=True
    )
    return out


def part(docx: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return etree.fromstring(archive.read(name))


def template(name: str) -> bytes:
    return (TEMPLATES / f"{name}.v1.docx").read_bytes()


def manifest_of(name: str) -> dict[str, Any]:
    return tomllib.loads((TEMPLATES / f"{name}.v1.toml").read_text(encoding="utf-8"))


def sheet(page: dict[str, Any]) -> list[int]:
    """Width and height of the manifest's paper, millimetres."""
    short, long = {"A4": (210, 297), "A3": (297, 420)}[page["size"]]
    return [long, short] if page.get("landscape") else [short, long]


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("ending", ["docx", "toml", "sample.json"])
def test_the_committed_files_are_what_the_program_builds(rebuilt: Path, name: str, ending: str) -> None:
    file = f"{name}.v1.{ending}"
    assert (rebuilt / file).read_bytes() == (TEMPLATES / file).read_bytes(), f"run make templates: {file}"


def test_nothing_is_built_that_no_instrument_uses(rebuilt: Path) -> None:
    assert {f.name for f in rebuilt.iterdir()} == {
        f"{name}.v1.{ending}" for name in IDS for ending in ("docx", "toml", "sample.json")
    }


@pytest.mark.parametrize("name", IDS)
def test_the_manifest_names_exactly_the_variables_of_the_context(registry: Registry, name: str) -> None:
    instrument = registry.get(name)
    manifest = tomllib.loads((TEMPLATES / f"{name}.v1.toml").read_text(encoding="utf-8"))
    assert set(manifest["variables"]) == set(instrument.context(instrument.validate(instrument.sample())))
    assert manifest["title"] == instrument.title_az
    assert manifest["language"] == "az-Latn-AZ"
    assert manifest["reconstructed"]
    page = manifest["page"]
    if name.startswith("kq-") and not page.get("landscape"):
        assert [page[f"margin_{side}"] for side in ("left", "right", "top", "bottom")] == [30, 10, 20, 20]
        assert (page["text"], page["table"]) == (14, 12)
    assert (TEMPLATES / manifest["sample"]).is_file()


@pytest.mark.parametrize("name", IDS)
def test_every_signatory_has_one_anchor(registry: Registry, fill: Any, name: str) -> None:
    instrument = registry.get(name)
    raw = instrument.sample()
    document = part(fill(instrument, raw), "word/document.xml")
    names = [b.get(f"{W}name") for b in document.iter(f"{W}bookmarkStart")]
    assert names == [s.field for s in instrument.signatories(instrument.validate(raw))]
    assert not re.search(r"[{}]|%}", "".join(document.itertext()))


@pytest.mark.parametrize("name", IDS)
def test_each_missing_variable_is_an_error_that_names_it(registry: Registry, name: str) -> None:
    instrument = registry.get(name)
    model = instrument.validate(instrument.sample())
    context, filler = instrument.context(model), TemplateFiller()
    fields = [FieldSpec(s.field, s.role_label) for s in instrument.signatories(model)]
    fixed: dict[str, Any] = {"title": "", "language": "az-Latn-AZ", "issued_at": datetime(2026, 1, 1, tzinfo=UTC)}
    for variable in context:
        left = {k: v for k, v in context.items() if k != variable}
        with pytest.raises(DomainError) as caught:
            filler.fill(template(name), left, fields, **fixed)
        assert caught.value.code == "template.unknown_variable"
        assert variable in str(caught.value.faults[0].params)


@pytest.mark.parametrize("name", IDS)
def test_language_fonts_page_and_typography(name: str) -> None:
    styles, settings = part(template(name), "word/styles.xml"), part(template(name), "word/settings.xml")
    document = part(template(name), "word/document.xml")
    defaults = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    assert defaults.find(f"{W}lang").get(f"{W}val") == "az-Latn-AZ"
    assert settings.find(f"{W}themeFontLang").get(f"{W}val") == "az-Latn-AZ"
    assert settings.find(f"{W}autoHyphenation").get(f"{W}val") == "0"
    assert styles.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr/{W}widowControl") is not None
    page = manifest_of(name)["page"]
    assert defaults.find(f"{W}sz").get(f"{W}val") == str(page["text"] * 2)
    for root in (styles, document):
        for fonts in root.iter(f"{W}rFonts"):
            assert set(fonts.attrib.values()) <= {"Noto Serif", "Noto Sans"}
    margins, size = document.find(f".//{W}pgMar"), document.find(f".//{W}pgSz")
    for side in ("left", "right", "top", "bottom"):
        assert round(int(margins.get(f"{W}{side}")) * 25.4 / 1440) == page[f"margin_{side}"]
    assert [round(int(size.get(f"{W}{s}")) * 25.4 / 1440) for s in ("w", "h")] == sheet(page)


def longer_than_a_page(row: etree._Element) -> bool:
    """The row is printed in place of another where the values are long."""
    before = row.getprevious()
    return before is not None and re.search(r"{%tr if .*\|length > \d+ %}", "".join(before.itertext())) is not None


@pytest.mark.parametrize("name", IDS)
def test_no_row_has_a_fixed_height(name: str) -> None:
    """Rows grow with what they hold: nothing is cut by a cell's edge."""
    heights = part(template(name), "word/document.xml").iter(f"{W}trHeight")
    assert {height.get(f"{W}hRule") for height in heights} <= {"atLeast"}


@pytest.mark.parametrize("name", IDS)
def test_ruled_tables_repeat_their_heading_and_no_printed_row_is_parted(name: str) -> None:
    """A form of labels and values has no heading to repeat, and its values may be longer than a page."""
    document, page = part(template(name), "word/document.xml"), manifest_of(name)["page"]
    widths_of_text = {sheet(page)[0] - page["margin_left"] - page["margin_right"], *section_widths(document)}
    for table in document.iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        printed = [row for row in rows if "{%tr" not in "".join(row.itertext())]
        ruled = table.find(f"{W}tblPr/{W}tblBorders/{W}insideH").get(f"{W}val") == "single"
        form = ruled and len(table.findall(f"{W}tblGrid/{W}gridCol")) == 2 and not shaded(printed[0])
        if ruled and not form and not headed_by_the_page(name, table):
            assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        for row in printed:
            assert form or longer_than_a_page(row) or row.find(f"{W}trPr/{W}cantSplit") is not None
        width = sum(int(c.get(f"{W}w")) for c in table.findall(f"{W}tblGrid/{W}gridCol"))
        assert min(abs(width * 25.4 / 1440 - wide) for wide in widths_of_text) < 0.5


def section_widths(document: etree._Element) -> list[float]:
    """Widths of the text of every section, millimetres: annexes may lie across, drawings be on larger sheets."""
    found = []
    for section in document.iter(f"{W}sectPr"):
        size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
        width = int(size.get(f"{W}w")) - int(margins.get(f"{W}left")) - int(margins.get(f"{W}right"))
        found.append(width * 25.4 / 1440)
    return found


def headed_by_the_page(name: str, table: etree._Element) -> bool:
    """Whether the page header carries the heading of a table with these columns: one that is parted into several."""
    with zipfile.ZipFile(TEMPLATES / f"{name}.v1.docx") as archive:
        headers = [etree.fromstring(archive.read(n)) for n in archive.namelist() if "word/header" in n]
    return grid(table) in [grid(found) for header in headers for found in header.iter(f"{W}tbl")]


def grid(table: etree._Element) -> list[str]:
    return [str(column.get(f"{W}w")) for column in table.findall(f"{W}tblGrid/{W}gridCol")]


def shaded(row: etree._Element) -> bool:
    return row.find(f"{W}tc/{W}tcPr/{W}shd") is not None


@pytest.mark.parametrize("name", IDS)
def test_the_signature_cells_hold_the_declared_field(name: str) -> None:
    signature = manifest_of(name).get("signature")
    document = part(template(name), "word/document.xml")
    cells = [c for c in document.iter(f"{W}tc") if "|anchor" in "".join(c.itertext())]
    assert bool(cells) == (signature is not None)
    for cell in cells:
        height = cell.getparent().find(f"{W}trPr/{W}trHeight")
        assert int(height.get(f"{W}val")) >= (signature["height"] + 8) * 20
        assert int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w")) >= (signature["width"] + 2 * 4.25) * 20
        assert len(cell.findall(f"{W}p")) == 1


@pytest.mark.parametrize("name", IDS)
def test_headings_keep_with_what_follows_and_pages_are_counted(name: str) -> None:
    styles = part(template(name), "word/styles.xml")
    for level in (1, 2, 3):
        (style,) = [s for s in styles.iter(f"{W}style") if s.get(f"{W}styleId") == f"Heading{level}"]
        keep = style.find(f"{W}pPr/{W}keepNext")
        assert keep is not None
        assert keep.get(f"{W}val", "1") in {"1", "true", "on"}
    with zipfile.ZipFile(TEMPLATES / f"{name}.v1.docx") as archive:
        footers = "".join(archive.read(n).decode() for n in archive.namelist() if "footer" in n)
        outside = [n for n in archive.namelist() if n.endswith(".rels") and b"External" in archive.read(n)]
    assert " PAGE " in footers
    assert " NUMPAGES " in footers
    assert "line.number" in footers
    assert not outside


@pytest.mark.parametrize("name", IDS)
def test_equal_data_fill_to_equal_bytes(registry: Registry, fill: Any, registration: Registration, name: str) -> None:
    instrument = registry.get(name)
    assert fill(instrument, instrument.sample(), registration) == fill(instrument, instrument.sample(), registration)
