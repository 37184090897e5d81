"""Images among the data: what is taken, and what is told of what is not."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image
from pydantic import ValidationError

from doc_service.instruments.image_data import MAX_IMAGE, ImageData, image_faults


def drawn(kind: str, mode: str = "RGB") -> str:
    target = io.BytesIO()
    Image.new(mode, (30, 20)).save(target, kind)
    return base64.b64encode(target.getvalue()).decode()


@pytest.mark.parametrize("content", [drawn("PNG"), drawn("PNG", "RGBA"), drawn("JPEG"), drawn("JPEG", "L")])
def test_png_and_jpeg_become_pictures(content: str) -> None:
    image = ImageData(content=content, description="Portalın baş səhifəsi")
    assert not list(image_faults(image, "pages[0].image"))
    picture = image.picture("page_1", 160, 90)
    assert (picture.name, picture.alt, picture.width_mm) == ("page_1", "Portalın baş səhifəsi", 160)
    assert base64.b64encode(picture.content).decode() == content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("QUJD", "image.unusable"),
        (drawn("JPEG", "CMYK"), "image.unusable"),
        (drawn("GIF"), "image.unusable"),
        ("QUJDR", "image.not_base64"),
    ],
)
def test_anything_else_is_named_with_its_field(content: str, code: str) -> None:
    (fault,) = image_faults(ImageData(content=content, description="x"), "pages[0].image")
    assert (fault.code, fault.field) == (code, "pages[0].image.content")


@pytest.mark.parametrize("content", ["", "a b", "data:image/png;base64,AAAA", "A" * (-(-MAX_IMAGE // 3) * 4 + 4)])
def test_the_schema_bounds_the_text(content: str) -> None:
    with pytest.raises(ValidationError):
        ImageData(content=content, description="x")
