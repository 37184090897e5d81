"""One changed byte that leaves a signed file unreadable: not valid, and said so; a file cut short stays unusable."""

from __future__ import annotations

import pytest

from signing.api import SigningError


def flipped(pdf: bytes, place: int) -> bytes:
    changed = bytearray(pdf)
    changed[place] ^= 4
    return bytes(changed)


def test_each_byte_of_head_and_tail_gives_a_verdict(archive, validator) -> None:
    pdf = bytes(archive.archived)
    assert validator.validate(pdf).valid
    damaged = 0
    for place in [*range(9), *range(len(pdf) - 30, len(pdf))]:
        report = validator.validate(flipped(pdf, place))
        assert not report.valid, place
        damaged += [f.code for f in report.findings] == ["signing.damaged_file"]
    assert damaged > 10


def test_the_last_cross_reference_section_gives_a_verdict(archive, validator) -> None:
    pdf = bytes(archive.archived)
    start = int(pdf[pdf.rindex(b"startxref") + 10 :].split()[0])
    for place in range(start, len(pdf), 7):
        assert not validator.validate(flipped(pdf, place)).valid, place


@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_a_file_cut_short_is_unusable(archive, validator, share: float) -> None:
    pdf = bytes(archive.archived)
    with pytest.raises(SigningError, match=r"signing\.unreadable_pdf"):
        validator.validate(pdf[: int(len(pdf) * share)])


def test_an_unsigned_broken_file_is_unusable(validator) -> None:
    with pytest.raises(SigningError, match=r"signing\.unreadable_pdf"):
        validator.validate(b"%PDF-1.7\nnothing\n%%EOF\n")
