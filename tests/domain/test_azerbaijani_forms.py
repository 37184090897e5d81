"""Azerbaijani letters, numbers, dates and case endings."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.azerbaijani import (
    ALPHABET,
    MONTHS,
    long_date,
    lower,
    plain_date,
    reference_date,
    sort_key,
    upper,
)
from doc_service.domain.azerbaijani_cases import ablative, dative, genitive, locative
from doc_service.domain.azerbaijani_numbers import manat_words, number_words, ordinal, ordinal_suffix

CAPITALS = "ABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZ"
WORDS = st.text(ALPHABET, max_size=12)


def test_the_alphabet_has_32_letters_with_their_capitals() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == len(CAPITALS) == 32
    assert upper(ALPHABET) == CAPITALS
    assert lower(CAPITALS) == ALPHABET


@given(WORDS)
def test_upper_and_lower_undo_each_other(word: str) -> None:
    assert lower(upper(word)) == word
    assert upper(lower(upper(word))) == upper(word)


def test_dotted_and_dotless_i() -> None:
    assert upper("iqtisadiyyat nazirliyi, ışıq") == "İQTİSADİYYAT NAZİRLİYİ, IŞIQ"
    assert lower("İCLAS QIZIL") == "iclas qızıl"


@given(WORDS, WORDS)
def test_order_is_the_order_of_the_alphabet(left: str, right: str) -> None:
    def places(word: str) -> list[int]:
        return [ALPHABET.index(c) for c in word]

    assert (sort_key(left) < sort_key(right)) is (places(left) < places(right))
    assert (sort_key(left) == sort_key(right)) is (left == right)


@given(st.lists(st.text(max_size=8)))
def test_every_text_has_one_place(texts: list[str]) -> None:
    backwards = texts[::-1]
    assert sorted(texts, key=sort_key) == sorted(backwards, key=sort_key)


def test_names_sort_as_in_an_azerbaijani_list() -> None:
    names = [
        "Əliyev",
        "Xəlilov",
        "Quliyev",
        "İsmayılov",
        "Iğdırlı",
        "Çələbi",
        "Zamanov",
        "Cəfərov",
        "Hüseynov",
        "Kərimov",
    ]
    names += ["Ağayev", "Şirinov", "Süleymanov", "Wolf", "Vəliyev", "Yusifov", "Ağa Vəli", "3-cü şöbə"]
    assert sorted(names, key=sort_key) == [
        "3-cü şöbə",
        "Ağa Vəli",
        "Ağayev",
        "Cəfərov",
        "Çələbi",
        "Əliyev",
        "Hüseynov",
        "Xəlilov",
        "Iğdırlı",
        "İsmayılov",
        "Kərimov",
        "Quliyev",
        "Süleymanov",
        "Şirinov",
        "Vəliyev",
        "Wolf",
        "Yusifov",
        "Zamanov",
    ]


UNITS = {"bir": 1, "iki": 2, "üç": 3, "dörd": 4, "beş": 5, "altı": 6, "yeddi": 7, "səkkiz": 8, "doqquz": 9}
TENS = {
    "on": 10,
    "iyirmi": 20,
    "otuz": 30,
    "qırx": 40,
    "əlli": 50,
    "altmış": 60,
    "yetmiş": 70,
    "səksən": 80,
    "doxsan": 90,
}
SCALES = {"min": 10**3, "milyon": 10**6, "milyard": 10**9, "trilyon": 10**12}


def read_back(words: str) -> int:
    """An independent reader of numbers in words."""
    total = group = 0
    for word in words.split():
        if word in SCALES:
            total += max(group, 1) * SCALES[word]
            group = 0
        elif word == "yüz":
            group = max(group, 1) * 100
        else:
            group += {**UNITS, **TENS, "sıfır": 0}[word]
    return total + group


@given(st.one_of(st.integers(0, 9999), st.integers(0, 10**15 - 1)))
def test_numbers_in_words_read_back(number: int) -> None:
    assert read_back(number_words(number)) == number


def test_known_numbers_in_words() -> None:
    assert number_words(2026) == "iki min iyirmi altı"
    assert number_words(1000) == "min"
    assert number_words(1100) == "min yüz"
    assert number_words(0) == "sıfır"
    assert number_words(1_001_000) == "bir milyon min"
    assert number_words(-15) == "mənfi on beş"
    with pytest.raises(ValueError, match="too large"):
        number_words(10**15)


LAST_WORD_SUFFIX = {
    **{"sıfır": "cı", "bir": "ci", "iki": "ci", "üç": "cü", "dörd": "cü", "beş": "ci", "altı": "cı", "yeddi": "ci"},
    **{"səkkiz": "ci", "doqquz": "cu", "on": "cu", "iyirmi": "ci", "otuz": "cu", "qırx": "cı", "əlli": "ci"},
    **{"altmış": "cı", "yetmiş": "ci", "səksən": "ci", "doxsan": "cı", "yüz": "cü", "min": "ci", "milyon": "cu"},
    **{"milyard": "cı", "trilyon": "cu"},
}


@given(st.one_of(st.integers(0, 9999), st.integers(0, 10**15 - 1), st.integers(0, 14).map(lambda n: 10**n)))
def test_the_ordinal_suffix_follows_the_last_word_spoken(number: int) -> None:
    assert ordinal_suffix(number) == LAST_WORD_SUFFIX[number_words(number).split()[-1]]
    assert ordinal(number) == f"{number}-{ordinal_suffix(number)}"


def test_years_as_the_official_texts_write_them() -> None:
    """001, preamble: 2018-ci, 2022-ci, 2023-cü, 2024-cü, 1999-cu; 000: 2025-ci, 2026-cı."""
    suffixes = {1999: "cu", 2000: "ci", 2018: "ci", 2020: "ci", 2022: "ci", 2023: "cü", 2024: "cü", 2025: "ci"}
    suffixes |= {2026: "cı", 2030: "cu", 2040: "cı", 2100: "cü"}
    assert {year: ordinal_suffix(year) for year in suffixes} == suffixes


def test_dates_as_instruments_print_them() -> None:
    assert long_date(date(2026, 11, 20)) == "«20» noyabr 2026-cı il"
    assert long_date(date(2027, 3, 5)) == "«05» mart 2027-ci il"
    assert plain_date(date(2027, 3, 5)) == "5 mart 2027-ci il"
    assert reference_date(date(2018, 9, 21)) == "2018-ci il 21 sentyabr"


@given(st.dates())
def test_a_printed_date_reads_back(day: date) -> None:
    number, month, year, il = plain_date(day).split()
    assert il == "il"
    assert date(int(year.split("-")[0]), MONTHS.index(month) + 1, int(number)) == day


@given(st.integers(0, 10**15))
def test_money_in_words_keeps_every_qepik(qepik: int) -> None:
    words = manat_words(qepik)
    manat, _, rest = words.partition(" manat") if " manat" in words else ("", "", " " + words)
    coins = rest.strip().removesuffix("qəpik").strip()
    assert (read_back(manat) if manat else 0) * 100 + (read_back(coins) if coins else 0) == qepik


def test_known_sums_in_words() -> None:
    assert manat_words(1250) == "on iki manat əlli qəpik"
    assert manat_words(500_000) == "beş min manat"
    assert manat_words(7) == "yeddi qəpik"
    assert manat_words(0) == "sıfır manat"
    with pytest.raises(ValueError, match="not negative"):
        manat_words(-1)


CASES = [
    ("Qrup", "Qrupun", "Qrupa", "Qrupda", "Qrupdan"),
    ("Bakı", "Bakının", "Bakıya", "Bakıda", "Bakıdan"),
    ("Gəncə", "Gəncənin", "Gəncəyə", "Gəncədə", "Gəncədən"),
    ("Agentlik", "Agentliyin", "Agentliyə", "Agentlikdə", "Agentlikdən"),
    ("Nazirlik", "Nazirliyin", "Nazirliyə", "Nazirlikdə", "Nazirlikdən"),
    ("otaq", "otağın", "otağa", "otaqda", "otaqdan"),
    ("bank", "bankın", "banka", "bankda", "bankdan"),
    ("blok", "blokun", "bloka", "blokda", "blokdan"),
    ("Quliyev", "Quliyevin", "Quliyevə", "Quliyevdə", "Quliyevdən"),
    ("Məmmədova", "Məmmədovanın", "Məmmədovaya", "Məmmədovada", "Məmmədovadan"),
    ("Əliyev Elçin Kamal oğlu", *(f"Əliyev Elçin Kamal oğl{e}" for e in ("unun", "una", "unda", "undan"))),
    ("Ağayeva Nigar Kamal qızı", *(f"Ağayeva Nigar Kamal qız{e}" for e in ("ının", "ına", "ında", "ından"))),
    ("KOB", "KOB-un", "KOB-a", "KOB-da", "KOB-dan"),
    ("BMT", "BMT-nin", "BMT-yə", "BMT-də", "BMT-dən"),
    ("KOBİA", "KOBİA-nın", "KOBİA-ya", "KOBİA-da", "KOBİA-dan"),
    ("2026", "2026-nın", "2026-ya", "2026-da", "2026-dan"),
    ("su", "suyun", "suya", "suda", "sudan"),
]


@pytest.mark.parametrize(("word", "whose", "to", "at", "of"), CASES, ids=[c[0] for c in CASES])
def test_case_endings(word: str, whose: str, to: str, at: str, of: str) -> None:
    assert (genitive(word), dative(word), locative(word), ablative(word)) == (whose, to, at, of)


def test_possessive_titles_take_the_n_of_possession() -> None:
    """001 §3.1.1 "Nazirlər Kabinetinə", 004 "Agentliyin Əsasnaməsini"."""
    title = "Nazirlər Kabineti"
    assert genitive(title) == "Nazirlər Kabinetinin"
    assert dative(title, possessive=True) == "Nazirlər Kabinetinə"
    assert locative(title, possessive=True) == "Nazirlər Kabinetində"
    assert ablative(title, possessive=True) == "Nazirlər Kabinetindən"
    assert genitive("Koordinasiya Qrupu") == "Koordinasiya Qrupunun"


def test_names_and_borrowed_words_may_keep_their_last_letter() -> None:
    assert genitive("Tofiq", keep=True) == "Tofiqin"
    assert dative("fabrik", keep=True) == "fabrikə"


@given(st.text(ALPHABET, min_size=1, max_size=10).filter(lambda w: any(c in "aıoueəiöü" for c in w)))
def test_endings_always_obey_vowel_harmony(word: str) -> None:
    last = next(c for c in reversed(word) if c in "aıoueəiöü")
    back = last in "aıou"
    assert ("a" if back else "ə") == ablative(word)[-2]
    narrow = genitive(word)[-2]
    assert narrow in ("ıu" if back else "iü")
    assert (narrow in "uü") is (last in "ouöü")
