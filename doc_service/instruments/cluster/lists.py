"""Lists inside provisions, lettered by the Azerbaijani alphabet as acts letter them: a), b), c), ç), d), e), ə) …"""

from __future__ import annotations

from collections.abc import Sequence

from doc_service.domain.azerbaijani import ALPHABET


def lettered(items: Sequence[str]) -> list[str]:
    """ "a) …;", the last with a full stop. Beyond the alphabet the letters double: aa), bb)."""
    last = len(items) - 1
    return [f"{_letter(n)}) {_bare(text)}{'.' if n == last else ';'}" for n, text in enumerate(items)]


def _letter(place: int) -> str:
    rounds, letter = divmod(place, len(ALPHABET))
    return ALPHABET[letter] * (rounds + 1)


def _bare(text: str) -> str:
    return text.strip().rstrip(".;")
