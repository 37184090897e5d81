"""Bounds of a workbook that comes from anybody, held before a library reads it.

A workbook is a zip archive of XML: it may be a bomb, claim sizes it does not have, or declare entities. Its parts are
unpacked once here, counted while unpacking, and handed on as a fresh archive that says the truth.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

from doc_service.domain.errors import DomainError

MAX_FILE: Final = 16 << 20
MAX_UNPACKED: Final = 48 << 20
MAX_ENTRIES: Final = 256
_CHUNK: Final = 1 << 16
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")


def checked(content: bytes) -> bytes:
    """The same parts, stored unpacked. Raises ``DomainError`` "sheet.too_large" or "sheet.unreadable"."""
    if len(content) > MAX_FILE:
        raise DomainError("sheet.too_large", limit=MAX_FILE)
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as fresh:
            _copy(source, fresh)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        raise DomainError("sheet.unreadable", reason=str(error)[:200]) from error
    return target.getvalue()


def _copy(source: zipfile.ZipFile, fresh: zipfile.ZipFile) -> None:
    entries = source.infolist()
    if len(entries) > MAX_ENTRIES:
        raise DomainError("sheet.too_large", limit=MAX_UNPACKED)
    left = MAX_UNPACKED
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if name.lower() in seen or entry.flag_bits & 0x1:
            raise DomainError("sheet.unreadable", reason=f"{name[:80]!r} occurs twice or is encrypted")
        seen.add(name.lower())
        part = _unpacked(source, entry, left)
        left -= len(part)
        if name.lower().endswith((".xml", ".rels")):
            _plain_xml(name, part)
        fresh.writestr(zipfile.ZipInfo(name, _EPOCH), part)


def _unpacked(source: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    part = bytearray()
    with source.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            part += chunk
            if len(part) > limit:
                raise DomainError("sheet.too_large", limit=MAX_UNPACKED)
    return bytes(part)


def _plain_xml(name: str, part: bytes) -> None:
    """No document type (so no entities) and an encoding in which one could be seen."""
    if part[:2] in _UTF16 or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise DomainError("sheet.unreadable", reason=f"{name[:80]!r} has a document type or an unusual encoding")
