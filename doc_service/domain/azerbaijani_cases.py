"""Case endings by vowel harmony, for names and titles that a template has to bend.

Spelling follows the state orthography rules: q → ğ and k → y before a vowel in native words of more than one syllable
(Agentlik → Agentliyin); names and borrowed words keep their last letter, which no rule can see: pass ``keep=True``.
A title that ends in a possessive ("Koordinasiya Qrupu", "Nazirlər Kabineti") takes the n of possession in the dative,
locative and ablative: pass ``possessive=True``; "oğlu" and "qızı" are known.
"""

from __future__ import annotations

from doc_service.domain.azerbaijani import lower
from doc_service.domain.azerbaijani_numbers import harmonic_vowel, number_words

_VOWELS = frozenset("aıoueəiöü")
_BACK = frozenset("ıu")
_SOFTENED = {"q": "ğ", "k": "y"}
_KIN = frozenset({"oğlu", "qızı"})
_GENITIVE_EXCEPTIONS = {"su": "yun"}
_NAMED_WITH_VOWEL_FIRST = frozenset("flmnrs")


def genitive(text: str, *, keep: bool = False) -> str:
    """Whose: Qrup → Qrupun, Bakı → Bakının, Agentlik → Agentliyin, BMT → BMT-nin, 2026 → 2026-nın."""
    ending = _GENITIVE_EXCEPTIONS.get(_last_word(text))
    if ending is not None:
        return text + ending
    vowel = _narrow(text)
    return _joined(text, f"n{vowel}n" if _ends_in_vowel(text) else f"{vowel}n", keep=keep)


def dative(text: str, *, possessive: bool = False, keep: bool = False) -> str:
    """To whom: Qrup → Qrupa, Bakı → Bakıya, Kabineti (possessive) → Kabinetinə."""
    buffer = ("n" if _possessed(text, possessive) else "y") if _ends_in_vowel(text) else ""
    return _joined(text, buffer + _wide(text), keep=keep)


def locative(text: str, *, possessive: bool = False) -> str:
    """Where: Bakı → Bakıda, Kabineti (possessive) → Kabinetində."""
    return _joined(text, f"{_buffer_n(text, possessive)}d{_wide(text)}", keep=True)


def ablative(text: str, *, possessive: bool = False) -> str:
    """From whom: Quliyev → Quliyevdən, Kabineti (possessive) → Kabinetindən."""
    return _joined(text, f"{_buffer_n(text, possessive)}d{_wide(text)}n", keep=True)


def _last_word(text: str) -> str:
    words = lower(text).split()
    return words[-1] if words else ""


def _possessed(text: str, possessive: bool) -> bool:
    return possessive or _last_word(text) in _KIN


def _buffer_n(text: str, possessive: bool) -> str:
    return "n" if _possessed(text, possessive) and _ends_in_vowel(text) else ""


def _is_abbreviation(text: str) -> bool:
    """KOB, BMT: written with a hyphen before the ending, as figures are."""
    word = text.split()[-1] if text.split() else ""
    return len(word) > 1 and word.isalpha() and word.isupper()


def _spoken(text: str) -> str:
    """The last word as it is said: figures as numbers, an abbreviation without vowels by the name of its last letter
    (be, te, but el, em), any other word as it is written."""
    word = _last_word(text)
    digits = word[len(word.rstrip("0123456789")) :]
    if digits:
        return number_words(int(digits[-12:])).split()[-1]
    if _is_abbreviation(text) and harmonic_vowel(word) is None:
        letter = word[-1]
        return f"e{letter}" if letter in _NAMED_WITH_VOWEL_FIRST else f"{letter}e"
    return word.rstrip("”»\"'.)")


def _ends_in_vowel(text: str) -> bool:
    return _spoken(text)[-1:] in _VOWELS


def _narrow(text: str) -> str:
    return harmonic_vowel(_spoken(text)) or "i"


def _wide(text: str) -> str:
    return "a" if _narrow(text) in _BACK else "ə"


def _joined(text: str, ending: str, *, keep: bool) -> str:
    if _is_abbreviation(text) or text[-1:].isdigit():
        return f"{text}-{ending}"
    last = text[-1:]
    syllables = sum(c in _VOWELS for c in _last_word(text))
    softens = last in _SOFTENED and ending[0] in _VOWELS and syllables > 1 and lower(text[-2:-1]) in _VOWELS
    if softens and not keep:
        return text[:-1] + _SOFTENED[last] + ending
    return text + ending
