"""Revisions read once and neighbours compared: the same answers as pyHanko's, sooner."""

from __future__ import annotations

import re
import tomllib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.decode_limits import DecodeLimits
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification

from benchmarks import bench_validation
from benchmarks.validation_samples import signed_by_many
from benchmarks.validation_tampering import FORGERIES, PERMITTED, STRICTER
from signing.validate_der import NotCanonicalError, is_ecdsa_signature, read, read_all, write
from signing.validate_history import HistoryReader
from signing.validate_objects import key_of

MESSAGES = Path(__file__).parents[2] / "doc_service" / "messages"


@pytest.mark.parametrize("name", ["add_annotation", "cover_with_appearance", "third_signature", "archived"])
def test_usages_are_those_that_pyhanko_finds(name, signed, pki):
    make = (FORGERIES | PERMITTED | STRICTER)[name]
    pdf = make(signed, pki)
    theirs, ours = PdfFileReader(BytesIO(pdf)), HistoryReader(pdf, DecodeLimits())
    compared = 0
    for revision in range(theirs.total_revisions):
        old, new = theirs.get_historical_resolver(revision), ours.get_historical_resolver(revision)
        old._load_reverse_xref_cache()
        for ref, ways in old._indirect_object_access_cache.items():
            assert new._get_usages_of_ref(ref) == ways, (revision, ref)
            compared += 1
    assert compared > 500


STEPS = (
    "change_figure",
    "add_annotation",
    "change_structure",
    "cover_with_appearance",
    "delete_field",
    "replace_font",
    "archived",
    "third_signature",
)


@settings(max_examples=10, deadline=None)
@example(names=["archived", "delete_field"])
@given(names=st.lists(st.sampled_from(STEPS), min_size=1, max_size=3, unique=True))
def test_chained_steps_permit_nothing_that_pyhanko_refuses(signed, pki, validator, names):
    """Any order of honest and forged revisions: verdicts signature by signature against a comparison of each signed
    revision with every later one. Ours may be the stricter: what a step changed and a later one put out of sight (a
    time stamp's field added, then deleted) stays a change."""
    pdf = bytes(signed)
    for name in names:
        pdf = (FORGERIES | PERMITTED)[name](pdf, pki)
    report = validator.validate(pdf)
    theirs = PdfFileReader(BytesIO(pdf)).embedded_signatures
    assert len(theirs) == len(report.signatures)
    for embedded, ours in zip(theirs, report.signatures, strict=True):
        embedded.compute_integrity_info()
        refused = isinstance(embedded.diff_result, SuspiciousModification)
        assert not refused or ours.changes == "illegal", (names, ours.field)
    assert report.valid is False or not set(names) & set(FORGERIES), names


def test_every_version_of_an_object_is_what_pyhanko_reads(archive):
    theirs, ours = PdfFileReader(BytesIO(archive.archived)), HistoryReader(archive.archived, DecodeLimits())
    for revision in range(theirs.total_revisions):
        for ref in theirs.xrefs.explicit_refs_in_revision(revision):
            assert ours.version(key_of(ref), revision) == theirs.get_object(ref, revision)


def test_several_signatures_are_judged_as_stock_pyhanko_judges_them():
    """How much sooner is the benchmark's question (thirty signatures, ``make bench``)."""
    result = bench_validation.run(count=4, rounds=1)
    assert result["verdicts_agree"]


def test_report_names_the_first_revision_at_fault(signed, pki, validator):
    report = validator.validate(PERMITTED["archived"](FORGERIES["change_figure"](signed, pki), pki))
    faults = {f.params["revision"] for s in report.signatures for f in s.findings if "revision" in f.params}
    assert faults == {4}


def test_signatures_of_many_are_reported_in_their_order(pki, validator):
    report = validator.validate(signed_by_many(pki, 5))
    assert [s.field for s in report.signatures] == [f"Signature{n}" for n in range(1, 6)]
    assert [s.changes for s in report.signatures] == ["signatures"] * 4 + ["none"]


@pytest.mark.parametrize(
    "encoded",
    ["", "30", "3080", "30810100", "3082000100", "1f0100", "02", "0281", "0285" + "00" * 5, "300200"],
)
def test_what_is_not_der_is_refused(encoded):
    with pytest.raises(NotCanonicalError):
        read_all(bytes.fromhex(encoded) or b"\x30")


@pytest.mark.parametrize("length", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_der_is_read_as_it_is_written(length):
    encoded = write(0x04, bytes(length))
    assert read(encoded)[0].body == bytes(length)
    assert read(encoded)[1] == len(encoded)


@pytest.mark.parametrize(
    ("encoded", "right"),
    [
        ("3006020101020101", True),
        ("3007020100020101ff", False),
        ("300702020001020101", False),
        ("3006020181020101", False),
        ("3006020100020101", False),
        ("3009020101020101020101", False),
        ("300802020080020200ff", True),
    ],
)
def test_signature_values_have_one_encoding(encoded, right):
    assert is_ecdsa_signature(bytes.fromhex(encoded)) is right


def test_every_finding_has_a_text_in_both_languages():
    root = Path(__file__).parents[2] / "signing"
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(root.glob("validate*.py")))
    used = set(re.findall(r'"(signing\.[a-z_]+)"', text))
    for subject in ("signer", "time_stamp"):
        used |= {f"signing.{subject}_{end}" for end in ("expired", "not_yet_valid", "revoked", "revoked_later")}
    assert len(used) > 40
    for language in ("az", "en"):
        texts = tomllib.loads((MESSAGES / language / "signing.toml").read_text(encoding="utf-8"))
        assert used - texts.keys() == set()
