"""Invented screen images of a portal's pages: small PNG files (ISO/IEC 15948) drawn without an image library."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Final

WIDTH, HEIGHT = 480, 270
_PALETTE: Final = bytes((255, 255, 255, 226, 230, 236, 23, 78, 124, 120, 130, 142, 245, 247, 250, 200, 90, 40))
_WHITE, _FRAME, _BLUE, _GREY, _PALE, _ACCENT = range(6)


def screen(place: int) -> str:
    """The page at ``place`` (from 1) as base64 of a PNG: browser bar, header, menu with the page marked, content."""
    rows = [bytearray([_PALE]) * WIDTH for _ in range(HEIGHT)]
    _fill(rows, 0, 0, WIDTH, 22, _FRAME)
    _fill(rows, 60, 6, 360, 10, _WHITE)
    _fill(rows, 0, 22, WIDTH, 30, _BLUE)
    _fill(rows, 16, 32, 120, 10, _WHITE)
    for entry in range(8):
        _fill(rows, 16, 66 + entry * 22, 96, 10, _ACCENT if entry + 1 == place else _GREY)
    _fill(rows, 130, 62, WIDTH - 146, HEIGHT - 74, _WHITE)
    _fill(rows, 146, 76, 150 + place * 14, 12, _BLUE)
    for line in range(9):
        _fill(rows, 146, 102 + line * 16, 300 - (line * 37 + place * 53) % 150, 6, _GREY)
    return base64.b64encode(_png(rows)).decode("ascii")


def _fill(rows: list[bytearray], left: int, top: int, width: int, height: int, colour: int) -> None:
    for row in rows[top : top + height]:
        row[left : left + width] = bytes([colour]) * width


def _png(rows: list[bytearray]) -> bytes:
    """Indexed colour, eight bits, no filter."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\x00" + bytes(row) for row in rows), 9)
    chunks = ((b"IHDR", header), (b"PLTE", _PALETTE), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
