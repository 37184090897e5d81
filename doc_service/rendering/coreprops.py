"""Core properties of the filled DOCX (ECMA-376 part 2, 11): title, language and one fixed date.

They are written anew, whatever the template says, so that no author's name or editing time of the template's maker
travels in an official document, and LibreOffice takes the title into the PDF.
"""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

from doc_service.rendering.package import CONTENT_TYPES, ROOT_RELATIONSHIPS, Parts, parse_xml, serialise
from doc_service.rendering.plain import clean

_CP = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC = "http://purl.org/dc/elements/1.1/"
_TERMS = "http://purl.org/dc/terms/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PART = "docProps/core.xml"
_KIND = f"{_RELS}/metadata/core-properties"
_MIME = "application/vnd.openxmlformats-package.core-properties+xml"


def set_core_properties(parts: Parts, *, title: str, language: str, issued_at: datetime) -> None:
    """Replaces the core properties in ``parts``; their part is added when the template has none."""
    root = etree.Element(f"{{{_CP}}}coreProperties", nsmap={"cp": _CP, "dc": _DC, "dcterms": _TERMS, "xsi": _XSI})
    etree.SubElement(root, f"{{{_DC}}}title").text = clean(title).replace("\n", " ")
    etree.SubElement(root, f"{{{_DC}}}language").text = language
    stamp = issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for name in ("created", "modified"):
        element = etree.SubElement(root, f"{{{_TERMS}}}{name}", {f"{{{_XSI}}}type": "dcterms:W3CDTF"})
        element.text = stamp
    _relate(parts)
    _declare(parts)
    parts[_PART] = serialise(root)


def _relate(parts: Parts) -> None:
    relations = parse_xml(parts[ROOT_RELATIONSHIPS], ROOT_RELATIONSHIPS)
    found = [r for r in relations if r.get("Type") == _KIND]
    for relation in found:
        parts.pop(str(relation.get("Target")).lstrip("/"), None)
        relations.remove(relation)
    attributes = {"Id": "rCoreProperties", "Type": _KIND, "Target": _PART}
    etree.SubElement(relations, f"{{{_RELS}}}Relationship", attributes)
    parts[ROOT_RELATIONSHIPS] = serialise(relations)


def _declare(parts: Parts) -> None:
    types = parse_xml(parts[CONTENT_TYPES], CONTENT_TYPES)
    if not any(t.get("PartName") == f"/{_PART}" for t in types):
        etree.SubElement(types, f"{{{_TYPES}}}Override", {"PartName": f"/{_PART}", "ContentType": _MIME})
        parts[CONTENT_TYPES] = serialise(types)
