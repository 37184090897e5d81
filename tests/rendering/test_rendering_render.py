"""The whole path with the real converter and the real field placer, judged by validators that are not ours."""

from __future__ import annotations

import io
import json
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from docx import Document
from PIL import Image

from doc_service.domain.errors import DomainError
from doc_service.ports import RenderedPdf
from doc_service.rendering.embedded import embedded_files
from doc_service.rendering.office import OfficePool
from doc_service.rendering.office_worker import OfficeSettings
from doc_service.rendering.pages import pages_png
from doc_service.rendering.pdfa import AssociatedFile, DocumentMarks, attach, normalise, open_converted, save
from doc_service.rendering.renderer import OfficeRenderer, canonical

SIGNERS = 10
NAMES = [f"sig_{n:02}" for n in range(SIGNERS)]
DPI = 144


@pytest.fixture
def rendered(kit: Any, renderer: OfficeRenderer) -> RenderedPdf:
    return renderer.render(kit.request("protocol.v1", kit.protocol_context(8, SIGNERS, 120), NAMES))


def run(*command: str, data: bytes = b"") -> str:
    done = subprocess.run(command, input=data, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.decode()


def test_bytes_do_not_depend_on_process_or_time(
    kit: Any,
    rendered: RenderedPdf,
    office_settings: OfficeSettings,
    make_renderer: Callable[[OfficePool], OfficeRenderer],
) -> None:
    time.sleep(1.1)
    with OfficePool(1, office_settings, time.monotonic) as other:
        again = make_renderer(other).render(kit.request("protocol.v1", kit.protocol_context(8, SIGNERS, 120), NAMES))
    assert again == rendered


def test_every_input_shows_in_the_bytes(kit: Any, renderer: OfficeRenderer) -> None:
    context = kit.protocol_context(1, 0)
    base = kit.request("protocol.v1", context)
    variants = [
        kit.request("protocol.v1", context, issued_at=kit.issued + timedelta(seconds=1)),
        kit.request("protocol.v1", context, data={"a": 1}),
        kit.request("protocol.v1", context, provenance={"number": "1"}),
        kit.request("protocol.v1", context, title="B"),
    ]
    assert len({renderer.render(request).pdf for request in [base, *variants]}) == 5


def test_validators_agree(rendered: RenderedPdf, tmp_path: Path, verapdf: Any) -> None:
    path = tmp_path / "unsigned.pdf"
    path.write_bytes(rendered.pdf)
    assert verapdf([path]) == {path: ""}
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", str(path))
    fonts = [line.split() for line in run("pdffonts", str(path)).splitlines()[2:]]
    assert fonts
    assert all(line[-5:-2] == ["yes", "yes", "yes"] and "Noto" in line[0] for line in fonts)
    info = run("pdfinfo", "-isodates", str(path))
    assert "2026-03-05T09:30:15" in info
    assert "Tagged:          yes" in info


def test_text_is_the_data(kit: Any, rendered: RenderedPdf) -> None:
    text = " ".join(run("pdftotext", "-layout", "-", "-", data=rendered.pdf).split())
    context = kit.protocol_context(8, SIGNERS, 120)
    for expected in (context["title"], *(i["text"].split(".")[0] for i in context["items"]), "Məhdudiyyət: GİZLİ"):
        assert " ".join(expected.split()) in text
    for page in range(1, rendered.pages + 1):
        assert f"3-21-5/01/2026 · {page} / {rendered.pages}" in text
    assert all(f"Əliyev Ülvi Çingiz oğlu {n}" in text for n in range(SIGNERS))


def test_catalogue_and_information(rendered: RenderedPdf) -> None:
    with pikepdf.open(io.BytesIO(rendered.pdf)) as pdf:
        assert str(pdf.Root.Lang) == "az-Latn-AZ"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.Root.MarkInfo.Marked
        assert "/Dests" not in pdf.Root
        assert "/DocChecksum" not in pdf.trailer
        assert str(pdf.docinfo.Title) == "Koordinasiya Qrupunun protokolu"
        with pdf.open_metadata() as xmp:
            assert (xmp.pdfa_status, xmp["dc:title"]) == ("3B", "Koordinasiya Qrupunun protokolu")
            assert xmp["xmp:CreateDate"] == "2026-03-05T09:30:15+00:00"
        assert len(pdf.pages) == rendered.pages == 4


def test_embedded_sources(kit: Any, rendered: RenderedPdf) -> None:
    files = embedded_files(rendered.pdf)
    assert set(files) == {"data.json", "source.docx", "provenance.json"}
    assert files["source.docx"] == rendered.docx
    assert files["data.json"] == '{"body":"kq","note":"Ə ₼","votes":[1,2,3]}'.encode()
    provenance = json.loads(files["provenance.json"])
    assert provenance["number"] == "3-21-5/01/2026"
    rendering = provenance["rendering"]
    assert rendering["template"] == {"name": "protocol.v1", "sha256": rendered.template_sha256}
    assert rendering["converter"].startswith("LibreOffice ")
    assert {"NotoSerif-Regular"} <= {font["name"] for font in rendering["fonts"]}
    assert all(len(font["sha256"]) == 64 for font in rendering["fonts"])
    with pikepdf.open(io.BytesIO(rendered.pdf)) as pdf:
        assert [str(f.AFRelationship) for f in pdf.Root.AF] == ["/Data", "/Source", "/Supplement"]
    assert Document(io.BytesIO(files["source.docx"])).core_properties.title == "Koordinasiya Qrupunun protokolu"


def walls(page: Image.Image, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
    """From the middle of a box outward to the first dark pixel on each side: the cell's inner edges, in points."""
    scale = DPI / 72
    x, y = (left + right) / 2 * scale, page.height - (bottom + top) / 2 * scale

    def walk(dx: int, dy: int) -> float:
        px, py = int(x), int(y)
        while page.getpixel((px, py)) > 128:  # type: ignore[operator]
            px, py = px + dx, py + dy
        return px / scale if dx else (page.height - py) / scale

    return walk(-1, 0), walk(0, 1), walk(1, 0), walk(0, -1)


def test_each_field_lies_in_its_cell(kit: Any, rendered: RenderedPdf) -> None:
    images = [Image.open(io.BytesIO(png)).convert("L") for png in pages_png(rendered.pdf, DPI)]
    with pikepdf.open(io.BytesIO(rendered.pdf)) as pdf:
        fields = list(pdf.Root.AcroForm.Fields)
        pages = [page.obj.objgen for page in pdf.pages]
        assert [str(field.T) for field in fields] == NAMES
        places = [(pages.index(field.P.objgen), [float(v) for v in field.Rect]) for field in fields]
    assert len({page for page, _ in places}) == 2
    for page, (left, bottom, right, top) in places:
        assert (round(right - left, 2), round(top - bottom, 2)) == kit.box
        wall_left, wall_bottom, wall_right, wall_top = walls(images[page], left, bottom, right, top)
        assert wall_left <= left
        assert right <= wall_right
        assert wall_bottom <= bottom
        assert top <= wall_top
        assert wall_top - wall_bottom == pytest.approx(kit.box[1] + 8, abs=2)


@pytest.mark.parametrize(("width", "height"), [(186, 56), (170, 65)])
def test_field_larger_than_its_cell_is_refused(
    kit: Any, renderer: OfficeRenderer, templates: Path, width: int, height: int
) -> None:
    (templates / "protocol.v1.toml").write_text(f"[signature]\nwidth = {width}\nheight = {height}\n")
    with pytest.raises(DomainError) as caught:
        renderer.render(kit.request("protocol.v1", kit.protocol_context(1, 1), ["sig_00"]))
    assert caught.value.code == "template.anchor_cell"


def test_field_that_leaves_the_page_or_covers_another_is_refused(
    kit: Any, renderer: OfficeRenderer, templates: Path
) -> None:
    context = kit.protocol_context(0, 2)
    (templates / "protocol.v1.toml").write_text("[signature]\nwidth = 600\nheight = 10\n")
    (templates / "protocol.v1.docx").write_bytes(kit.text_template("{{ signatories[0].field|anchor }}"))
    with pytest.raises(DomainError) as caught:
        renderer.render(kit.request("protocol.v1", context, ["sig_00"]))
    assert caught.value.code == "template.anchor_misplaced"
    (templates / "protocol.v1.toml").write_text("[signature]\nwidth = 100\nheight = 50\n")
    two = ("{{ signatories[0].field|anchor }}", "{{ signatories[1].field|anchor }}", "son")
    (templates / "protocol.v1.docx").write_bytes(kit.text_template(*two))
    with pytest.raises(DomainError) as caught:
        renderer.render(kit.request("protocol.v1", context, ["sig_00", "sig_01"]))
    assert (caught.value.code, caught.value.faults[0].params["name"]) == ("template.anchor_misplaced", "sig_01")


def test_anchor_outside_the_text_is_missing(kit: Any, renderer: OfficeRenderer, templates: Path) -> None:
    document = kit.new_document()
    document.sections[0].footer.paragraphs[0].text = "{{ 'sig_00'|anchor }}"
    (templates / "protocol.v1.docx").write_bytes(kit.packed(document))
    with pytest.raises(DomainError) as caught:
        renderer.render(kit.request("protocol.v1", {}, ["sig_00"]))
    assert caught.value.code == "template.anchor_missing"


def test_manifest_without_size_is_broken(kit: Any, renderer: OfficeRenderer, templates: Path) -> None:
    (templates / "protocol.v1.toml").unlink()
    with pytest.raises(DomainError) as caught:
        renderer.render(kit.request("protocol.v1", kit.protocol_context(1, 1), ["sig_00"]))
    assert caught.value.code == "template.broken"
    assert renderer.render(kit.request("protocol.v1", kit.protocol_context(1, 1))).pages == 1


def test_data_that_is_not_json(kit: Any, renderer: OfficeRenderer) -> None:
    with pytest.raises(ValueError, match="canonical JSON"):
        renderer.render(kit.request("protocol.v1", kit.protocol_context(1, 0), data={"at": kit.issued}))
    with pytest.raises(ValueError, match="rendering"):
        renderer.render(kit.request("protocol.v1", kit.protocol_context(1, 0), provenance={"rendering": {}}))


def test_canonical_json_is_rfc_8785() -> None:
    assert canonical({"b": (1, 2), "a": {"ə": None, "z": True}}) == '{"a":{"z":true,"ə":null},"b":[1,2]}'.encode()


def test_pages_png_refuses_what_is_no_pdf() -> None:
    with pytest.raises(DomainError) as caught:
        pages_png(b"nothing")
    assert caught.value.code == "render.failed"
    with pytest.raises(ValueError, match="dpi"):
        pages_png(b"", 9999)


def test_converter_output_must_claim_pdfa(kit: Any) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        with pytest.raises(DomainError) as caught:
            normalise(pdf, DocumentMarks("t", "az", kit.issued))
    assert caught.value.code == "render.failed"
    with pytest.raises(DomainError):
        open_converted(b"%PDF-1.7 broken")


def carrier(kit: Any, *files: AssociatedFile) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        attach(pdf, files, kit.issued)
        return save(pdf)


def test_embedded_reader_is_bounded(kit: Any) -> None:
    big = AssociatedFile("a.bin", bytes(65 << 20), "application/octet-stream", "Data", "")
    bomb = carrier(kit, big)
    assert len(bomb) < 200_000
    with pytest.raises(DomainError) as caught:
        embedded_files(bomb)
    assert caught.value.code == "embedded.too_large"
    many = [AssociatedFile(f"{n}.txt", b"x", "text/plain", "Data", "") for n in range(40)]
    with pytest.raises(DomainError) as caught:
        embedded_files(carrier(kit, *many))
    assert caught.value.code == "embedded.too_large"
    assert embedded_files(carrier(kit)) == {}


def test_embedded_reader_survives_hostile_trees(kit: Any) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        node = pdf.make_indirect(pikepdf.Dictionary())
        node.Kids = pikepdf.Array([node, node])
        pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=node)
        circle = save(pdf)
    sound = carrier(kit, AssociatedFile("a", b"x", "text/plain", "Data", ""))
    for content in (circle, b"", b"%PDF-1.7", sound[: len(sound) // 2].replace(b"obj", b"xxx")):
        with pytest.raises(DomainError) as caught:
            embedded_files(content)
        assert caught.value.code == "embedded.unreadable"
