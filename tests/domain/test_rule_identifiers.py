"""FİN, VÖEN, registration indexes and retention (004 §5.1.8, §5.1.11)."""

from __future__ import annotations

import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.identifiers import check_fin, check_voen, is_fin, is_voen, mask_fin
from doc_service.domain.registration import Journal
from doc_service.domain.retention import (
    DEFAULT_NOMENCLATURE,
    FIVE_YEARS,
    PERMANENT,
    PERMANENT_LOCK_YEARS,
    RetentionClass,
    case_of,
    retain_until,
)

FIN_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
FINS = st.text(FIN_LETTERS, min_size=7, max_size=7)
DATES = st.dates(date(1990, 1, 1), date(2200, 1, 1))


@given(FINS)
def test_a_fin_is_accepted_and_masked(fin: str) -> None:
    assert is_fin(fin)
    assert check_fin(fin) == ()
    assert mask_fin(fin) == fin[:3] + "****"


WRONG = st.sampled_from("IOİıioabƏ -\n٣") | st.characters().filter(lambda c: c not in FIN_LETTERS)


@given(FINS, st.integers(0, 6), WRONG)
def test_one_wrong_character_spoils_a_fin(fin: str, place: int, wrong: str) -> None:
    """Also I, O, small letters, Azerbaijani letters and digits of other scripts."""
    assert not is_fin(fin[:place] + wrong + fin[place + 1 :])


@given(st.text(FIN_LETTERS, max_size=12).filter(lambda t: len(t) != 7), FINS)
def test_a_fin_has_seven_characters_and_nothing_around_it(text: str, fin: str) -> None:
    assert [f.code for f in check_fin(text, "signer.fin")] == ["person.bad_fin"]
    assert not is_fin(fin + "\n")


@given(st.text(max_size=20))
def test_a_mask_never_shows_more_than_three_characters(text: str) -> None:
    masked = mask_fin(text)
    assert len(masked) == len(text)
    assert sum(a == b and a != "*" for a, b in zip(masked, text, strict=True)) <= 3
    assert len(text) >= 7 or set(masked) <= {"*"}


def test_the_mask_of_the_specification() -> None:
    assert mask_fin("5AB1C2D") == "5AB****"


@given(st.text(string.digits, min_size=9, max_size=9), st.sampled_from(string.digits))
def test_the_last_digit_of_a_voen_is_1_or_2(stem: str, last: str) -> None:
    voen = stem + last
    assert is_voen(voen) is (last in "12")
    assert [(f.code, f.params) for f in check_voen(voen)] == (
        [] if last in "12" else [("organisation.bad_voen", {"value": voen})]
    )


@pytest.mark.parametrize(
    "text", ["", "123456789", "12345678901", "123456789a", "١٢٣٤٥٦٧٨٩1", " 1234567891", "1234567891\n"]
)
def test_anything_else_is_no_voen(text: str) -> None:
    assert not is_voen(text)


def test_the_index_of_the_specification() -> None:
    assert Journal("KQ", "Protokollar", "3-21-5").index(12, 2026) == "3-21-5/KQ-12/2026"


PARTS = st.lists(st.sampled_from(["{unit}", "{journal}", "{seq}", "{year}", "/", "-", "F-5", "№ "]), max_size=8)


@given(PARTS, st.integers(1, 99999), st.integers(2020, 2100))
def test_a_pattern_is_usable_exactly_when_it_has_number_and_year(parts: list[str], seq: int, year: int) -> None:
    """004 §5.1.8: by the pattern of the journal."""
    journal = Journal("KQ", "Protokollar", "3-21-5", "".join(parts))
    if {"{seq}", "{year}"} <= set(parts):
        values = {"{unit}": "3-21-5", "{journal}": "KQ", "{seq}": str(seq), "{year}": str(year)}
        assert journal.index(seq, year) == "".join(values.get(p, p) for p in parts)
    else:
        with pytest.raises(DomainError) as caught:
            journal.index(seq, year)
        assert (caught.value.code, caught.value.faults[0].field) == ("journal.bad_pattern", "pattern")


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(2000, 2100), st.integers(2000, 2100))
def test_two_entries_of_a_journal_never_share_an_index(seq: int, other: int, year: int, later: int) -> None:
    journal = Journal("KQ", "Protokollar", "3-21-5")
    assert (journal.index(seq, year) == journal.index(other, later)) is ((seq, year) == (other, later))


@pytest.mark.parametrize("name", ["case", "0", "seq.__class__", "unit[0]", ""])
def test_a_pattern_reaches_nothing_but_its_four_names(name: str) -> None:
    with pytest.raises(DomainError):
        Journal("KQ", "Protokollar", "3-21-5", "{seq}/{year}/{" + name + "}").index(1, 2026)


@given(DATES, st.integers(0, 100))
def test_storage_years_are_full_calendar_years(registered: date, years: int) -> None:
    """004 §5.1.11: counted from 1 January of the year after."""
    until = retain_until(registered, RetentionClass("x", "x", years))
    last = until - timedelta(days=1)
    assert (last.year, last.month, last.day) == (registered.year + years, 12, 31)
    assert until > registered


@given(DATES, st.integers(0, PERMANENT_LOCK_YEARS))
def test_a_permanent_case_outlasts_every_other_and_stays_representable(registered: date, years: int) -> None:
    permanent = retain_until(registered, PERMANENT)
    assert permanent >= retain_until(registered, RetentionClass("x", "x", years))
    assert permanent.year - registered.year == 101


def test_known_dates_of_retention() -> None:
    assert retain_until(date(2026, 1, 1), FIVE_YEARS) == date(2032, 1, 1)
    assert retain_until(date(2026, 12, 31), FIVE_YEARS) == date(2032, 1, 1)


def test_every_case_of_the_nomenclature_has_a_title_a_period_and_a_basis() -> None:
    """004 §5.1.11: index, title, period and its basis."""
    for area in ("KQ", "KL"):
        listed = [index for index in DEFAULT_NOMENCLATURE if index.startswith(area)]
        assert listed == sorted(listed)
    assert len({case.title for case in DEFAULT_NOMENCLATURE.values()}) == len(DEFAULT_NOMENCLATURE)
    for index, case in DEFAULT_NOMENCLATURE.items():
        assert case_of(index) is case
        assert case.index == index
        assert case.legal_basis
        assert case.retention.years is None or case.retention.years > 0
    assert case_of("KQ-01").retention is PERMANENT


def test_an_unknown_case_is_refused() -> None:
    with pytest.raises(NotFoundError) as caught:
        case_of("KQ-99")
    assert (caught.value.code, caught.value.faults[0].params) == ("case.not_found", {"index": "KQ-99"})
