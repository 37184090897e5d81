"""Forged files: refused with a reason, and with the same verdict as stock pyHanko."""

from __future__ import annotations

import pytest

from benchmarks.bench_validation import stock_verdict
from benchmarks.validation_tampering import FORGERIES, PERMITTED, STRICTER, append_comment

REASONS = {
    "flip_covered_byte": "signing.digest_mismatch",
    "flip_last_signature": "signing.signature_mismatch",
    "copy_signature": "signing.digest_mismatch",
    "weak_digest": "signing.weak_algorithm",
    "foreign_signer": "signing.untrusted_signer",
    "sign_locked_document": "signing.locked_field_changed",
    "sign_locked_field": "signing.locked_field_changed",
    "padding": "signing.padding_not_zero",
    "wrong_format": "signing.wrong_subfilter",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forgery_is_refused_as_stock_pyhanko_does(name, signed, pki, validator, codes):
    forged = FORGERIES[name](signed, pki)
    report = validator.validate(forged)
    assert not report.valid
    assert REASONS.get(name, "signing.changed_after_signing") in codes(report)
    assert not stock_verdict(forged, pki)


@pytest.mark.parametrize("name", sorted(STRICTER))
def test_what_stock_pyhanko_lets_pass_is_refused_too(name, signed, pki, validator, codes):
    forged = STRICTER[name](signed, pki)
    report = validator.validate(forged)
    assert not report.valid
    assert REASONS.get(name, "signing.changed_after_signing") in codes(report)
    assert stock_verdict(forged, pki)


def test_bytes_after_the_last_revision_are_not_overlooked(signed, pki, validator, codes):
    report = validator.validate(append_comment(signed, pki))
    assert not report.valid
    assert "signing.damaged_file" in codes(report)
    report = validator.validate(signed + b" \n")
    assert not report.valid
    assert "signing.uncovered_bytes" in codes(report)


@pytest.mark.parametrize("name", sorted(PERMITTED))
def test_what_may_follow_a_signature_is_accepted_as_by_stock_pyhanko(name, signed, pki, validator):
    changed = PERMITTED[name](signed, pki)
    assert validator.validate(changed).valid
    assert stock_verdict(changed, pki)


@pytest.mark.parametrize("name", ["change_figure", "change_and_undo", "add_page"])
def test_a_forgery_signed_over_stays_a_forgery(name, signed, pki, validator, codes):
    """The forger's own signature, or a time stamp, makes the change no better."""
    for cover in ("third_signature", "archived"):
        report = validator.validate(PERMITTED[cover](FORGERIES[name](signed, pki), pki))
        assert not report.valid
        assert [s.changes for s in report.signatures][:2] == ["illegal", "illegal"]
        assert "signing.changed_after_signing" in codes(report)
