"""The PDF/A claim in the metadata (ISO 19005-3, 6.6.4). A claim only: whether it is true, veraPDF says."""

from __future__ import annotations

from lxml import etree
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.api import SigningError
from signing.validate_objects import entry
from signing.validate_structure import FAULTS

_PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"


def pdfa_claim(reader: PdfFileReader) -> str:
    """Part and conformance such as "3B", "" without a claim. Raises ``signing.decode_limit``."""
    try:
        stream = entry(reader.root, "/Metadata")
        data = stream.read_data(DecodePurpose.XMP_METADATA) if isinstance(stream, generic.StreamObject) else b""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(data, parser=parser)
    except misc.PdfDecodeLimitError as fault:
        raise SigningError("signing.decode_limit", limit="stream") from fault
    except (etree.XMLSyntaxError, *FAULTS):
        return ""
    return (_value(root, "part") + _value(root, "conformance").upper())[:4]


def _value(root: etree._Element, name: str) -> str:
    for element in root.iter():
        if element.tag == _PDFAID + name:
            return (element.text or "").strip()
        if element.get(_PDFAID + name):
            return str(element.get(_PDFAID + name)).strip()
    return ""
