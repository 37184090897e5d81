"""What the rules of validation leave open, because no signature of a finished document depends on it.

After a signature the Info dictionary and the XMP packet may be rewritten at will, and a widget may be hidden. A file
that comes back from a phone must not use that: title, author, and the PDF/A claim stay what was registered, and the
signature stays where people look for it. Dates of change and the producer's name may be new.
"""

from __future__ import annotations

from typing import Any

from lxml import etree
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.sign.fields import enumerate_sig_fields

from signing.api import SigningError
from signing.validate_history import HistoryReader
from signing.validate_objects import entry
from signing.validate_structure import FAULTS, unreadable

_FREE_INFO = frozenset({"/ModDate", "/Producer"})
_XMP, _PDF, _MM = (
    "{http://ns.adobe.com/xap/1.0/}",
    "{http://ns.adobe.com/pdf/1.3/}",
    "{http://ns.adobe.com/xap/1.0/mm/}",
)
_FREE_XMP = frozenset({f"{_XMP}ModifyDate", f"{_XMP}MetadataDate", f"{_PDF}Producer", f"{_MM}InstanceID"})
_IDLE = frozenset({"{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "{adobe:ns:meta/}xmptk"})
_PRINT, _UNSEEN = 4, 1 | 2 | 32 | 256
"""Annotation flags (ISO 32000-1, table 165): Print; Invisible, Hidden, NoView, ToggleNoView."""


def require_same_metadata(before: HistoryReader, after: HistoryReader) -> None:
    """Raises ``sima.changed`` (what: "metadata")."""
    with unreadable():
        info = _info(before) == _info(after)
        marks = _plain(entry(before.root, "/MarkInfo")) == _plain(entry(after.root, "/MarkInfo"))
        packet = _packet(before) == _packet(after)
    if not (info and marks and packet):
        raise SigningError("sima.changed", what="metadata")


def _info(reader: HistoryReader) -> dict[str, str]:
    info = entry(reader.trailer_view, "/Info")
    if not isinstance(info, generic.DictionaryObject):
        return {}
    return {str(key): _plain(info[key]) for key in info if str(key) not in _FREE_INFO}


def _plain(value: object) -> str:
    return "" if value is None else repr(value)


def _packet(reader: HistoryReader) -> bytes:
    """The XMP packet without what may be new, in one form (Canonical XML); what cannot be read is compared as it is."""
    stream = entry(reader.root, "/Metadata")
    if not isinstance(stream, generic.StreamObject):
        return b""
    data = bytes(stream.read_data(DecodePurpose.XMP_METADATA))
    try:
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_blank_text=True,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        root = etree.fromstring(data, parser=parser)
        return _canonical(root)
    except (etree.LxmlError, *FAULTS):
        return data


def _canonical(root: etree._Element) -> bytes:
    """Every value with the way to it. A property may be an element or an attribute of its description (ISO 16684-1,
    7.9.2.2), and descriptions may be grouped in any way: both are the same here."""
    facts: list[tuple[str, str, str]] = []
    for element in root.iter():
        above = "/".join(str(e.tag) for e in reversed(list(element.iterancestors())))
        way = f"{above}/{element.tag}"
        if any(tag in way for tag in _FREE_XMP):
            continue
        facts += [(way, str(k), str(v)) for k, v in element.attrib.items() if k not in _FREE_XMP | _IDLE]
        text = (element.text or "").strip()
        facts += [(above, str(element.tag), text)] if text else []
    return repr(sorted(facts)).encode()


def require_shown(reader: HistoryReader, field: str) -> None:
    """The widget is printed and not hidden (ISO 19005-3, 6.3.2). Raises ``sima.changed`` (what: "flags")."""
    with unreadable():
        found: Any = next(place for name, _, place in enumerate_sig_fields(reader) if str(name) == field)
        widget = found.get_object()
        flags = int(widget["/F"]) if "/F" in widget else 0
    if not flags & _PRINT or flags & _UNSEEN:
        raise SigningError("sima.changed", what="flags")
