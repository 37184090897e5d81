"""Pictures in documents: marks, raster images, diagrams as vectors, and what a hostile description cannot do."""

from __future__ import annotations

import contextlib
import io
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PIL import Image

from doc_service.domain.errors import DomainError
from doc_service.domain.pictures import MAX_SIDE, Diagram, Picture, raster
from doc_service.rendering.fill import TemplateFiller
from doc_service.rendering.graphviz import GraphvizDiagrams, GraphvizSettings
from doc_service.rendering.isolation import network_prefix
from doc_service.rendering.pictures import Placed, prepare
from doc_service.rendering.renderer import OfficeRenderer
from doc_service.rendering.svg import SVG, clean_svg, svg_size

DOT = 'digraph g { node [shape=box fontname="Noto Sans"]; a [label="«Şəmkir Aqro» MMC ₼"]; a -> b [label="ərzaq"] }'
GRAPHVIZ = GraphvizDiagrams(GraphvizSettings(prefix=network_prefix()))


def png(width: int = 4, height: int = 3) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    drawn = width * height <= 1_000_000
    rows = zlib.compress((b"\x00" + b"\x20\x80\xff" * width) * height if drawn else b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            chunk(b"IDAT", rows),
            chunk(b"IEND", b""),
        )
    )


def jpeg(components: int) -> bytes:
    frame = struct.pack(">BHHB", 8, 30, 40, components) + b"\x01\x11\x00" * components
    return b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def filled(kit: Any, text: str, *placed: Placed, context: dict[str, Any] | None = None) -> bytes:
    return TemplateFiller().fill(
        kit.text_template(text), context or {"p": "plan"}, (), title="T", language="az-Latn-AZ",
        issued_at=kit.issued, pictures=placed,
    )  # fmt: skip


def test_a_header_tells_kind_and_size() -> None:
    assert (raster(png()).kind, raster(png()).width, raster(png()).height) == ("png", 4, 3)
    assert (raster(jpeg(3)).kind, raster(jpeg(3)).width, raster(jpeg(3)).height) == ("jpeg", 40, 30)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"GIF89a", "neither"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither"),
        (jpeg(4), "neither grey nor RGB"),
        (jpeg(3)[:14], "damaged"),
        (b"\x89PNG\r\n\x1a\nshort", "without its header"),
        (png(MAX_SIDE + 1, 1), "pixels"),
        (png(0, 5), "pixels"),
        (png(6000, 6000), "more than"),
    ],
)
def test_other_files_are_refused_by_their_header(content: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        raster(content)
    with pytest.raises(DomainError) as caught:
        prepare([Picture("plan", content, "", 10, 10)], GRAPHVIZ)
    assert caught.value.code == "picture.unusable"


def test_an_image_is_drawn_anew_and_carries_its_pixels_alone() -> None:
    """PDF/A-3b 6.2.4.3: RGB without transparency or profiles, whatever the file brings."""
    source = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    source.putpixel((0, 0), (0, 0, 255, 255))
    target = io.BytesIO()
    source.save(target, "PNG", icc_profile=b"not a profile")
    (placed,) = prepare([Picture("a", target.getvalue(), "", 50, 50)], GRAPHVIZ)
    with Image.open(io.BytesIO(placed.content)) as drawn:
        assert (drawn.mode, "icc_profile" in drawn.info) == ("RGB", False)
        assert (drawn.getpixel((0, 0)), drawn.getpixel((5, 5))) == ((0, 0, 255), (255, 255, 255))


def test_an_image_that_breaks_off_is_refused() -> None:
    with pytest.raises(DomainError, match=r"picture\.unusable"):
        prepare([Picture("plan", png(400, 400)[:60], "", 10, 10)], GRAPHVIZ)


def test_pictures_shrink_into_their_box_and_are_not_enlarged() -> None:
    small, large = prepare(
        [Picture("a", png(96, 48), "", 100, 100), Picture("b", png(960, 480), "", 100, 20)], GRAPHVIZ
    )
    assert (small.width, small.height) == (72, 36)
    assert large.height == pytest.approx(20 * 72 / 25.4)
    assert large.width == pytest.approx(2 * large.height)


@pytest.mark.parametrize(("text", "count"), [("heç nə", 0), ("{{ p|picture }} {{ p|picture }}", 2)])
def test_every_picture_has_exactly_one_mark(kit: Any, text: str, count: int) -> None:
    with pytest.raises(DomainError) as caught:
        filled(kit, text, *prepare([Picture("plan", png(), "", 10, 10)], GRAPHVIZ))
    assert (caught.value.code, caught.value.faults[0].params) == (
        "template.picture_missing", {"name": "plan", "count": count},
    )  # fmt: skip


def test_a_mark_without_its_picture_is_refused_and_a_mark_in_the_data_is_text(kit: Any) -> None:
    with pytest.raises(DomainError, match=r"template\.picture_missing"):
        filled(kit, "{{ p|picture }}")
    with pytest.raises(DomainError, match=r"template\.forbidden"):
        filled(kit, "{{ p|picture }}", context={"p": "../x"})
    assert filled(kit, "{{ p }}", context={"p": "\ufdd2plan\ufdd3"})


def test_a_template_may_not_bring_a_vector_drawing_itself(kit: Any) -> None:
    content = kit.repacked(kit.text_template("a"), {"word/media/x.svg": clean_svg(GRAPHVIZ.svg(DOT))})
    with pytest.raises(DomainError) as caught:
        TemplateFiller().compile(content)
    assert caught.value.code == "template.forbidden"


def test_diagram_and_image_in_the_package(kit: Any) -> None:
    placed = prepare([Diagram("plan", DOT, "Sxem", 60, 60)], GRAPHVIZ)
    content = filled(kit, "{{ p|picture }}", *placed)
    assert content == filled(kit, "{{ p|picture }}", *prepare([Diagram("plan", DOT, "Sxem", 60, 60)], GRAPHVIZ))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.read("word/media/picture-plan.svg") == placed[0].content
        document = etree.fromstring(package.read("word/document.xml"))
        types = package.read("[Content_Types].xml").decode()
    (properties,) = document.iter("{*}docPr")
    assert properties.attrib == {"id": "1", "name": "plan", "descr": "Sxem"}
    assert types.count("image/svg+xml") == 1


def test_a_diagram_is_printed_as_vectors_with_its_text(
    kit: Any, templates: Path, renderer: OfficeRenderer, tmp_path: Path, verapdf: Any
) -> None:
    """Beside a photograph and an image with transparency; PDF/A-3b holds."""
    (templates / "plan.v1.docx").write_bytes(
        kit.text_template("Əvvəl", "{{ p|picture }}", "{{ q|picture }}", "{{ r|picture }}")
    )
    clear, photograph = io.BytesIO(), io.BytesIO()
    Image.new("RGBA", (40, 40), (200, 0, 0, 90)).save(clear, "PNG")
    Image.new("L", (60, 40), 128).save(photograph, "JPEG", icc_profile=b"junk")
    pictures = (
        Diagram("plan", DOT, "Sxem", 120, 60),
        Picture("foto", photograph.getvalue(), "Foto", 30, 30),
        Picture("nishan", clear.getvalue(), "Nişan", 30, 30),
    )
    request = kit.request("plan.v1", {"p": "plan", "q": "foto", "r": "nishan"}, pictures=pictures)
    first = renderer.render(request)
    assert first.pdf == renderer.render(request).pdf
    assert first.text_pages == first.pages == 1
    out = tmp_path / "plan.pdf"
    out.write_bytes(first.pdf)
    text = subprocess.run(["pdftotext", "-layout", out, "-"], check=True, capture_output=True, text=True).stdout
    assert "«Şəmkir Aqro» MMC ₼" in text
    assert "ərzaq" in text
    images = subprocess.run(["pdfimages", "-list", out], check=True, capture_output=True, text=True).stdout
    assert len(images.splitlines()) == 4, "only the photograph and the sign are images"
    assert verapdf([out]) == {out: ""}


def test_svg_holds_shapes_and_text_only() -> None:
    drawing = clean_svg(GRAPHVIZ.svg('digraph { a [URL="http://h.invalid" label="A & <B>"] }'.replace("URL", "x")))
    root = etree.fromstring(drawing)
    assert {etree.QName(e).localname for e in root.iter()} <= {"svg", "g", "polygon", "ellipse", "text", "path"}
    assert b"DOCTYPE" not in drawing
    assert svg_size(drawing)[0] > 0


@pytest.mark.parametrize(
    "body",
    [
        '<image href="file:///etc/passwd"/>',
        "<script>1</script>",
        "<style>@import url(http://h.invalid)</style>",
        '<a href="http://h.invalid"><text>x</text></a>',
        '<g onclick="x()"/>',
        '<g style="fill:url(file:///etc/passwd)"/>',
        '<polygon points="1,1" fill="url(file:///etc/passwd)"/>',
        "<text>a<tspan>b</tspan></text>",
        "<foreignObject/>",
        '<use href="#a"/>',
        "<svg/>",
        '<?xml-stylesheet href="http://h.invalid"?>',
    ],
)
def test_anything_else_in_a_drawing_is_refused(body: str) -> None:
    with pytest.raises(DomainError) as caught:
        clean_svg(f'<svg xmlns="{SVG}" width="1pt" height="1pt">{body}</svg>'.encode())
    assert caught.value.code == "diagram.failed"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html/>",
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>',
        f'<svg xmlns="{SVG}"/>'.encode() + b"<x/>",
    ],
)
def test_what_is_no_plain_drawing_is_refused(content: bytes) -> None:
    with pytest.raises(DomainError, match=r"diagram\.failed"):
        clean_svg(content)


@pytest.mark.parametrize(
    "attribute",
    ['image="{file}"', 'label=<<TABLE><TR><TD><IMG SRC="{file}"/></TD></TR></TABLE>>', 'shapefile="{file}" shape=none'],
)
def test_a_description_reads_no_file(tmp_path: Path, attribute: str) -> None:
    """An image that exists and that the user may read: neither its path nor its pixels come out."""
    file = tmp_path / "secret.png"
    file.write_bytes(png(40, 40))
    with contextlib.suppress(DomainError):
        drawing = clean_svg(GRAPHVIZ.svg("digraph { a [" + attribute.replace("{file}", str(file)) + "] }"))
        assert b"secret" not in drawing


def test_landlock_stands_behind_graphviz_own_refusal(tmp_path: Path) -> None:
    """Without the confinement the file is reachable; with it the very same program cannot open it."""
    spy = tmp_path / "spy"
    spy.write_text(f"#!/bin/sh\ncat {tmp_path}/secret 2>&1; echo '</svg>'\n")
    spy.chmod(0o755)
    (tmp_path / "secret").write_text("XYZZY")
    assert b"XYZZY" in GraphvizDiagrams(GraphvizSettings(program=spy, confine=False)).svg("x")
    with contextlib.suppress(DomainError):
        assert b"XYZZY" not in GraphvizDiagrams(GraphvizSettings(program=spy)).svg("x")


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], Path]:
    def made(body: str) -> Path:
        file = tmp_path / "dot"
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(0o755)
        return file

    return made


def test_a_program_that_hangs_is_ended_with_its_children(script: Callable[[str], Path]) -> None:
    graphviz = GraphvizDiagrams(GraphvizSettings(program=script("sleep 60 & sleep 60"), confine=False, timeout=0.5))
    with pytest.raises(DomainError) as caught:
        graphviz.svg("digraph {}")
    assert caught.value.code == "diagram.timeout"


@pytest.mark.parametrize("source", ["digraph {", "nonsense", "x" * (4 << 20) + "x"])
def test_a_bad_description_says_so(source: str) -> None:
    with pytest.raises(DomainError) as caught:
        GRAPHVIZ.svg(source)
    assert caught.value.code == "diagram.failed"


def test_memory_is_bounded_and_a_missing_program_is_named() -> None:
    with pytest.raises(DomainError, match=r"diagram\.failed"):
        GraphvizDiagrams(GraphvizSettings(memory=24 << 20)).svg(DOT)
    with pytest.raises(DomainError, match=r"diagram\.failed"):
        GraphvizDiagrams(GraphvizSettings(program=Path("/nonexistent/dot"))).svg(DOT)
