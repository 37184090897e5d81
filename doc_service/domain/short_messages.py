"""How long a short message is (3GPP TS 23.038 §6): Azerbaijani letters make one character two octets.

The basic alphabet has Ç, ö and ü, but neither ə, ı, ğ, ş nor İ, so a message in Azerbaijani goes in UCS-2: 70
characters in one, 67 in each of several. A letter outside the basic plane counts two.
"""

from __future__ import annotations

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
MOST_SEGMENTS = 2


def segments(text: str) -> int:
    """How many messages a telephone network makes of ``text``; 0 for none."""
    if all(c in _BASIC or c in _EXTENDED for c in text):
        size = sum(2 if c in _EXTENDED else 1 for c in text)
        return _parts(size, 160, 153)
    return _parts(len(text.encode("utf-16-be")) // 2, 70, 67)


def _parts(size: int, alone: int, each: int) -> int:
    if size == 0:
        return 0
    return 1 if size <= alone else -(-size // each)
