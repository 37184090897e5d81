"""Distinguished encoding read strictly: what can be written in only one way (ITU-T X.690, 10 and 11).

Used for the one place of a signed PDF that no digest covers, where a lenient reader would let a byte change unseen.
"""

from __future__ import annotations

from dataclasses import dataclass

SEQUENCE, SET, INTEGER, BIT_STRING, OCTET_STRING, OID = 0x30, 0x31, 0x02, 0x03, 0x04, 0x06


class NotCanonicalError(ValueError):
    """The bytes are not the one encoding of their meaning."""


@dataclass(frozen=True, slots=True)
class Tlv:
    """One element: identifier octet, contents, and the whole encoding."""

    tag: int
    body: bytes
    raw: bytes

    def children(self) -> list[Tlv]:
        return read_all(self.body)


def read(data: bytes, start: int = 0) -> tuple[Tlv, int]:
    """The element at ``start`` and where the next one begins. Raises ``NotCanonicalError``."""
    if start + 2 > len(data) or data[start] & 0x1F == 0x1F:
        raise NotCanonicalError
    length, begin = data[start + 1], start + 2
    if length >= 0x80:
        size = length & 0x7F
        digits = data[begin : begin + size]
        length, begin = int.from_bytes(digits, "big"), begin + size
        if not 1 <= size <= 4 or len(digits) != size or digits[0] == 0 or length < 0x80:
            raise NotCanonicalError
    end = begin + length
    if end > len(data):
        raise NotCanonicalError
    return Tlv(data[start], data[begin:end], data[start:end]), end


def read_all(data: bytes) -> list[Tlv]:
    """Elements that fill ``data`` exactly. Raises ``NotCanonicalError``."""
    found: list[Tlv] = []
    place = 0
    while place < len(data):
        element, place = read(data, place)
        found.append(element)
    return found


def read_only(data: bytes, tag: int) -> Tlv:
    """The single element that fills ``data``. Raises ``NotCanonicalError``."""
    element, end = read(data)
    if end != len(data) or element.tag != tag:
        raise NotCanonicalError
    return element


def write(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    digits = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(digits))) + digits + body


def is_positive_integer(element: Tlv) -> bool:
    """Minimal positive INTEGER (X.690, 8.3.2)."""
    body = element.body
    shortest = len(body) == 1 or (len(body) > 1 and (body[0] != 0 or body[1] >= 0x80))
    return element.tag == INTEGER and shortest and body[0] < 0x80 and any(body)


def is_ecdsa_signature(value: bytes) -> bool:
    """Whether ``value`` is the one encoding of Ecdsa-Sig-Value (RFC 3279, 2.2.3)."""
    try:
        parts = read_only(value, SEQUENCE).children()
    except NotCanonicalError:
        return False
    return len(parts) == 2 and all(is_positive_integer(part) for part in parts)
