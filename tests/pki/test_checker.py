"""The check before signing, against real OCSP and CRL answers."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import example, given
from hypothesis import strategies as st

from signing.api import CertificateChecker, SigningError
from signing.certificates import X509Checker, inspect_certificate, mask_fin
from signing.devpki import Profile
from signing.http import HttpxTransport
from signing.trust import TrustAnchor, TrustStore
from tests.pki_fixtures import HOLDER, PIN, RunningPki, check, refused

FIN_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@pytest.mark.parametrize("variant", ["rsa", "p384", ""])
def test_good_certificate(variant: str, checker: CertificateChecker, dev_pki: RunningPki) -> None:
    key = dev_pki.variant(variant) if variant else dev_pki.person()
    assert check(checker, key) == "good"
    assert dev_pki.faults.requests["ocsp"] == 1
    assert check(checker, key, fin=None) == "good"


@pytest.mark.parametrize(
    ("variant", "code"),
    [
        ("expired", "signing.certificate_expired"),
        ("not-yet-valid", "signing.certificate_not_yet_valid"),
        ("revoked", "signing.certificate_revoked"),
        ("no-fin", "signing.no_fin"),
    ],
)
def test_refused_variants(variant: str, code: str, checker: CertificateChecker, dev_pki: RunningPki) -> None:
    with refused(code):
        check(checker, dev_pki.variant(variant))


def test_no_fin_is_no_fault_where_none_is_expected(checker: CertificateChecker, dev_pki: RunningPki) -> None:
    assert check(checker, dev_pki.variant("no-fin"), fin=None) == "good"


def test_wrong_person_does_not_tell_whose_it_is(checker: CertificateChecker, dev_pki: RunningPki) -> None:
    with refused("signing.wrong_person") as errors:
        check(checker, dev_pki.person(), fin="8QRS9T1")
    text = f"{errors[0]} {errors[0].params} {errors[0].__cause__} {errors[0].__context__}"
    assert HOLDER.fin not in text
    assert "8QRS9T1" not in text
    assert errors[0].params == {"expected": "8QR****", "found": "5AB****"}
    assert not dev_pki.faults.requests


def test_expected_fin_may_be_written_loosely(checker: CertificateChecker, dev_pki: RunningPki) -> None:
    assert check(checker, dev_pki.person(), fin=f" {HOLDER.fin.lower()} ") == "good"


def test_foreign_certificate_is_refused_and_calls_nobody(
    checker: CertificateChecker, foreign_pki: RunningPki, dev_pki: RunningPki
) -> None:
    foreign_pki.faults.requests.clear()
    with refused("signing.untrusted_certificate"):
        check(checker, foreign_pki.person())
    assert not foreign_pki.faults.requests
    assert not dev_pki.faults.requests


def test_sending_the_foreign_root_along_does_not_help(checker: CertificateChecker, foreign_pki: RunningPki) -> None:
    key = foreign_pki.person()
    with refused("signing.untrusted_certificate"):
        checker.check(
            key.certificate, (*key.chain, foreign_pki.pki.root), at=datetime.now(UTC), expected_fin=HOLDER.fin
        )


def test_withdrawn_anchor_counts_until_its_day(dev_pki: RunningPki, transport: HttpxTransport) -> None:
    today = datetime.now(UTC).date()
    key = dev_pki.person()
    for withdrawn, trusted in ((today + timedelta(days=1), True), (today, False)):
        trust = TrustStore([TrustAnchor("root", dev_pki.pki.root, withdrawn=withdrawn)])
        if trusted:
            assert check(X509Checker(trust, transport), key) == "good"
        else:
            with refused("signing.untrusted_certificate"):
                check(X509Checker(trust, transport), key)


def test_missing_intermediate(dev_pki: RunningPki, transport: HttpxTransport) -> None:
    certificate = dev_pki.person().certificate
    bare = X509Checker(TrustStore([dev_pki.pki.anchor]), transport)
    with refused("signing.untrusted_certificate"):
        bare.check(certificate, (), at=datetime.now(UTC), expected_fin=None)
    known = X509Checker(dev_pki.trust, transport)
    assert known.check(certificate, (), at=datetime.now(UTC), expected_fin=None).revocation == "good"


def test_ocsp_down_falls_back_to_the_crl(checker: CertificateChecker, dev_pki: RunningPki) -> None:
    dev_pki.faults.pause("ocsp")
    assert check(checker, dev_pki.person()) == "good"
    with refused("signing.certificate_revoked") as errors:
        check(checker, dev_pki.variant("revoked"))
    assert errors[0].params["reason"] == "key_compromise"


def test_everything_down_is_unknown_not_an_error(checker: CertificateChecker, dev_pki: RunningPki) -> None:
    dev_pki.faults.pause("ocsp", "crl")
    assert check(checker, dev_pki.person()) == "unknown"
    dev_pki.faults.resume()
    assert check(checker, dev_pki.person()) == "good"


def test_server_gone_is_unknown(checker: CertificateChecker, dev_pki: RunningPki) -> None:
    key = dev_pki.person()
    dev_pki.server.stop()
    try:
        assert check(checker, key) == "unknown"
    finally:
        dev_pki.server.start()
    assert check(checker, key) == "good"


def test_slow_services_cost_their_time_out_only(checker: CertificateChecker, dev_pki: RunningPki) -> None:
    key = dev_pki.person()
    dev_pki.faults.slow("ocsp", 12)
    dev_pki.faults.slow("crl", 12)
    started = time.perf_counter()
    assert check(checker, key) == "unknown"
    assert time.perf_counter() - started < 11


def test_offline_checker_asks_nobody(dev_pki: RunningPki) -> None:
    assert check(X509Checker(dev_pki.trust, None), dev_pki.person()) == "unknown"
    assert not dev_pki.faults.requests


def test_inside_a_running_loop(checker: CertificateChecker, dev_pki: RunningPki) -> None:
    key = dev_pki.person()

    async def inside() -> str:
        return check(checker, key)

    assert asyncio.run(inside()) == "good"


@pytest.mark.parametrize("data", [b"", b"0", b"-----BEGIN CERTIFICATE-----", b"\x30\x03\x02\x01\x01"])
def test_not_a_certificate(data: bytes, checker: CertificateChecker, dev_pki: RunningPki) -> None:
    with refused("signing.bad_certificate"):
        checker.inspect(data)
    with refused("signing.bad_certificate"):
        checker.check(data, (), at=datetime.now(UTC), expected_fin=None)
    with refused("signing.bad_certificate"):
        checker.check(dev_pki.person().certificate, (data,), at=datetime.now(UTC), expected_fin=None)


@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255), cut=st.booleans())
def test_damaged_certificates_are_never_accepted(session_pki: RunningPki, place: float, mask: int, cut: bool) -> None:
    data = bytearray(session_pki.issue().certificate)
    position = int(place * len(data))
    if cut:
        del data[position:]
    else:
        data[position] ^= mask
    checker = X509Checker(session_pki.trust, None)
    with pytest.raises(SigningError):
        checker.check(bytes(data), session_pki.pki.chain, at=datetime.now(UTC), expected_fin=HOLDER.fin)


def self_signed(
    subject: list[tuple[x509.ObjectIdentifier, str]], usage: frozenset[str] | None = frozenset({"content_commitment"})
) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in subject])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
    if usage is not None:
        flags = dict.fromkeys(
            ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
        ) | dict.fromkeys(("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False)
        builder = builder.add_extension(x509.KeyUsage(**(flags | dict.fromkeys(usage, True))), critical=True)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("usage", "accepted"),
    [
        (None, False),
        (frozenset({"key_encipherment"}), False),
        (frozenset({"key_cert_sign", "crl_sign"}), False),
        (frozenset({"digital_signature"}), True),
        (frozenset({"content_commitment"}), True),
    ],
)
def test_key_usage(usage: frozenset[str] | None, accepted: bool) -> None:
    der = self_signed([(NameOID.COMMON_NAME, "X"), (NameOID.SERIAL_NUMBER, HOLDER.fin)], usage)
    checker = X509Checker(TrustStore([]), None)
    with refused("signing.untrusted_certificate" if accepted else "signing.key_usage"):
        checker.check(der, (), at=datetime.now(UTC), expected_fin=HOLDER.fin)


def test_a_ca_does_not_sign_papers(checker: CertificateChecker, dev_pki: RunningPki) -> None:
    with refused("signing.key_usage"):
        checker.check(dev_pki.pki.chain[0], (), at=datetime.now(UTC), expected_fin=None)


@pytest.mark.parametrize(
    ("numbers", "fin"),
    [
        (["5ABC1D2"], "5ABC1D2"),
        (["PNOAZ-5ABC1D2"], "5ABC1D2"),
        (["pnoaz-5abc1d2"], None),
        (["5abc1d2"], "5ABC1D2"),
        (["PASAZ-C1234567"], None),
        (["PNOTR-5ABC1D2"], None),
        (["5ABC1D2", "5ABC1D3"], None),
        (["5ABC1O2"], None),
        ([], None),
    ],
)
def test_fin_of_the_subject(numbers: list[str], fin: str | None) -> None:
    der = self_signed([(NameOID.COMMON_NAME, "X"), *((NameOID.SERIAL_NUMBER, number) for number in numbers)])
    assert inspect_certificate(der).fin == fin


@pytest.mark.parametrize(
    ("identifier", "found"),
    [("VATAZ-1234567891", "1234567891"), ("VATTR-1234567891", None), ("1234567891", None), ("VATAZ-12", None)],
)
def test_organisation_of_the_subject(identifier: str, found: str | None) -> None:
    der = self_signed([(NameOID.ORGANIZATION_NAME, "KOBİA"), (NameOID.ORGANIZATION_IDENTIFIER, identifier)])
    info = inspect_certificate(der)
    assert info.organisation_id == found
    assert "KOBİA" in info.subject


def test_inspection_agrees_with_another_reader(dev_pki: RunningPki, checker: CertificateChecker) -> None:
    der = dev_pki.person().certificate
    other = x509.load_der_x509_certificate(der)
    info = checker.inspect(der)
    assert info.subject == "QULİYEVA NƏRMİN İLQAR QIZI"
    assert info.sha256 == other.fingerprint(hashes.SHA256()).hex()
    assert int(info.serial, 16) == other.serial_number
    assert (info.not_before, info.not_after) == (other.not_valid_before_utc, other.not_valid_after_utc)
    assert info.issuer == other.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert info.key_algorithm == "P-256"
    seal = dev_pki.pki.issue_seal("1234567892", "İqtisadiyyat Nazirliyi", PIN)
    assert checker.inspect(seal.certificate).organisation_id == "1234567892"


@given(a=st.text(FIN_ALPHABET, min_size=7, max_size=7), b=st.text(FIN_ALPHABET, min_size=7, max_size=7))
@example(a="5ABC1D2", b="5ABC1D2")
def test_only_the_same_fin_passes_and_no_message_shows_the_hidden_characters(a: str, b: str) -> None:
    assert len(mask_fin(a)) == 7
    assert mask_fin(a) == a[:3] + "****"
    der = _holder_certificate(a)
    code = "signing.untrusted_certificate" if a == b else "signing.wrong_person"
    with refused(code) as errors:
        X509Checker(TrustStore([]), None).check(der, (), at=datetime.now(UTC), expected_fin=b)
    text = str(errors[0])
    assert a == b or (a[3:] not in text and b[3:] not in text)


def _holder_certificate(fin: str) -> bytes:
    return self_signed([(NameOID.COMMON_NAME, "X"), (NameOID.SERIAL_NUMBER, fin)])


def test_mask_of_nothing() -> None:
    assert mask_fin(None) == ""
    assert mask_fin("") == ""


def test_time_is_judged_at_the_given_moment(checker: CertificateChecker, dev_pki: RunningPki) -> None:
    key = dev_pki.person(profile=Profile("plain"))
    with refused("signing.certificate_expired"):
        check(checker, key, days=4 * 365)
    with refused("signing.certificate_not_yet_valid"):
        check(checker, key, days=-10)


def test_a_crowd_of_authorities_with_one_name_is_refused_without_trying_every_path(dev_pki: RunningPki) -> None:
    """Twelve authorities that claim to have issued one another have more paths than anybody can try."""
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Qəlib CA")])
    crowd = []
    for _ in range(12):
        key = ec.generate_private_key(ec.SECP256R1())
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        builder = builder.not_valid_after(now + timedelta(days=1))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        crowd.append((key, builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())))
    holder = x509.load_der_x509_certificate(_holder_certificate("5ABC1D2"))
    leaf = (
        x509.CertificateBuilder().subject_name(holder.subject).issuer_name(name).public_key(holder.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(holder.extensions.get_extension_for_class(x509.KeyUsage).value, critical=True)
        .sign(crowd[0][0], hashes.SHA256())
    )  # fmt: skip
    chain = [c.public_bytes(Encoding.DER) for _, c in crowd]
    with refused("signing.untrusted_certificate"):
        X509Checker(dev_pki.trust, None).check(leaf.public_bytes(Encoding.DER), chain, at=now, expected_fin="5ABC1D2")
