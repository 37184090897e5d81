"""DOCX packages (ECMA-376 part 2) read with bounds and written the same way every time.

A template comes from a person: it may be a zip bomb, hold paths that leave the package, or not be a DOCX at all.
What is written has fixed time stamps, order and attributes, so that equal parts give equal bytes.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import NoReturn

from lxml import etree

from doc_service.domain.errors import DomainError

CONTENT_TYPES = "[Content_Types].xml"
ROOT_RELATIONSHIPS = "_rels/.rels"
DOCUMENT = "word/document.xml"
MAX_ENTRIES = 500
MAX_TOTAL = 64 << 20
MAX_PART = 32 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 16

Parts = dict[str, bytes]


def _broken(reason: str) -> NoReturn:
    raise DomainError("template.broken", reason=reason)


def read_package(data: bytes) -> Parts:
    """All parts by name, in the order of the file. Unpacks at most 500 entries and 64 MiB (32 MiB a part), counted
    while unpacking, whatever the directory claims. Raises ``DomainError`` "template.broken" with the reason."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _unpack(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        raise DomainError("template.broken", reason=f"not a DOCX (zip) file: {error}") from error
    for needed in (CONTENT_TYPES, ROOT_RELATIONSHIPS, DOCUMENT):
        if needed not in parts:
            _broken(f"the part {needed} is missing")
    return parts


def _unpack(archive: zipfile.ZipFile) -> Parts:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        _broken(f"{len(entries)} entries, at most {MAX_ENTRIES} are allowed")
    parts: Parts = {}
    left = MAX_TOTAL
    for entry in entries:
        if entry.is_dir():
            continue
        _check_name(entry, parts)
        content = _bounded(archive, entry, min(left, MAX_PART))
        left -= len(content)
        parts[entry.filename] = content
    return parts


def _check_name(entry: zipfile.ZipInfo, parts: Parts) -> None:
    name = entry.filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        _broken(f"the entry name {name!r} leaves the package")
    if name.lower() in {known.lower() for known in parts}:
        _broken(f"the entry {name!r} occurs twice")
    if entry.flag_bits & 0x1:
        _broken(f"the entry {name!r} is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        _broken(f"the entry {name!r} is packed by a method that DOCX does not know")


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    content = bytearray()
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            content += chunk
            if len(content) > limit:
                _broken(f"the entry {entry.filename!r} unpacks beyond the limit of {limit} bytes")
    return bytes(content)


def write_package(parts: Mapping[str, bytes]) -> bytes:
    """A DOCX of ``parts``: content types first (as OPC readers expect), then the given order, dated 1980-01-01."""
    names = [CONTENT_TYPES, *(name for name in parts if name != CONTENT_TYPES)]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, parts[name], compresslevel=6)
    return target.getvalue()


def parse_xml(content: bytes, part: str) -> etree._Element:
    """The root of an XML part; no DTD, entities or network. Raises ``DomainError`` "template.broken"."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DomainError("template.broken", reason=f"{part}: {error}") from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        _broken(f"{part}: a document type declaration is not allowed")
    return root


def serialise(root: etree._Element) -> bytes:
    """UTF-8 with an XML declaration, as Word writes it."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
