"""SVG as LibreOffice may see it: shapes and text, nothing that links, runs or styles from outside.

Graphviz is not trusted with what goes into an official document: its output is rebuilt from the elements and
attributes below, and anything else is refused.
"""

from __future__ import annotations

import re
from typing import Final, NoReturn

from lxml import etree

from doc_service.domain.errors import DomainError

SVG: Final = "http://www.w3.org/2000/svg"
MAX_SVG: Final = 16 << 20
_SHARED: Final = frozenset({"fill", "stroke", "stroke-width", "stroke-dasharray", "transform"})
_ATTRIBUTES: Final = {
    "svg": frozenset({"width", "height", "viewBox"}),
    "g": _SHARED,
    "polygon": _SHARED | {"points"},
    "polyline": _SHARED | {"points"},
    "path": _SHARED | {"d"},
    "ellipse": _SHARED | {"cx", "cy", "rx", "ry"},
    "text": _SHARED
    | {"x", "y", "text-anchor", "font-family", "font-size", "font-weight", "font-style", "textLength", "lengthAdjust"},
}
_DROPPED_ELEMENTS: Final = frozenset({"title"})
_DROPPED_ATTRIBUTES: Final = frozenset({"id", "class"})
_VALUE: Final = re.compile(r"[-A-Za-z0-9 .,#()+%]*")
_SIZE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)pt")
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE\s+svg\s+PUBLIC\s+\"[^\"<>\[]*\"\s+\"[^\"<>\[]*\"\s*>")


def _refuse(reason: str) -> NoReturn:
    raise DomainError("diagram.failed", reason=reason)


def clean_svg(content: bytes) -> bytes:
    """``content`` rebuilt without names, comments and document type. Raises ``DomainError`` "diagram.failed" for
    anything but shapes and text."""
    if len(content) > MAX_SVG:
        _refuse("the drawing is too large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(_DOCTYPE.sub(b"", content, count=1), parser)
    except etree.XMLSyntaxError as error:
        _refuse(f"not SVG: {error}")
    if root.tag != f"{{{SVG}}}svg" or _declares(root):
        _refuse("not a plain SVG drawing")
    rebuilt = _copy(root)
    return bytes(etree.tostring(rebuilt, xml_declaration=True, encoding="UTF-8", standalone=True))


def _declares(root: etree._Element) -> bool:
    return bool(root.getroottree().docinfo.doctype)  # type: ignore[attr-defined]


def _copy(source: etree._Element) -> etree._Element:
    name = etree.QName(source).localname
    made = etree.Element(f"{{{SVG}}}{name}", nsmap={None: SVG})  # type: ignore[dict-item]
    for key, value in source.attrib.items():
        attribute, text = str(key), str(value)
        if attribute in _DROPPED_ATTRIBUTES or attribute.startswith("{http://www.w3.org/XML/1998/namespace}"):
            continue
        if attribute not in _ATTRIBUTES[name] or not _VALUE.fullmatch(text):
            _refuse(f"{name} {attribute}={text[:60]}")
        made.set(attribute, "none" if text == "transparent" else text)
    if name == "text":
        made.text = source.text
    for child in source:
        if not isinstance(child.tag, str):
            _refuse("an instruction in the drawing")
        kind = etree.QName(child)
        if kind.localname in _DROPPED_ELEMENTS:
            continue
        if kind.namespace != SVG or kind.localname not in _ATTRIBUTES or kind.localname == "svg" or name == "text":
            _refuse(f"the element {kind.localname}")
        made.append(_copy(child))
    return made


def svg_size(content: bytes) -> tuple[float, float]:
    """Width and height in points of a cleaned drawing; raises ``DomainError`` "diagram.failed"."""
    root = etree.fromstring(content)
    found = [_SIZE.fullmatch(str(root.get(side, ""))) for side in ("width", "height")]
    if found[0] is None or found[1] is None or float(found[0][1]) <= 0 or float(found[1][1]) <= 0:
        _refuse("the drawing does not tell its size")
    return float(found[0][1]), float(found[1][1])
