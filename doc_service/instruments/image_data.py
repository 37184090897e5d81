"""Raster images among an instrument's data: base64 text, so that the data inside the PDF are complete."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from doc_service.domain.errors import Fault
from doc_service.domain.pictures import Picture, raster
from doc_service.instruments.fields import Strict

MAX_IMAGE: Final = 2 << 20
"""Bytes of one image file."""

_BASE64: Final = r"^[A-Za-z0-9+/]+={0,2}$"
Base64 = Annotated[str, StringConstraints(pattern=_BASE64, max_length=-(-MAX_IMAGE // 3) * 4)]


class ImageData(Strict):
    """A PNG or JPEG file of at most 2 MiB."""

    content: Base64 = Field(title="Şəkil faylı", description="PNG və ya JPEG, base64, ən çoxu 2 MiB")
    description: str = Field(min_length=1, max_length=400, title="Şəklin mətnlə təsviri")

    def picture(self, name: str, width_mm: float, height_mm: float) -> Picture:
        """For the mark ``name``, shrunk into the box; raises ``binascii.Error`` (``image_faults`` finds it first)."""
        return Picture(name, base64.b64decode(self.content, validate=True), self.description, width_mm, height_mm)


def image_faults(image: ImageData, field: str) -> Iterator[Fault]:
    """ "image.not_base64", or "image.unusable" with the reason."""
    try:
        raster(base64.b64decode(image.content, validate=True))
    except binascii.Error:
        yield Fault("image.not_base64", f"{field}.content")
    except ValueError as error:
        yield Fault("image.unusable", f"{field}.content", {"reason": str(error)})
