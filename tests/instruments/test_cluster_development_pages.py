"""The pages of the cluster's development documents, made as the service makes them: vectors, contents, awkward data."""

from __future__ import annotations

import io
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from doc_service.domain.civil_time import start_of_day
from doc_service.domain.documents import Registration
from doc_service.instruments.registry import Registry
from doc_service.instruments.samples.functional_map import crowded_map_sample
from doc_service.ports import FieldSpec, RenderedPdf, RenderRequest
from doc_service.rendering.fill import TemplateFiller
from doc_service.rendering.fonts import FontCatalogue
from doc_service.rendering.graphviz import GraphvizDiagrams, GraphvizSettings
from doc_service.rendering.isolation import network_prefix
from doc_service.rendering.office import OfficePool, converter_version
from doc_service.rendering.office_worker import OfficeSettings
from doc_service.rendering.pictures import prepare
from doc_service.rendering.renderer import OfficeRenderer
from doc_service.rendering.templates import TemplateStore
from signing.appearance_font import AppearanceFont
from signing.fields import PdfFieldPlacer

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "docx"
_NAME = "“Uzunadlı & Bir <Sözlə> Çox 'Geniş' Səlahiyyətli” \u200fİnkişafı və Beynəlxalq Əməkdaşlıq Məsələləri üzrə "
LONG = (_NAME * 3)[:200].strip()
Printed = Callable[[str, Any], RenderedPdf]


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeRenderer]:
    settings = OfficeSettings(work_root=tmp_path_factory.mktemp("office"), prefix=network_prefix(), timeout=120.0)
    with OfficePool(1, settings, time.monotonic) as pool:
        yield OfficeRenderer(
            TemplateStore(TEMPLATES),
            TemplateFiller(),
            pool,
            PdfFieldPlacer(AppearanceFont.load()),
            FontCatalogue(),
            lambda: converter_version(settings.program),
            GraphvizDiagrams(GraphvizSettings(prefix=settings.prefix)),
        )


@pytest.fixture(scope="module")
def printed(renderer: OfficeRenderer, registry: Registry, registration: Registration) -> Printed:
    """The unsigned PDF of some data, as the service makes it."""

    def make(name: str, raw: Any) -> RenderedPdf:
        instrument = registry.get(name)
        model = instrument.validate(raw)
        assert instrument.check(model) == ()
        fields = tuple(FieldSpec(s.field, s.role_label) for s in instrument.signatories(model))
        return renderer.render(
            RenderRequest(
                template=instrument.template, context=instrument.context(model, registration), data=raw,
                provenance={}, fields=fields, title=instrument.title_az,
                issued_at=start_of_day(registration.registered_on), pictures=instrument.pictures(model),
            )
        )  # fmt: skip

    return make


def pages(pdf: bytes, first: int = 1, last: int = 999) -> list[str]:
    command = ["pdftotext", "-f", str(first), "-l", str(last), "-", "-"]
    run = subprocess.run(command, input=pdf, check=True, capture_output=True)
    return run.stdout.decode().split("\f")[:-1]


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def programme(printed: Printed, registry: Registry) -> RenderedPdf:
    return printed("klaster-inkisaf-proqrami", registry.get("klaster-inkisaf-proqrami").sample())


def test_the_programme_has_50_to_70_pages_of_text(programme: RenderedPdf, registry: Registry) -> None:
    """003 §5.5; annexes lie across and are not pages of text."""
    limit = registry.get("klaster-inkisaf-proqrami").page_limit()
    assert limit is not None
    assert limit.warning(programme.text_pages) is None
    assert programme.pages > programme.text_pages


def test_the_contents_name_the_page_where_each_heading_stands(programme: RenderedPdf) -> None:
    """003 §5.4: every section and annex is in the contents, under the number printed on its own page."""
    text = pages(programme.pdf)
    end = next(n for n, page in enumerate(text) if "PROQRAMININ PASPORTU" in page and "......" not in page)
    contents = re.sub(r"№ \S+ Səhifə \d+ / \d+", "", words(" ".join(text[1:end]))).removeprefix("MÜNDƏRİCAT ")
    entries = re.findall(r"(.+?)\s?\.{3,}\s?(\d+)(?:\s|$)", contents)
    assert len(entries) > 35
    for title, number in entries:
        page = words(text[int(number) - 1])
        assert f"Səhifə {number} / {programme.pages}" in page
        assert words(title) in page, (title, number)
    titles = [title for title, _ in entries]
    assert [t.split(".")[0] for t in titles if re.match(r"BÖLMƏ|Əlavə", t)] == [
        *(f"BÖLMƏ {n}" for n in range(1, 7)), *(f"Əlavə {n}" for n in range(1, 4)),
    ]  # fmt: skip


def test_links_of_the_contents_lead_to_pages_of_this_file(programme: RenderedPdf) -> None:
    with pikepdf.open(io.BytesIO(programme.pdf)) as pdf:
        links = [a for a in pdf.pages[1].obj.Annots if a.get("/Subtype") == "/Link"]
        own = {page.obj.objgen for page in pdf.pages}
        assert len(links) > 20
        assert all(link.Dest[0].objgen in own and "/A" not in link for link in links)


def test_text_is_12_points_with_one_and_a_half_spacing(programme: RenderedPdf) -> None:
    """003 §5.5: "ölçüsü - 12 pt, sətir aralığı - 1.5": the distance of two lines is 1.5 times that of the font."""
    run = subprocess.run(
        ["pdftotext", "-f", "6", "-l", "6", "-bbox-layout", "-", "-"],
        input=programme.pdf, check=True, capture_output=True,
    )  # fmt: skip
    tops = [float(y) for y in re.findall(r'<line xMin="[\d.]+" yMin="([\d.]+)"', run.stdout.decode())]
    steps = [round(b - a, 1) for a, b in pairwise(tops)]
    assert max(set(steps), key=steps.count) == pytest.approx(12 * 1.362 * 1.5, abs=0.3)


@pytest.fixture(scope="module")
def drawn(printed: Printed, registry: Registry) -> RenderedPdf:
    return printed("klaster-funksional-xerite", registry.get("klaster-funksional-xerite").sample())


def test_the_map_is_on_a3_and_the_note_on_15_to_20_pages(drawn: RenderedPdf, registry: Registry) -> None:
    """003 §5.3.2–5.3.5: A3; 003 §5.3.3: the note."""
    with pikepdf.open(io.BytesIO(drawn.pdf)) as pdf:
        sizes = [tuple(round(float(v) * 25.4 / 72) for v in page.mediabox[2:]) for page in pdf.pages]
    assert sizes[:5] == [(420, 297)] * 5
    assert set(sizes[5:]) == {(210, 297)}
    limit = registry.get("klaster-funksional-xerite").page_limit()
    assert limit is not None
    assert limit.warning(drawn.text_pages) is None


def test_diagrams_are_vectors_whose_text_is_text(drawn: RenderedPdf, registry: Registry) -> None:
    """Every organisation and figure can be found and copied; no image is in the file; figures are tagged and named."""
    images = subprocess.run(["pdfimages", "-list", "-"], input=drawn.pdf, check=True, capture_output=True).stdout
    assert len(images.splitlines()) == 2
    instrument = registry.get("klaster-funksional-xerite")
    model = instrument.validate(instrument.sample())
    chain = words(pages(drawn.pdf, 3, 3)[0])
    for producer in model.producers:
        assert model.names()[producer.organisation_id].split("”")[0] in chain
    assert all(part in chain for part in ("Kkoop: 0,72", "A: 31,5 %", "B: 40,3 %", "C: 29,0 %", "D: 62,00"))
    fonts = subprocess.run(["pdffonts", "-"], input=drawn.pdf, check=True, capture_output=True).stdout.decode()
    assert {line.split()[0].partition("+")[2].split("-")[0] for line in fonts.splitlines()[2:]} <= {
        "NotoSerif", "NotoSans",
    }  # fmt: skip


def test_equal_data_give_equal_bytes(drawn: RenderedPdf, printed: Printed, registry: Registry) -> None:
    again = printed("klaster-funksional-xerite", registry.get("klaster-funksional-xerite").sample())
    assert again.pdf == drawn.pdf


@pytest.mark.parametrize("count", [0, 60])
def test_diagrams_stay_readable(registry: Registry, count: int) -> None:
    """The smallest type of a sheet, 8 points, is printed at 5.5 points or more, also with 68 enterprises."""
    instrument = registry.get("klaster-funksional-xerite")
    model = instrument.validate(crowded_map_sample(count))
    smallest = 8.0
    for placed in prepare(instrument.pictures(model), GraphvizDiagrams(GraphvizSettings())):
        natural = float(re.search(rb'<svg[^>]*width="([\d.]+)pt"', placed.content)[1])  # type: ignore[index]
        assert smallest * placed.width / natural >= 5.5, placed.alt


def test_the_end_of_a_form_stays_on_one_page(printed: Printed, sample: Any) -> None:
    """Signatory, date and seal together, with as many long rows above as once pushed the seal to a page of its own."""
    data = sample("klaster-pasport")
    data["organisation"]["organisation"]["name"] = data["portal"] = LONG
    data["projects"] = [data["projects"][0] | {"name": LONG, "initiators": LONG}] * 30
    data["documents"] = [data["documents"][0] | {"title": LONG, "number": LONG[:60]}] * 20
    data["state_agreements"], data["efficiency"]["measure"] = [], LONG * 2
    with pikepdf.open(io.BytesIO(printed("klaster-pasport", data).pdf)) as pdf:
        where = {str(f.T): [f.P.objgen == page.obj.objgen for page in pdf.pages] for f in pdf.Root.AcroForm.Fields}
        assert where["sig_01"] == where["sig_02"] == [*[False] * (len(pdf.pages) - 1), True]


def awkward_project(sample: Any) -> Any:
    """Long names, a description of 1,500 characters in one word's length, sixty participants."""
    data = sample("birge-layihe-pasportu")
    project = data["project"]
    project["name"], project["recipient"] = LONG, LONG
    project["description"] = (LONG * 8)[:1500]
    project["participants"] = [f"{LONG} #{n:02d}" for n in range(60)]
    project["initiators"] = [LONG, project["initiators"][1]]
    project["financing"]["initiators"][0]["name"] = LONG
    project["credit_kinds"], project["readiness"], project["readiness_other"] = [], [], LONG
    data["organisation"]["organisation"]["name"] = LONG
    return data


def test_awkward_data_are_printed_whole_and_signatures_keep_together(printed: Printed, sample: Any) -> None:
    """Nothing cut: every participant stands on the pages; the last page is not a signature alone without its date."""
    text = pages(printed("birge-layihe-pasportu", awkward_project(sample)).pdf)
    whole = re.sub(r"\s|[\u200e\u200f\u202a-\u202e]", "", "".join(text))
    ending = re.sub(r"\s|\u200f", "", LONG[-12:])
    assert {int(n) for n in re.findall(rf"{ending}#(\d\d)", whole)} == set(range(60))
    assert "M.Y." in text[-1]
    assert "Tarix" in text[-1]
