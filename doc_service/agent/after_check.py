"""After signing: was the signature put under what the person read?

The agent signs a digest that the service computed. So it fetches the signed file and looks for the byte range with this
digest: it must begin with exactly the bytes that were read (DESIGN 7). A service that had something else signed is
found out at once, with the proof in hand.
"""

from __future__ import annotations

import hashlib
import re

from doc_service.agent.attributes import SignatureAttributes
from doc_service.domain.errors import DomainError

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")


def require_same_document(read: bytes, signed: bytes, attributes: SignatureAttributes) -> None:
    """Raises ``DomainError`` "agent.other_document_signed" unless ``signed`` begins with ``read`` and holds a byte
    range over all of ``read`` whose digest is the signed one (ISO 32000-1, 12.8.1)."""
    if signed.startswith(read) and any(_covers(read, signed, found, attributes) for found in _ranges(signed)):
        return
    raise DomainError("agent.other_document_signed", "")


def _ranges(signed: bytes) -> list[tuple[int, int, int, int]]:
    """The newest first."""
    found = [tuple(int(number) for number in match.groups()) for match in _BYTE_RANGE.finditer(signed)]
    return [(a, b, c, d) for a, b, c, d in reversed(found)]


def _covers(read: bytes, signed: bytes, span: tuple[int, int, int, int], attributes: SignatureAttributes) -> bool:
    start, length, again, rest = span
    if start != 0 or not len(read) <= length <= again or again + rest > len(signed):
        return False
    view = memoryview(signed)
    digest = hashlib.new(attributes.algorithm.partition("_")[0], view[:length])
    digest.update(view[again : again + rest])
    return digest.digest() == attributes.document_digest
