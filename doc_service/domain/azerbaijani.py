"""Azerbaijani letters, order of words, and dates as instruments print them.

Python's own ``upper``, ``lower`` and string order follow no language: they turn i into I and sort ə after z. Numbers in
words are in ``azerbaijani_numbers``, case endings in ``azerbaijani_cases``.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from doc_service.domain.azerbaijani_numbers import ordinal

ALPHABET = "abcçdeəfgğhxıijkqlmnoöprsştuüvyz"
MONTHS = (
    "yanvar",
    "fevral",
    "mart",
    "aprel",
    "may",
    "iyun",
    "iyul",
    "avqust",
    "sentyabr",
    "oktyabr",
    "noyabr",
    "dekabr",
)

# w is no Azerbaijani letter but stands in foreign names; dictionaries put it beside v.
_RANK = {letter: place for place, letter in enumerate(ALPHABET.replace("v", "vw"))}
_GAP, _DIGIT, _LETTER, _FOREIGN = range(4)

SortKey = tuple[tuple[tuple[int, int], ...], str]


def upper(text: str) -> str:
    """Capitals with i → İ and ı → I."""
    return text.replace("i", "İ").replace("ı", "I").upper()


def lower(text: str) -> str:
    """Small letters with İ → i and I → ı."""
    return text.replace("İ", "i").replace("I", "ı").lower()


def sort_key(text: str) -> SortKey:
    """Key for ``sorted``: Azerbaijani alphabet, letter case ignored; gaps before digits before letters.

    A foreign accented letter (é) counts as its base letter, other scripts come last. Texts that differ in nothing but
    case or accents still have a fixed order.
    """
    composed = unicodedata.normalize("NFC", text)
    return tuple(_place(char) for char in lower(composed)), text


def _place(char: str) -> tuple[int, int]:
    if char in _RANK:
        return _LETTER, _RANK[char]
    if char.isdecimal():
        return _DIGIT, unicodedata.decimal(char)
    if not char.isalpha():
        return _GAP, 0 if char.isspace() else ord(char)
    base = unicodedata.normalize("NFD", char)[0]
    return (_LETTER, _RANK[base]) if base in _RANK else (_FOREIGN, ord(char))


def long_date(day: date) -> str:
    """The date line of an instrument: «20» noyabr 2026-cı il (two digits in the quotes, as the printed form has)."""
    return f"«{day.day:02d}» {MONTHS[day.month - 1]} {ordinal(day.year)} il"


def plain_date(day: date) -> str:
    """In running text: 20 noyabr 2026-cı il."""
    return f"{day.day} {MONTHS[day.month - 1]} {ordinal(day.year)} il"


def reference_date(day: date) -> str:
    """Before "tarixli", as acts are cited: 2026-cı il 20 noyabr (001, preamble)."""
    return f"{ordinal(day.year)} il {day.day} {MONTHS[day.month - 1]}"
