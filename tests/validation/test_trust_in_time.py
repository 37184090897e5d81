"""A signature is judged by the trust of its own time: anchors that were withdrawn later, or added later."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from benchmarks.validation_samples import EPOCH, SamplePki, add_dss, document_time_stamp, sample_pdf, sign
from signing.trust import TrustAnchor, TrustStore
from signing.validate import PadesValidator
from tests.validation.conftest import NOW, Codes

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TODAY = EPOCH.date()


@pytest.fixture(scope="module")
def stamps() -> SamplePki:
    """Of another authority, which stays trusted."""
    return SamplePki("Vaxt")


@pytest.fixture(scope="module")
def final(pki: SamplePki, stamps: SamplePki) -> bytes:
    """B-LTA, signed at EPOCH."""
    person = pki.person(2)
    pdf = sign(sample_pdf(1), "Signature1", person, pki, at=EPOCH, stamp_at=EPOCH, stamp_by=stamps.tsa)
    later = EPOCH + HOUR
    lists = [pki.crl(pki.root, at=later), stamps.crl(stamps.root, at=later)]
    known = [pki.root, pki.issuing, stamps.root]
    extended = add_dss(pdf, certs=known, ocsps=[pki.ocsp(person, at=later)], crls=lists)
    return document_time_stamp(extended, stamps, at=later + HOUR)


def validator(
    pki: SamplePki, stamps: SamplePki, *, added: date | None = None, withdrawn: date | None = None, now: datetime = NOW
) -> PadesValidator:
    anchors = [
        TrustAnchor("signers", pki.root.der, added=added, withdrawn=withdrawn, reason="açar itib"),
        TrustAnchor("stamps", stamps.root.der),
    ]
    return PadesValidator(TrustStore(anchors), lambda: now)


@pytest.mark.parametrize("withdrawn", [TODAY + DAY, NOW.date(), NOW.date() - DAY])
def test_an_anchor_withdrawn_later_takes_nothing_away(
    pki: SamplePki, stamps: SamplePki, final: bytes, withdrawn: date
) -> None:
    report = validator(pki, stamps, withdrawn=withdrawn).validate(final)
    assert report.valid, report
    assert report.signatures[0].trusted


@pytest.mark.parametrize("withdrawn", [TODAY, TODAY - DAY])
def test_a_signature_made_after_the_withdrawal_is_worth_nothing(
    pki: SamplePki, stamps: SamplePki, final: bytes, withdrawn: date, codes: Codes
) -> None:
    report = validator(pki, stamps, withdrawn=withdrawn).validate(final)
    assert not report.valid
    assert "signing.untrusted_signer" in codes(report)


def test_trust_that_came_later_does_not_reach_back(
    pki: SamplePki, stamps: SamplePki, final: bytes, codes: Codes
) -> None:
    assert validator(pki, stamps, added=TODAY).validate(final).valid
    late = validator(pki, stamps, added=TODAY + DAY).validate(final)
    assert not late.valid
    assert "signing.untrusted_signer" in codes(late)


def test_a_claimed_time_is_no_proof_of_having_been_in_time(pki: SamplePki, stamps: SamplePki, codes: Codes) -> None:
    """Without a time stamp the present counts, whatever the file says of itself."""
    pdf = sign(sample_pdf(1), "Signature1", pki.person(3), pki, at=EPOCH)
    assert "signing.untrusted_signer" not in codes(validator(pki, stamps).validate(pdf))
    assert "signing.untrusted_signer" in codes(validator(pki, stamps, withdrawn=TODAY + DAY).validate(pdf))


def test_stamps_of_an_authority_that_is_trusted_no_more_prove_nothing(
    pki: SamplePki, stamps: SamplePki, final: bytes
) -> None:
    """Whoever has the key of such an authority can stamp any time; only a later trusted stamp would help."""
    anchors = [TrustAnchor("signers", pki.root.der), TrustAnchor("stamps", stamps.root.der, withdrawn=TODAY + DAY)]
    assert not PadesValidator(TrustStore(anchors), lambda: NOW).validate(final).valid
    assert PadesValidator(TrustStore(anchors), lambda: EPOCH + 3 * HOUR).validate(final).valid
