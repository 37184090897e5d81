"""Folding of text for search."""

from __future__ import annotations

import unicodedata

_DOTS = str.maketrans({"İ": "i", "I": "i", "ı": "i", "\u0307": None})


def fold(text: str) -> str:
    """Lower case for comparing: composed form, and dotted and dotless i as one letter, since whoever searches may
    type ``I`` or ``i`` for any of İ, i, I, ı (Python's own lower case would turn ``I`` into ``i`` but ``İ`` into two
    characters)."""
    return unicodedata.normalize("NFC", text).translate(_DOTS).casefold().translate(_DOTS)
