"""Revocation before and after the proven time, and where the answer came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from benchmarks.validation_samples import EPOCH, Credential, add_dss, document_time_stamp, sample_pdf, sign
from signing.api import Level
from signing.validate import PadesValidator

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def person(pki) -> Credential:
    return pki.person(2)


@pytest.fixture(scope="module")
def one(pki, person) -> bytes:
    return sign(sample_pdf(1), "Signature1", person, pki, at=EPOCH, stamp_at=EPOCH)


def finished(pki, pdf, ocsps=(), crls=None, at=EPOCH + 2 * HOUR):
    lists = [pki.crl(pki.root, at=EPOCH + HOUR)] if crls is None else crls
    extended = add_dss(pdf, certs=[pki.root, pki.issuing], ocsps=list(ocsps), crls=lists)
    return document_time_stamp(extended, pki, at=at)


@pytest.mark.parametrize("before", [timedelta(0), SECOND, HOUR])
def test_revoked_before_the_signature(pki, one, person, validator, codes, before):
    pdf = finished(pki, one, [pki.ocsp(person, at=EPOCH + HOUR, revoked=EPOCH - before)])
    report = validator.validate(pdf)
    assert not report.valid
    assert report.signatures[0].revocation == "revoked"
    assert "signing.signer_revoked" in codes(report)


@pytest.mark.parametrize("after", [SECOND, HOUR])
def test_revoked_after_the_signature_is_a_remark(pki, one, person, validator, codes, after):
    pdf = finished(pki, one, [pki.ocsp(person, at=EPOCH + HOUR, revoked=EPOCH + after)])
    report = validator.validate(pdf)
    assert report.valid
    assert (report.level, report.signatures[0].revocation) == (Level.B_LTA, "good")
    assert "signing.signer_revoked_later" in codes(report)


def test_without_a_proven_time_any_revocation_counts(pki, person, validator, codes):
    pdf = sign(sample_pdf(1), "Signature1", person, pki, at=EPOCH)
    pdf = add_dss(pdf, certs=[], ocsps=[pki.ocsp(person, at=EPOCH + 8 * 24 * HOUR, revoked=EPOCH + HOUR)], crls=[])
    assert "signing.signer_revoked" in codes(validator.validate(pdf))


def test_list_of_revoked_certificates_serves_as_well(pki, one, person, validator, codes):
    serial = person.certificate.serial_number
    good = [pki.crl(pki.root, at=EPOCH + HOUR), pki.crl(pki.issuing, at=EPOCH + HOUR, revoked={1: EPOCH})]
    report = validator.validate(finished(pki, one, crls=good))
    assert (report.valid, report.level, report.signatures[0].revocation_source) == (True, Level.B_LTA, "crl")
    bad = [good[0], pki.crl(pki.issuing, at=EPOCH + HOUR, revoked={serial: EPOCH - HOUR})]
    assert "signing.signer_revoked" in codes(validator.validate(finished(pki, one, crls=bad)))


def test_a_fresher_answer_beats_an_older_one(pki, one, person, validator):
    answers = [pki.ocsp(person, at=EPOCH - HOUR), pki.ocsp(person, at=EPOCH + HOUR, revoked=EPOCH - SECOND)]
    assert not validator.validate(finished(pki, one, answers)).valid


def test_revoked_issuer_is_refused(pki, one, person, validator, codes):
    serial = pki.issuing.certificate.serial_number
    crls = [pki.crl(pki.root, at=EPOCH + HOUR, revoked={serial: EPOCH - HOUR})]
    report = validator.validate(finished(pki, one, [pki.ocsp(person, at=EPOCH + HOUR)], crls))
    assert not report.valid
    assert "signing.issuer_revoked" in codes(report)


def test_revoked_time_stamping_authority_is_refused(pki, one, person, validator, codes):
    serial = pki.tsa.certificate.serial_number
    crls = [pki.crl(pki.root, at=EPOCH + HOUR, revoked={serial: EPOCH - HOUR})]
    report = validator.validate(finished(pki, one, [pki.ocsp(person, at=EPOCH + HOUR)], crls))
    assert not report.valid
    assert "signing.time_stamp_revoked" in codes(report)


def test_answers_of_another_certificate_or_authority_do_not_count(pki, one, validator):
    stranger = pki.person(1)
    report = validator.validate(finished(pki, one, [pki.ocsp(stranger, at=EPOCH + HOUR)]))
    assert (report.signatures[0].revocation, report.level) == ("unknown", Level.B_T)


def test_stale_answer_does_not_count(pki, one, person, validator):
    report = validator.validate(finished(pki, one, [pki.ocsp(person, at=EPOCH - 48 * HOUR)]))
    assert (report.signatures[0].revocation, report.level) == ("unknown", Level.B_T)


def test_answer_that_came_after_the_archival_time_stamp_gives_b_lt_only(pki, one, person, trust):
    stamped = document_time_stamp(one, pki, at=EPOCH + HOUR)
    late = add_dss(
        stamped,
        certs=[pki.root, pki.issuing],
        ocsps=[pki.ocsp(person, at=EPOCH + 2 * HOUR)],
        crls=[pki.crl(pki.root, at=EPOCH + 2 * HOUR)],
    )
    report = PadesValidator(trust, lambda: EPOCH + 24 * HOUR, open_end=True).validate(late)
    assert (report.valid, report.level) == (True, Level.B_LT)


class Service:
    """A revocation service in memory."""

    def __init__(self, pki, revoked_at=None) -> None:
        self.pki, self.revoked_at, self.asked = pki, revoked_at, 0

    def fetch(self, certificate: bytes, issuer: bytes) -> tuple[Sequence[bytes], Sequence[bytes]]:
        self.asked += 1
        serials = {c.certificate.serial_number: c for c in (self.pki.issuing, self.pki.tsa)}
        if any(c.der == certificate for c in serials.values()):
            return (), (self.pki.crl(self.pki.root, at=EPOCH + HOUR),)
        from cryptography import x509

        person = Credential(x509.load_der_x509_certificate(certificate), self.pki.root.key)
        return (self.pki.ocsp(person, at=EPOCH + HOUR, revoked=self.revoked_at),), ()


def test_online_answers_fill_what_the_file_lacks_without_raising_its_level(pki, one, trust):
    service = Service(pki)
    report = PadesValidator(trust, lambda: EPOCH + HOUR, fetcher=service).validate(one)
    assert (report.signatures[0].revocation, report.signatures[0].revocation_source) == ("good", "ocsp")
    assert (report.valid, report.level) == (True, Level.B_T)
    assert service.asked == 3
    revoked = Service(pki, revoked_at=EPOCH - HOUR)
    assert not PadesValidator(trust, lambda: EPOCH + HOUR, fetcher=revoked).validate(one).valid


def test_file_that_answers_for_itself_asks_nobody(pki, archive, trust):
    service = Service(pki)
    assert PadesValidator(trust, lambda: EPOCH + 3 * HOUR, fetcher=service).validate(archive.archived).valid
    assert service.asked == 0


@pytest.mark.parametrize(
    ("start", "years", "code"),
    [
        (EPOCH - timedelta(days=900), 2, "signing.signer_expired"),
        (EPOCH + timedelta(days=1), 2, "signing.signer_not_yet_valid"),
    ],
)
def test_certificate_must_be_valid_at_the_proven_time(pki, validator, codes, start, years, code):
    person = pki.person(0, start=start, years=years)
    pdf = sign(sample_pdf(1), "Signature1", person, pki, at=EPOCH, stamp_at=EPOCH)
    report = validator.validate(pdf)
    assert not report.valid
    assert code in codes(report)


def test_keys_are_used_for_what_they_were_issued(pki, validator, codes):
    pdf = sign(sample_pdf(1), "Signature1", pki.tsa, pki, at=EPOCH)
    assert "signing.signer_key_usage" in codes(validator.validate(pdf))
    pdf = sign(sample_pdf(1), "Signature1", pki.person(), pki, at=EPOCH, stamp_at=EPOCH, stamp_by=pki.person(1))
    report = validator.validate(pdf)
    assert not report.valid
    assert {"signing.time_stamp_key_usage", "signing.time_stamp_invalid"} <= codes(report)
    assert report.signatures[0].proven_time is None


def test_time_stamp_of_an_expired_authority_needs_a_later_one(pki, validator, trust, codes):
    old = pki.issue(
        "Köhnə TSA",
        pki.root,
        start=EPOCH - timedelta(days=800),
        years=2,
        usage=ExtendedKeyUsageOID.TIME_STAMPING,
    )
    moment = EPOCH - timedelta(days=100)
    person = pki.person(0, start=EPOCH - timedelta(days=200))
    pdf = sign(sample_pdf(1), "Signature1", person, pki, at=moment, stamp_at=moment, stamp_by=old)
    assert "signing.time_stamp_expired" in codes(validator.validate(pdf))
    rescued = document_time_stamp(pdf, pki, at=EPOCH - timedelta(days=80))
    assert validator.validate(rescued).valid
    too_late = document_time_stamp(pdf, pki, at=EPOCH)
    assert not validator.validate(too_late).valid
