"""What a template may not hold: anything that runs, or reaches outside its own package.

LibreOffice resolves links, fields and embedded objects while it loads a document; a template therefore may carry
only text, styles, numbering, headers, footers, notes, fonts and raster images. The list is one of what is allowed:
a new kind of part is refused until somebody has thought about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn, cast

from lxml import etree

from doc_service.domain.errors import DomainError
from doc_service.rendering.package import Parts, parse_xml

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CT = "{http://schemas.openxmlformats.org/package/2006/content-types}"

_RELATIONSHIPS = frozenset(
    {
        "officeDocument", "core-properties", "extended-properties", "custom-properties", "styles", "numbering",
        "settings", "fontTable", "theme", "webSettings", "header", "footer", "footnotes", "endnotes", "image",
        "thumbnail", "customXml", "customXmlProps", "stylesWithEffects", "font",
    }
)  # fmt: skip
_PART_NAMES = re.compile(
    r"\[Content_Types\]\.xml|(.+/)?_rels/[^/]*\.rels|docProps/[a-z]+\.(xml|jpeg|jpg|png)"
    r"|word/(document|styles|stylesWithEffects|numbering|settings|fontTable|webSettings|footnotes|endnotes"
    r"|header\d*|footer\d*)\.xml|word/theme/theme\d*\.xml|word/media/[^/]+\.(png|jpe?g)|word/fonts/[^/]+\.odttf"
    r"|customXml/[A-Za-z]+\d*\.xml",
    re.IGNORECASE,
)
_MAGIC = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}
_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "REF", "PAGEREF", "SEQ", "TOC", "STYLEREF", "SYMBOL"})
_ELEMENTS = frozenset(
    {"altChunk", "object", "OLEObject", "control", "subDoc", "attachedTemplate", "mailMerge", "dataBinding", "movie",
     "frameset", "imagedata", "externalData"}
)  # fmt: skip
_LINK = f"{{{_R}}}link"
_REFERENCES = frozenset({"src", "href", "fontKeySrc"})
_ACTIVE = tuple(f"{{*}}{name}" for name in sorted(_ELEMENTS))
_REFERRING = etree.XPath(
    "//@*[" + " or ".join(f"local-name()='{name}'" for name in ("link", *sorted(_REFERENCES))) + "]/.."
)
"""Elements with an attribute that may name something else: found by libxml2, since a large document has 400,000."""
_URI = re.compile(r"\b(?:file|https?|ftp|smb|data|vnd\.[\w.]+):", re.IGNORECASE)


def _forbidden(expression: str, place: str) -> NoReturn:
    raise DomainError("template.forbidden", expression=expression, place=place)


def check_package(parts: Parts) -> None:
    """Raises ``DomainError`` "template.forbidden" (``expression`` names the thing, ``place`` the part), or
    "template.broken" for XML that cannot be read."""
    for name, content in parts.items():
        if not _PART_NAMES.fullmatch(name):
            _forbidden(name, "package")
        extension = name.rpartition(".")[2].lower()
        if extension in _MAGIC:
            if not content.startswith(_MAGIC[extension]):
                _forbidden(f"{name}: not a {extension} image", "package")
        elif extension != "odttf":
            root = parse_xml(content, name)
            if name.endswith(".rels"):
                _check_relationships(root, name)
            else:
                check_elements(root, name)
    _check_types(parts)


def _check_types(parts: Parts) -> None:
    for entry in parse_xml(parts["[Content_Types].xml"], "[Content_Types].xml"):
        kind = str(entry.get("ContentType", "")).lower()
        if "macro" in kind or "vba" in kind or "oleobject" in kind or "activex" in kind:
            _forbidden(kind, "[Content_Types].xml")


def _check_relationships(root: etree._Element, part: str) -> None:
    for relation in root:
        kind = str(relation.get("Type", "")).rpartition("/")[2]
        target = str(relation.get("Target", ""))
        if str(relation.get("TargetMode", "Internal")) != "Internal" or ":" in target or target.startswith("\\"):
            _forbidden(f"{kind}: {target}", part)
        if kind not in _RELATIONSHIPS:
            _forbidden(kind, part)


def check_elements(root: etree._Element, part: str) -> None:
    """Refuses active elements, linked resources and field codes outside the list in one XML part."""
    for element in root.iter(*_ACTIVE):
        _forbidden(_local(element.tag), part)
    for element in cast("list[etree._Element]", _REFERRING(root)):
        for key, value in element.items():
            if key == _LINK:
                _forbidden(f"{_local(element.tag)} r:link", part)
            if _local(key) in _REFERENCES and _URI.search(str(value)):
                _forbidden(f"{_local(element.tag)} {_local(key)}={value!s}", part)
    for code in field_codes(root):
        keyword = code.strip().partition(" ")[0].upper()
        if keyword not in _FIELDS:
            _forbidden(code.strip()[:80] or "empty field code", part)


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]


def field_codes(root: etree._Element) -> Iterator[str]:
    """The instruction of every field, simple or complex; runs that split one instruction are joined."""
    for simple in root.iter(f"{{{W}}}fldSimple"):
        yield str(simple.get(f"{{{W}}}instr", ""))
    open_codes: list[list[str]] = []
    for element in root.iter(f"{{{W}}}fldChar", f"{{{W}}}instrText", f"{{{W}}}delInstrText"):
        if element.tag != f"{{{W}}}fldChar":
            if not open_codes:
                yield str(element.text or "")
            else:
                open_codes[-1].append(str(element.text or ""))
            continue
        kind = element.get(f"{{{W}}}fldCharType")
        if kind == "begin":
            open_codes.append([])
        elif kind == "end" and open_codes:
            yield "".join(open_codes.pop())
    for code in open_codes:
        yield "".join(code)
