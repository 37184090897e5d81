"""The container of the last signature is under no digest: every byte of it is tried."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.validation_samples import EPOCH, document_time_stamp, sample_pdf, sign
from signing.trust import TrustStore
from signing.validate_cms import ContainerError
from signing.validate_container import examine, examine_stamp
from signing.validate_evidence import Evidence
from signing.validate_history import HistoryReader
from signing.validate_pins import CertificatePins
from signing.validate_signature import Case
from signing.validate_structure import Limits, contents, locate, open_pdf

DIGITS = b"0123456789abcdef"


class Gap:
    """The last signature of a file, judged again and again with other bytes in its gap."""

    def __init__(self, pdf: bytes, trust: TrustStore) -> None:
        reader: HistoryReader = open_pdf(pdf, Limits())
        self.pdf = pdf
        self.last = locate(pdf, reader, Limits())[-1]
        self.bytes = pdf[slice(*self.last.gap)]
        self.used = 2 * len(self.last.container) + 1
        self.pins = CertificatePins(trust.roots_der, trust.others_der)
        digest = Case(pdf, [self.last], Evidence(), self.pins, None, None, EPOCH).imprint(self.last)
        held = {name: digest(name) for name in ("sha256", "sha384", "sha512")}
        self.imprint = held.__getitem__

    def clean(self, gap: bytes) -> bool:
        """What ``validate`` looks at in the uncovered bytes, trust and time apart."""
        try:
            value = bytes.fromhex(gap[1:-1].decode("ascii"))
            container, padding = contents(gap, value)
        except (ContainerError, ValueError):
            return False
        examined = examine(container, self.last.kind, self.imprint, self.pins, pinned=True)
        stamp = examine_stamp(examined, self.pins, pinned=True)
        return not (padding or examined.findings or (stamp is not None and stamp.findings))

    def whole(self, gap: bytes) -> bytes:
        before, again = self.last.gap
        return self.pdf[:before] + gap + self.pdf[again:]


def with_byte(data: bytes, place: int, value: int) -> bytes:
    return data[:place] + bytes((value,)) + data[place + 1 :]


def variants(digit: int) -> Iterator[int]:
    """One bit changed, and another digit altogether."""
    yield digit ^ 1
    number = int(chr(digit), 16)
    yield DIGITS[(number + 8) % 16]


@pytest.fixture(scope="module")
def gaps(pki, trust) -> dict[str, Gap]:
    stamped = sign(sample_pdf(1, pages=1), "Signature1", pki.person(), pki, at=EPOCH, stamp_at=EPOCH, room=2250)
    files = {
        "plain": sign(sample_pdf(1, pages=1), "Signature1", pki.person(), pki, at=EPOCH, room=1400),
        "stamped": stamped,
        "archived": document_time_stamp(stamped, pki, at=EPOCH, room=1100),
    }
    return {name: Gap(pdf, trust) for name, pdf in files.items()}


@pytest.mark.parametrize("kind", ["plain", "stamped", "archived"])
def test_every_byte_of_the_last_container_counts(gaps, kind):
    gap = gaps[kind]
    assert gap.clean(gap.bytes)
    unseen = [
        (place, other)
        for place in range(1, gap.used)
        for other in variants(gap.bytes[place])
        if gap.clean(with_byte(gap.bytes, place, other))
    ]
    assert unseen == []


@pytest.mark.parametrize("kind", ["plain", "stamped", "archived"])
def test_every_byte_of_the_padding_and_the_delimiters_count(gaps, kind):
    gap = gaps[kind]
    places = [0, *range(gap.used, len(gap.bytes))]
    tried = [(place, other) for place in places for other in (gap.bytes[place] ^ 1, ord("f"), ord(" "))]
    assert [t for t in tried if gap.clean(with_byte(gap.bytes, *t))] == []


def test_only_the_case_of_digits_is_free(gaps, validator):
    gap = gaps["stamped"]
    for text in (gap.bytes.upper(), gap.bytes.lower()):
        assert gap.clean(text)
        assert validator.validate(gap.whole(text)).valid


@pytest.mark.parametrize("other", [b" ", b"\n", b"\0", b"g", b"<", b">", b"%", b"("])
def test_other_characters_between_the_digits_are_refused(gaps, validator, judged, other):
    gap = gaps["plain"]
    for place in (1, 40, gap.used, len(gap.bytes) - 2):
        forged = with_byte(gap.bytes, place, other[0])
        assert not gap.clean(forged)
        assert not judged(validator, gap.whole(forged))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_whole_validation_sees_changes_in_the_container(gaps, validator, judged, data):
    gap = gaps[data.draw(st.sampled_from(sorted(gaps)))]
    place = data.draw(st.integers(0, len(gap.bytes) - 1))
    value = data.draw(st.integers(0, 255))
    same = chr(gap.bytes[place]).lower() == chr(value).lower()
    assert judged(validator, gap.whole(with_byte(gap.bytes, place, value))) is same


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whole_validation_sees_changes_anywhere(archive, validator, judged, data):
    pdf = archive.archived
    place = data.draw(st.integers(0, len(pdf) - 1))
    value = data.draw(st.integers(0, 255))
    before, again = pdf.rindex(b"/Contents <") + 10, pdf.rindex(b">", 0, pdf.rindex(b"/ByteRange"))
    free = before < place < again and chr(pdf[place]).lower() == chr(value).lower()
    assert judged(validator, with_byte(pdf, place, value)) is (free or pdf[place] == value)
