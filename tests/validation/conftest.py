"""Files signed by stock pyHanko under a sample PKI whose times we choose; made once a session."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from benchmarks.validation_samples import EPOCH, Credential, SamplePki, add_dss, document_time_stamp, sample_pdf, sign
from benchmarks.validation_tampering import signed_sample
from signing.api import Report, SigningError
from signing.trust import TrustAnchor, TrustStore
from signing.validate import PadesValidator

NOW = EPOCH + timedelta(days=8)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True, scope="session")
def quiet_pyhanko() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("pyhanko", "pyhanko_certvalidator")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="session")
def pki() -> SamplePki:
    return SamplePki()


@pytest.fixture(scope="session")
def trust(pki: SamplePki) -> TrustStore:
    return TrustStore([TrustAnchor("sample", pki.root.der)])


@pytest.fixture(scope="session")
def validator(trust: TrustStore) -> PadesValidator:
    return PadesValidator(trust, lambda: NOW)


@pytest.fixture(scope="session")
def signed(pki: SamplePki) -> bytes:
    """Three fields, two signed at B-T."""
    return Pdf(signed_sample(pki))


class Pdf(bytes):
    """A file that does not fill the screen when a property fails."""

    def __repr__(self) -> str:
        return f"<PDF of {len(self)} bytes>"


@dataclass(frozen=True)
class Archive:
    """Two signatures and validation data, before and after the archival time stamp."""

    extended: bytes
    archived: bytes
    people: tuple[Credential, ...]


@pytest.fixture(scope="session")
def archive(pki: SamplePki) -> Archive:
    people = (pki.person(0), pki.person(1))
    pdf = sample_pdf(2)
    for number, person in enumerate(people):
        moment = EPOCH + timedelta(minutes=number)
        pdf = sign(pdf, f"Signature{number + 1}", person, pki, at=moment, stamp_at=moment)
    later = EPOCH + HOUR
    extended = add_dss(
        pdf,
        certs=[pki.root, pki.issuing],
        ocsps=[pki.ocsp(person, at=later) for person in people],
        crls=[pki.crl(pki.root, at=later)],
    )
    return Archive(Pdf(extended), Pdf(document_time_stamp(extended, pki, at=EPOCH + 2 * HOUR)), people)


Codes = Callable[[Report], set[str]]


@pytest.fixture(scope="session")
def codes() -> Codes:
    """Every finding of a report, of the file and of its signatures."""

    def collect(report: Report) -> set[str]:
        return {f.code for f in report.findings} | {f.code for s in report.signatures for f in s.findings}

    return collect


@pytest.fixture(scope="session")
def judged() -> Callable[[PadesValidator, bytes], bool]:
    """Verdict on a file; one that cannot be used is not valid. Anything but these refusals fails the test."""
    allowed = {"signing.unreadable_pdf", "signing.encrypted_pdf", "signing.decode_limit"}

    def judge(validator: PadesValidator, pdf: bytes) -> bool:
        try:
            return validator.validate(pdf).valid
        except SigningError as refusal:
            if refusal.code not in allowed:
                raise
            return False

    return judge


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW
