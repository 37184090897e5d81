"""Placing fields: the same bytes each time, tagged, PDF/A-3b kept, and bad input refused."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Name

from signing.api import FieldBox, SigningError
from signing.appearance_font import AppearanceFont
from signing.fields import PdfFieldPlacer

BoxMaker = Callable[[int], list[FieldBox]]


@pytest.fixture
def placer(font: AppearanceFont) -> PdfFieldPlacer:
    return PdfFieldPlacer(font)


def code(placer: PdfFieldPlacer, pdf: bytes, boxes: list[FieldBox]) -> str:
    with pytest.raises(SigningError) as caught:
        placer.place(pdf, boxes)
    return caught.value.code


def test_same_input_gives_the_same_bytes(base_pdf: bytes, field_boxes: BoxMaker) -> None:
    first = PdfFieldPlacer(AppearanceFont.load()).place(base_pdf, field_boxes(4))
    assert PdfFieldPlacer(AppearanceFont.load()).place(base_pdf, field_boxes(4)) == first


def test_fields_are_complete_and_tagged(placed: bytes, field_boxes: BoxMaker, font: AppearanceFont) -> None:
    with pikepdf.open(io.BytesIO(placed)) as pdf:
        form = pdf.Root.AcroForm
        assert form.SigFlags == 3
        assert Name.NeedAppearances not in form
        assert font.resource_name in form.DR.Font
        parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        for field, box in zip(form.Fields, field_boxes(5), strict=True):
            assert (str(field.T), str(field.TU), int(field.F)) == (box.name, box.tooltip, 4)
            assert [float(v) for v in field.Rect] == [box.x, box.y, box.x + box.width, box.y + box.height]
            assert Name.V not in field
            assert field.AP.N.read_bytes() == b""
            element = parents[int(field.StructParent)]
            assert Name.Form == element.S
            assert element.K.Obj.objgen == field.objgen
            assert field.objgen in {a.objgen for a in pdf.pages[box.page].Annots}
            assert pdf.pages[box.page].Tabs == Name.S
        assert int(pdf.Root.StructTreeRoot.ParentTreeNextKey) > int(form.Fields[-1].StructParent)


def test_stays_pdfa(placed: bytes, tmp_path: Path, verapdf: Callable[[Iterable[Path]], dict[Path, str]]) -> None:
    file = tmp_path / "placed.pdf"
    file.write_bytes(placed)
    assert verapdf([file]) == {file: ""}


def test_untagged_file_gets_no_tags(placer: PdfFieldPlacer, field_boxes: BoxMaker) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        out = io.BytesIO()
        pdf.save(out)
    result = placer.place(out.getvalue(), [replace(field_boxes(1)[0], page=0)])
    with pikepdf.open(io.BytesIO(result)) as pdf:
        assert Name.StructTreeRoot not in pdf.Root
        assert Name.StructParent not in pdf.Root.AcroForm.Fields[0]


def test_second_placing_keeps_the_first(placer: PdfFieldPlacer, placed: bytes, field_boxes: BoxMaker) -> None:
    more = [replace(box, name=f"əlavə{i}") for i, box in enumerate(field_boxes(2))]
    with pikepdf.open(io.BytesIO(placer.place(placed, more))) as pdf:
        assert len(pdf.Root.AcroForm.Fields) == 7
        assert len(pdf.Root.AcroForm.DR.Font) == 1
        keys = [int(field.StructParent) for field in pdf.Root.AcroForm.Fields]
        assert len(set(keys)) == 7


def test_taken_names_are_refused(placer: PdfFieldPlacer, placed: bytes, base_pdf: bytes, field_boxes: BoxMaker) -> None:
    assert code(placer, placed, field_boxes(1)) == "signing.field_exists"
    assert code(placer, base_pdf, field_boxes(1) * 2) == "signing.field_exists"


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"name": "a.b"}, {"page": 2}, {"page": -1}, {"width": 0.0}, {"x": 500.0}, {"y": -1.0}],
    ids=str,
)
def test_unusable_boxes_are_refused(
    placer: PdfFieldPlacer, base_pdf: bytes, field_boxes: BoxMaker, change: dict[str, str | int | float]
) -> None:
    assert code(placer, base_pdf, [replace(field_boxes(1)[0], **change)]) == "signing.bad_field"  # type: ignore[arg-type]


def test_unusable_files_are_refused(placer: PdfFieldPlacer, base_pdf: bytes, field_boxes: BoxMaker) -> None:
    with pikepdf.open(io.BytesIO(base_pdf)) as pdf:
        locked, open_to_all = io.BytesIO(), io.BytesIO()
        pdf.save(locked, encryption=pikepdf.Encryption(user="a", owner="b"))
        pdf.save(open_to_all, encryption=pikepdf.Encryption(user="", owner="b"))
    for file in (locked, open_to_all):
        assert code(placer, file.getvalue(), field_boxes(1)) == "signing.encrypted_pdf"
    for broken in (b"", b"%PDF-1.7", base_pdf[: len(base_pdf) // 2], b"PK\x03\x04" + base_pdf[4:100]):
        assert code(placer, broken, field_boxes(1)) == "signing.unreadable_pdf"
