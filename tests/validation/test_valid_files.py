"""What the validator reports of files that nobody touched."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from benchmarks.validation_samples import EPOCH, SamplePki, add_dss, document_time_stamp, sample_pdf, sign
from signing.api import Expectation, Level
from signing.trust import TrustAnchor, TrustStore
from signing.validate import PadesValidator


def test_reports_signer_time_and_level_of_a_b_t_signature(validator, signed, pki):
    report = validator.validate(signed)
    first = report.signatures[0]
    assert report.valid
    assert (report.sha256, report.size) == (hashlib.sha256(signed).hexdigest(), len(signed))
    assert (report.pdfa, report.level, report.development) == ("3B", Level.B_T, False)
    assert (first.kind, first.field, first.signer, first.fin) == (
        "signature",
        "Signature1",
        "Əliyeva Günel Rəşad qızı",
        "5ABC1D2",
    )
    assert (first.proven_time, first.proof) == (EPOCH, "signature-time-stamp")
    assert first.chain == ("Əliyeva Günel Rəşad qızı", "Nümunə İmza CA", "Nümunə Kök")
    assert (first.intact, first.trusted, first.valid, first.changes) == (True, True, True, "signatures")
    assert (first.revocation, first.revocation_source) == ("unknown", "")
    assert [f.code for f in first.findings] == ["signing.revocation_unknown"]
    assert report.signatures[1].changes == "none"


def test_archived_file_reaches_b_lta_with_nothing_to_remark(validator, archive):
    report = validator.validate(archive.archived)
    assert report.valid
    assert report.level is Level.B_LTA
    assert report.findings == ()
    assert [s.kind for s in report.signatures] == ["signature", "signature", "timestamp"]
    assert [s.findings for s in report.signatures] == [(), (), ()]
    assert [s.changes for s in report.signatures] == ["signatures", "extension", "none"]
    assert {s.revocation for s in report.signatures} == {"good"}
    assert [s.revocation_source for s in report.signatures] == ["ocsp", "ocsp", "crl"]
    stamp = report.signatures[2]
    assert (stamp.signer, stamp.level, stamp.proof) == ("Nümunə TSA", None, "document-time-stamp")
    assert stamp.proven_time == EPOCH + timedelta(hours=2)


@pytest.mark.parametrize("years", [3, 7])
def test_certificates_expired_since_do_not_matter_when_the_time_is_proven(validator, archive, years):
    report = validator.validate(archive.archived, at=EPOCH + timedelta(days=365 * years))
    assert report.valid
    assert report.level is Level.B_LTA


def test_archive_fails_once_its_last_time_stamp_has_expired(validator, archive, codes):
    report = validator.validate(archive.archived, at=EPOCH + timedelta(days=365 * 10))
    assert not report.valid
    assert "signing.time_stamp_expired" in codes(report)


def test_a_second_archival_time_stamp_renews_the_first(pki, trust, archive):
    later = EPOCH + timedelta(days=365 * 8)
    fresh = pki.issue("Yeni TSA", pki.root, start=later, years=10, usage=ExtendedKeyUsageOID.TIME_STAMPING)
    renewed = add_dss(archive.archived, certs=[pki.root, pki.tsa], ocsps=[], crls=[pki.crl(pki.root, at=later)])
    renewed = document_time_stamp(renewed, pki, at=later, by=fresh)
    report = PadesValidator(trust, lambda: EPOCH + timedelta(days=365 * 12)).validate(renewed)
    assert report.valid
    assert report.level is Level.B_LTA


def test_document_time_stamp_alone_proves_the_time(pki, validator):
    pdf = sign(sample_pdf(1), "Signature1", pki.person(), pki, at=EPOCH)
    report = validator.validate(document_time_stamp(pdf, pki, at=EPOCH + timedelta(hours=3)))
    signature = report.signatures[0]
    assert report.valid
    assert (signature.proof, signature.proven_time) == ("document-time-stamp", EPOCH + timedelta(hours=3))
    assert signature.level is Level.B_T


def test_signature_without_time_is_b_b_and_judged_as_of_now(pki, validator, codes):
    pdf = sign(sample_pdf(1), "Signature1", pki.person(), pki, at=EPOCH)
    report = validator.validate(pdf)
    assert (report.valid, report.level) == (True, Level.B_B)
    assert "signing.time_not_proven" in codes(report)
    late = validator.validate(pdf, at=EPOCH + timedelta(days=800))
    assert not late.valid
    assert "signing.signer_expired" in codes(late)


def test_validation_data_without_archival_time_stamp_leave_bytes_uncovered(trust, validator, archive, codes):
    report = validator.validate(archive.extended)
    assert not report.valid
    assert [s.valid for s in report.signatures] == [True, True]
    assert report.level is Level.B_LT
    assert "signing.uncovered_extension" in codes(report)
    lenient = PadesValidator(trust, lambda: EPOCH + timedelta(days=8), open_end=True).validate(archive.extended)
    assert lenient.valid
    assert "signing.uncovered_extension_allowed" in codes(lenient)


def test_expectation_met_and_missed(validator, archive, signed, codes):
    declared = Expectation(("Signature1", "Signature2"), Level.B_LTA)
    assert validator.validate(archive.archived, expectation=declared).valid
    report = validator.validate(signed, expectation=Expectation(("Signature1", "Signature3"), Level.B_LTA))
    assert not report.valid
    missing = {f.code: dict(f.params) for f in report.findings}
    assert missing["signing.field_unsigned"] == {"field": "Signature3"}
    assert missing["signing.level_below_declared"] == {"declared": "B-LTA", "reached": "B-T"}


def test_removed_revisions_are_noticed_by_the_expectation(validator, archive, codes):
    ends = [i + 6 for i in range(len(archive.archived)) if archive.archived.startswith(b"%%EOF\n", i)]
    declared = Expectation(("Signature1", "Signature2"), Level.B_LTA)
    for end in ends[:-1]:
        report = validator.validate(archive.archived[:end], expectation=declared)
        assert not report.valid
        assert codes(report) & {"signing.field_unsigned", "signing.level_below_declared"}
    assert validator.validate(archive.archived[: ends[1]]).valid, "one B-T signature stands by itself"


def test_works_inside_a_running_loop(validator, signed):
    async def inside() -> bool:
        return validator.validate(signed).valid

    assert asyncio.run(inside())


def test_clock_and_moment_are_what_counts(trust, signed):
    asked = datetime(2026, 3, 5, 12, tzinfo=UTC)
    validator = PadesValidator(trust, lambda: asked)
    assert validator.validate(signed).validated_at == asked
    early = validator.validate(signed, at=EPOCH - timedelta(days=1))
    assert not early.valid, "a time stamp from the future proves nothing"
    assert "signing.time_stamp_order" in {f.code for s in early.signatures for f in s.findings}


def test_development_anchor_is_said(pki, signed, codes):
    validator = PadesValidator(TrustStore([TrustAnchor("d", pki.root.der, development=True)]), lambda: EPOCH)
    report = validator.validate(signed, at=EPOCH + timedelta(hours=1))
    assert report.valid
    assert report.development
    assert "signing.development_trust" in codes(report)


def test_unsigned_file_is_a_finding(validator, codes):
    report = validator.validate(sample_pdf(2))
    assert not report.valid
    assert codes(report) == {"signing.no_signatures"}


def test_pdfsig_agrees(tmp_path: Path, archive, validator):
    file = tmp_path / "archived.pdf"
    file.write_bytes(archive.archived)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout
    ours = [s for s in validator.validate(archive.archived).signatures if s.kind == "signature"]
    assert said.count("Signature is Valid") == len(ours) == 2


def test_sample_authority_is_not_trusted_by_others(signed, codes):
    other = SamplePki("Başqa")
    report = PadesValidator(TrustStore([TrustAnchor("o", other.root.der)]), lambda: EPOCH).validate(
        signed, at=EPOCH + timedelta(days=1)
    )
    assert not report.valid
    assert {"signing.untrusted_signer", "signing.untrusted_time_stamp"} <= codes(report)
