"""Real templates made on the spot, and one warm LibreOffice for the whole folder."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from doc_service.ports import FieldSpec, RenderRequest
from doc_service.rendering.fill import TemplateFiller
from doc_service.rendering.fonts import FontCatalogue
from doc_service.rendering.graphviz import GraphvizDiagrams, GraphvizSettings
from doc_service.rendering.isolation import network_prefix
from doc_service.rendering.office import OfficePool, converter_version
from doc_service.rendering.office_worker import OfficeSettings
from doc_service.rendering.renderer import OfficeRenderer
from doc_service.rendering.templates import TemplateStore
from signing.appearance_font import AppearanceFont
from signing.fields import PdfFieldPlacer

ISSUED = datetime(2026, 3, 5, 9, 30, 15, tzinfo=UTC)
BOX = (170, 56)


def element(tag: str, **attributes: object) -> Any:
    made = OxmlElement(f"w:{tag}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def new_document() -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(10)
    section.top_margin = section.bottom_margin = Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Noto Serif", Pt(12)
    properties = style.element.get_or_add_rPr()
    properties.rFonts.set(qn("w:eastAsia"), "Noto Serif")
    properties.rFonts.set(qn("w:cs"), "Noto Serif")
    properties.append(element("lang", val="az-Latn-AZ", eastAsia="az-Latn-AZ"))
    return document


def packed(document: Any) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def text_template(*paragraphs: str) -> bytes:
    """A DOCX with these paragraphs."""
    document = new_document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return packed(document)


def add_field(paragraph: Any, code: str) -> None:
    simple = element("fldSimple", instr=f" {code} ")
    run = element("r")
    text = element("t")
    text.text = "1"
    run.append(text)
    simple.append(run)
    paragraph._p.append(simple)


def _fixed(row: Any, height: int) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(element("cantSplit"))
    properties.append(element("trHeight", val=height * 20, hRule="exact"))


def add_signature_table(document: Any) -> None:
    heading = document.add_paragraph("İmzalar")
    heading.paragraph_format.keep_with_next = True
    table = document.add_table(rows=4, cols=3)
    table.style = "Table Grid"
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, ("Vəzifə", "S.A.A.", "İmza"), strict=True):
        cell.text = text
    table.rows[0]._tr.get_or_add_trPr().append(element("tblHeader"))
    table.rows[1].cells[0].text = "{%tr for s in signatories %}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    row = table.rows[2]
    _fixed(row, BOX[1] + 8)
    row.cells[0].text, row.cells[1].text = "{{ s.post }}", "{{ s.name }}"
    anchor = row.cells[2].paragraphs[0]
    anchor.add_run("{{ s.field|anchor }}").font.size = Pt(6)
    form = anchor.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = 1.0
    widths = (140, 145, 190)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Pt(width)


def protocol_template() -> bytes:
    """A letter-like protocol: items in a loop, a table of votes, signatures, page x of y."""
    document = new_document()
    footer = document.sections[0].footer.paragraphs[0]
    footer.add_run("{{ number }} · ")
    add_field(footer, "PAGE")
    footer.add_run(" / ")
    add_field(footer, "NUMPAGES")
    document.add_heading("{{ title }}", 1)
    document.add_paragraph("{%p for item in items %}")
    document.add_heading("{{ loop.index }}. {{ item.title }}", 2)
    document.add_paragraph("{{ item.text }}")
    document.add_paragraph("{%p if item.restricted %}")
    document.add_paragraph("Məhdudiyyət: {{ item.mark|upper }}")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    add_signature_table(document)
    return packed(document)


def signatory(number: int) -> dict[str, str]:
    return {"post": f"Qrupun üzvü {number}", "name": f"Əliyev Ülvi Çingiz oğlu {number}", "field": f"sig_{number:02}"}


def protocol_context(items: int = 4, signers: int = 3, words: int = 60) -> dict[str, Any]:
    text = "Müzakirə nəticəsində şəffaflığın artırılması və ₼ 1 500 məbləğində vəsaitin ayrılması qərara alındı. "
    return {
        "title": "Koordinasiya Qrupunun iclasının PROTOKOLU",
        "number": "3-21-5/01/2026",
        "items": [
            {"title": f"Məsələ {n + 1}", "text": text * max(1, words // 15), "restricted": n == 1, "mark": "gizli"}
            for n in range(items)
        ],
        "signatories": [signatory(n) for n in range(signers)],
    }


def repacked(content: bytes, changes: dict[str, Callable[[bytes], bytes] | bytes], drop: str = "") -> bytes:
    """``content`` with parts changed by a function or added, and without the part ``drop``."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in (name for name in old.namelist() if name != drop):
            change = changes.get(name)
            data = old.read(name)
            new.writestr(name, data if change is None else change(data) if callable(change) else change)
        for name in changes.keys() - set(old.namelist()):
            data = changes[name]
            assert isinstance(data, bytes)
            new.writestr(name, data)
    return target.getvalue()


class Kit:
    """What tests of this folder make their inputs with."""

    issued = ISSUED
    box = BOX
    new_document = staticmethod(new_document)
    packed = staticmethod(packed)
    text_template = staticmethod(text_template)
    protocol_template = staticmethod(protocol_template)
    protocol_context = staticmethod(protocol_context)
    repacked = staticmethod(repacked)
    element = staticmethod(element)

    @staticmethod
    def specs(names: Sequence[str]) -> tuple[FieldSpec, ...]:
        return tuple(FieldSpec(name, f"İmza: {name}") for name in names)

    @staticmethod
    def request(template: str, context: dict[str, Any], fields: Sequence[str] = (), **changes: Any) -> RenderRequest:
        values: dict[str, Any] = {
            "template": template,
            "context": context,
            "data": {"body": "kq", "votes": [1, 2, 3], "note": "Ə ₼"},
            "provenance": {"instrument": "kq-protokol", "number": "3-21-5/01/2026"},
            "fields": Kit.specs(fields),
            "title": "Koordinasiya Qrupunun protokolu",
            "issued_at": ISSUED,
        }
        return RenderRequest(**{**values, **changes})


@pytest.fixture(scope="session")
def kit() -> Kit:
    return Kit()


@pytest.fixture(scope="session")
def office_settings(tmp_path_factory: pytest.TempPathFactory) -> OfficeSettings:
    return OfficeSettings(work_root=tmp_path_factory.mktemp("office"), prefix=network_prefix(), timeout=60.0)


@pytest.fixture(scope="session")
def office(office_settings: OfficeSettings) -> Iterator[OfficePool]:
    with OfficePool(1, office_settings, time.monotonic) as pool:
        yield pool


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """A template directory with ``protocol.v1``."""
    (tmp_path / "protocol.v1.docx").write_bytes(protocol_template())
    (tmp_path / "protocol.v1.toml").write_text(f"[signature]\nwidth = {BOX[0]}\nheight = {BOX[1]}\n")
    return tmp_path


@pytest.fixture
def make_renderer(templates: Path, office_settings: OfficeSettings) -> Callable[[OfficePool], OfficeRenderer]:
    def make(pool: OfficePool) -> OfficeRenderer:
        return OfficeRenderer(
            TemplateStore(templates),
            TemplateFiller(),
            pool,
            PdfFieldPlacer(AppearanceFont.load()),
            FontCatalogue(),
            lambda: converter_version(office_settings.program),
            GraphvizDiagrams(GraphvizSettings(prefix=office_settings.prefix)),
        )

    return make


@pytest.fixture
def renderer(office: OfficePool, make_renderer: Callable[[OfficePool], OfficeRenderer]) -> OfficeRenderer:
    return make_renderer(office)
