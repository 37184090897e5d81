"""Azerbaijani numbers: in words, with the suffix of ordinals, and sums of money."""

from __future__ import annotations

_UNITS = ("", "bir", "iki", "üç", "dörd", "beş", "altı", "yeddi", "səkkiz", "doqquz")
_TENS = ("", "on", "iyirmi", "otuz", "qırx", "əlli", "altmış", "yetmiş", "səksən", "doxsan")
_SCALES = ("", "min", "milyon", "milyard", "trilyon")
_LIMIT = 1000 ** len(_SCALES)

_HARMONY = {"a": "ı", "ı": "ı", "e": "i", "ə": "i", "i": "i", "o": "u", "u": "u", "ö": "ü", "ü": "ü"}

QEPIK_IN_MANAT = 100


def harmonic_vowel(word: str) -> str | None:
    """ı, i, u or ü: the narrow vowel that harmony asks for after the last vowel of a small-letter word; None: it has
    no vowel."""
    return next((_HARMONY[c] for c in reversed(word) if c in _HARMONY), None)


def number_words(number: int) -> str:
    """``number`` in words: 2026 → "iki min iyirmi altı", 1000 → "min". Raises ``ValueError`` from 10^15 on."""
    if abs(number) >= _LIMIT:
        raise ValueError("number too large for words")
    if number < 0:
        return f"mənfi {number_words(-number)}"
    if number == 0:
        return "sıfır"
    words: list[str] = []
    for power in reversed(range(len(_SCALES))):
        group = number // 1000**power % 1000
        if not group:
            continue
        if not (power == 1 and group == 1):
            words += _below_thousand(group)
        words.append(_SCALES[power])
    return " ".join(word for word in words if word)


def _below_thousand(group: int) -> list[str]:
    hundreds, rest = divmod(group, 100)
    words = [_UNITS[hundreds]] if hundreds > 1 else []
    if hundreds:
        words.append("yüz")
    return [*words, _TENS[rest // 10], _UNITS[rest % 10]]


def ordinal_suffix(number: int) -> str:
    """-cı, -ci, -cu or -cü, by the last vowel of the number as spoken: 6 altı → cı, 2020 iyirmi → ci, 10 on → cu."""
    vowel = harmonic_vowel(number_words(number))
    return f"c{vowel}"


def ordinal(number: int) -> str:
    """The ordinal in figures: 2026 → "2026-cı". Raises ``ValueError`` from 10^15 on."""
    return f"{number}-{ordinal_suffix(number)}"


def manat_words(qepik: int) -> str:
    """A sum in words from whole qəpik (1 manat = 100 qəpik): 1250 → "on iki manat əlli qəpik".

    A part that is nought is left out; a sum of nought is "sıfır manat". Raises ``ValueError`` for a negative sum.
    """
    if qepik < 0:
        raise ValueError("a sum of money in an instrument is not negative")
    manat, rest = divmod(qepik, QEPIK_IN_MANAT)
    parts = [f"{number_words(manat)} manat"] if manat or not rest else []
    if rest:
        parts.append(f"{number_words(rest)} qəpik")
    return " ".join(parts)
