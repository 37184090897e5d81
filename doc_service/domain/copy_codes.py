"""Codes by which anybody who holds a copy finds its public check: not to be guessed, easy to print and to type.

Twenty characters of Crockford's Base32 are 100 bits. The alphabet leaves out I, L, O and U; whoever reads 1 as I or l,
or 0 as O, is understood all the same.
"""

from __future__ import annotations

import re

ENTROPY = 13
"""Random octets that a code is made from; the first 100 bits count."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH, _GROUP = 20, 4
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CODE = re.compile(rf"[{_ALPHABET}]{{{_LENGTH}}}")
PRINTED = rf"^(?:[{_ALPHABET}]{{{_GROUP}}}-){{{_LENGTH // _GROUP - 1}}}[{_ALPHABET}]{{{_GROUP}}}$"
"""As it is printed: five groups of four."""


def new_code(random: bytes) -> str:
    """The code of ``random`` (at least 13 octets), in groups: "7K3Q-9M2Z-1BCD-GH4J-K5MN". Raises ``ValueError``."""
    if len(random) < ENTROPY:
        raise ValueError(f"a code needs {ENTROPY} random octets")
    bits = int.from_bytes(random[:ENTROPY]) >> (ENTROPY * 8 - _LENGTH * 5)
    letters = "".join(_ALPHABET[bits >> 5 * place & 31] for place in reversed(range(_LENGTH)))
    return "-".join(letters[place : place + _GROUP] for place in range(0, _LENGTH, _GROUP))


def read_code(typed: str) -> str | None:
    """The code that somebody typed, as it is printed; None for what is none."""
    letters = re.sub(r"[\s-]", "", typed[:100]).upper().translate(_READ_AS)
    if not _CODE.fullmatch(letters):
        return None
    return "-".join(letters[place : place + _GROUP] for place in range(0, _LENGTH, _GROUP))
