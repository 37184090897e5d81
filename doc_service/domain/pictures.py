"""Pictures in instruments: raster images that data carry, and diagrams that are drawn from data.

Only PNG (ISO/IEC 15948) and JPEG (ISO/IEC 10918-1) are taken, in grey or RGB: PDF/A-3b with an RGB output intent has
no place for CMYK (ISO 19005-3, 6.2.4.3). What a file says of itself is read from its header, never from its name.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Final, TypeAlias

PICTURE_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
MAX_SIDE: Final = 20_000
MAX_PIXELS: Final = 25_000_000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8"
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})


@dataclass(frozen=True, slots=True)
class Raster:
    """What an image's header says: ``kind`` "png" or "jpeg", its sides in pixels."""

    kind: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster image for the mark ``{{ …|picture }}`` with this ``name``; ``alt`` is read out in its place. It is
    shrunk into the box, in millimetres, never enlarged beyond 96 dpi."""

    name: str
    content: bytes
    alt: str
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Diagram:
    """A diagram in the DOT language for the mark with this ``name``; shrunk into the box, in millimetres."""

    name: str
    source: str
    alt: str
    width_mm: float
    height_mm: float


Illustration: TypeAlias = Picture | Diagram


def raster(content: bytes) -> Raster:
    """The header of a PNG or JPEG. Raises ``ValueError`` with the reason: another format, damaged, CMYK, too large."""
    if content.startswith(_PNG):
        found = _png(content)
    elif content.startswith(_JPEG):
        found = _jpeg(content)
    else:
        raise ValueError("neither PNG nor JPEG")
    if not (0 < found.width <= MAX_SIDE and 0 < found.height <= MAX_SIDE):
        raise ValueError(f"{found.width} × {found.height} pixels")
    if found.width * found.height > MAX_PIXELS:
        raise ValueError(f"more than {MAX_PIXELS} pixels")
    return found


def _png(content: bytes) -> Raster:
    if content[12:16] != b"IHDR" or len(content) < 33:
        raise ValueError("a PNG without its header")
    width, height = struct.unpack(">II", content[16:24])
    return Raster("png", width, height)


def _jpeg(content: bytes) -> Raster:
    """Walks the segments up to the frame header (ISO/IEC 10918-1, B.2.2)."""
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        if marker in _FRAMES and len(content) >= at + 10:
            height, width, components = struct.unpack(">HHB", content[at + 5 : at + 10])
            if components not in (1, 3):
                raise ValueError("a JPEG that is neither grey nor RGB")
            return Raster("jpeg", width, height)
        if marker in (0xD9, 0xDA) or length < 2:
            break
        at += 2 + length
    raise ValueError("a damaged JPEG")
