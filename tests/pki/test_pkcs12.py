"""Keys from PKCS#12 files."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12 as store
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from signing.api import SigningError
from signing.keys.algorithms import verifies
from signing.keys.pkcs12 import Pkcs12Key
from tests.pki_fixtures import PIN, RunningPki, refused

ENCRYPTION = serialization.BestAvailableEncryption(PIN.encode())


def certificate_of(dev_pki: RunningPki) -> x509.Certificate:
    return x509.load_der_x509_certificate(dev_pki.issue().certificate)


def package(key: object, certificate: x509.Certificate | None, others: list[x509.Certificate] | None = None) -> bytes:
    return store.serialize_key_and_certificates(b"x", key, certificate, others, ENCRYPTION)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("variant", "algorithm"),
    [("revoked", "sha256_ecdsa"), ("p384", "sha384_ecdsa"), ("p384", "sha512_ecdsa"), ("rsa", "sha256_rsa")],
)
def test_signatures_verify(variant: str, algorithm: str, dev_pki: RunningPki) -> None:
    key = dev_pki.variant(variant)
    public = x509.load_der_x509_certificate(key.certificate).public_key()
    signature = key.sign(b"signed attributes", algorithm)
    assert verifies(public, signature, b"signed attributes", algorithm)
    assert not verifies(public, signature, b"other attributes", algorithm)


def test_rsa_is_pkcs1_for_openssl(dev_pki: RunningPki, tmp_path: Path) -> None:
    key = dev_pki.variant("rsa")
    data, signature, public = (tmp_path / name for name in ("data", "signature", "public.pem"))
    data.write_bytes(b"protokol")
    signature.write_bytes(key.sign(b"protokol", "sha256_rsa"))
    loaded = x509.load_der_x509_certificate(key.certificate).public_key()
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    public.write_bytes(loaded.public_bytes(serialization.Encoding.PEM, spki))
    command: list[str | Path] = ["openssl", "dgst", "-sha256", "-verify", public, "-signature", signature, data]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "Verified OK\n"


def test_certificate_and_chain(dev_pki: RunningPki) -> None:
    key = dev_pki.person()
    assert key.certificate == dev_pki.issue().certificate
    assert key.chain == dev_pki.pki.chain


@pytest.mark.parametrize("pin", ["", "123", "12345", "1234 ", "١٢٣٤"])
def test_wrong_pin(pin: str, dev_pki: RunningPki) -> None:
    with refused("signing.wrong_pin"):
        Pkcs12Key.load(dev_pki.issue().pkcs12, pin)


def test_no_key(dev_pki: RunningPki) -> None:
    with refused("signing.no_key"):
        Pkcs12Key.load(package(None, certificate_of(dev_pki)), PIN)


def test_no_certificate() -> None:
    with refused("signing.no_certificate"):
        Pkcs12Key.load(package(ec.generate_private_key(ec.SECP256R1()), None), PIN)


def test_certificate_of_another_key(dev_pki: RunningPki) -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    with refused("signing.key_mismatch"):
        Pkcs12Key.load(package(stranger, None, [certificate_of(dev_pki)]), PIN)


def test_certificate_is_found_among_others_by_its_key(dev_pki: RunningPki) -> None:
    key, certificate, others = store.load_key_and_certificates(dev_pki.issue().pkcs12, PIN.encode())
    assert certificate is not None
    loaded = Pkcs12Key.load(package(key, None, [*others, certificate]), PIN)
    assert loaded.certificate == dev_pki.issue().certificate
    assert loaded.chain == dev_pki.pki.chain


@pytest.mark.parametrize("kind", ["ed25519", "rsa-1024", "secp256k1"])
def test_unsupported_keys(kind: str) -> None:
    makers: dict[str, Callable[[], object]] = {
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "rsa-1024": lambda: rsa.generate_private_key(65537, 1024),
        "secp256k1": lambda: ec.generate_private_key(ec.SECP256K1()),
    }
    key = makers[kind]()
    with refused("signing.unsupported_key"):
        Pkcs12Key.load(package(key, None), PIN)


def test_closed_key_and_wrong_algorithm(dev_pki: RunningPki) -> None:
    key = dev_pki.person()
    for algorithm in ("sha256_rsa", "sha1_ecdsa", "sha256", ""):
        with refused("signing.unsupported_algorithm"):
            key.sign(b"x", algorithm)
    key.close()
    key.close()
    with refused("signing.key_closed"):
        key.sign(b"x", "sha256_ecdsa")


@pytest.mark.filterwarnings("ignore:PKCS#12 bundle could not be parsed as DER")
@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255), cut=st.booleans())
@example(place=0.0, mask=0xFF, cut=True)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_are_refused_or_give_the_same_key(
    dev_pki: RunningPki, place: float, mask: int, cut: bool
) -> None:
    """Damage never leads to another exception than ours, nor to another certificate."""
    data = bytearray(dev_pki.issue().pkcs12)
    position = int(place * len(data))
    if cut:
        del data[position:]
    else:
        data[position] ^= mask
    outcome: bytes | str
    try:
        outcome = Pkcs12Key.load(bytes(data), PIN).certificate
    except SigningError as error:
        outcome = error.code
    harmless = set() if cut else {dev_pki.issue().certificate}
    assert outcome in {"signing.wrong_pin", "signing.bad_key_file"} | harmless
