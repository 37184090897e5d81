"""Codes of the public check: not to be guessed, and read in every way that people type them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.copy_codes import ENTROPY, PRINTED, new_code, read_code

RANDOM = st.binary(min_size=ENTROPY, max_size=ENTROPY)


@given(RANDOM, st.randoms(use_true_random=False))
def test_what_is_printed_is_read_back_however_it_is_typed(random: bytes, rng: object) -> None:
    code = new_code(random)
    assert re.fullmatch(PRINTED, code)
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), f" {code}\t"):
        assert read_code(typed) == code
    assert read_code(code.replace("0", "O").replace("1", "l")) == code
    assert read_code(code.replace("0", "o").replace("1", "I")) == code


@given(RANDOM, RANDOM)
def test_a_hundred_bits_tell_codes_apart(one: bytes, two: bytes) -> None:
    same = int.from_bytes(one) >> 4 == int.from_bytes(two) >> 4
    assert (new_code(one) == new_code(two)) is same


@given(st.text(max_size=60))
def test_anything_else_is_no_code(text: str) -> None:
    found = read_code(text)
    assert found is None or re.fullmatch(PRINTED, found)


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="13 random octets"):
        new_code(b"x" * (ENTROPY - 1))
    assert read_code("7K3Q-9M2Z-1BCD-GH4J-K5MU") is None
    assert read_code("7K3Q-9M2Z-1BCD-GH4J-K5M") is None
