"""Trust as data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from signing.trust import (
    TrustAnchor,
    TrustStore,
    is_development_certificate,
    load_trust,
    read_certificates,
    trust_from_pem,
)
from tests.pki_fixtures import RunningPki, refused


def pem(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


@pytest.fixture(scope="session")
def real_root() -> bytes:
    """A root without the development mark."""
    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Milli Sertifikat Xidmətləri Mərkəzi")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 77, now - timedelta(1), now + timedelta(1))
    made = builder.add_extension(x509.BasicConstraints(True, None), critical=True).sign(key, hashes.SHA384())
    return made.public_bytes(Encoding.DER)


@pytest.fixture
def folder(tmp_path: Path, dev_pki: RunningPki, real_root: bytes) -> Path:
    (tmp_path / "roots").mkdir()
    (tmp_path / "roots" / "dev.pem").write_bytes(pem(dev_pki.pki.root))
    (tmp_path / "roots" / "real.der").write_bytes(real_root)
    (tmp_path / "others.pem").write_bytes(b"comment\n" + pem(dev_pki.pki.chain[0]) + pem(real_root))
    return tmp_path


REAL = '[[anchor]]\nlabel = "MSXM"\nfile = "roots/real.der"\nadded = 2020-01-01\nsource = "Qərar 1"\n'
DEVELOPMENT = '[[anchor]]\nlabel = "sınaq"\nfile = "roots/dev.pem"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "trust.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_loading(folder: Path, real_root: bytes, dev_pki: RunningPki) -> None:
    store = load_trust(
        written(folder, REAL + DEVELOPMENT + '[[intermediate]]\nfile = "others.pem"\n'), production=False
    )
    assert store.roots_der == (real_root, dev_pki.pki.root)
    assert [root.dump() for root in store.roots] == [real_root, dev_pki.pki.root]
    assert [other.dump() for other in store.others] == [dev_pki.pki.chain[0], real_root]
    assert store.anchors[0] == TrustAnchor("MSXM", real_root, False, date(2020, 1, 1), None, "Qərar 1")
    assert not store.is_development(real_root)
    assert store.is_development(dev_pki.pki.root)
    assert store.is_development(store.roots[1])


def test_production_takes_real_anchors(folder: Path, real_root: bytes) -> None:
    assert load_trust(written(folder, REAL), production=True).roots_der == (real_root,)


@pytest.mark.parametrize("more", ["", "development = false\n", "development = true\n"])
def test_production_refuses_development_by_its_own_mark(folder: Path, more: str) -> None:
    with refused("signing.development_trust_refused") as errors:
        load_trust(written(folder, REAL + DEVELOPMENT + more), production=True)
    assert errors[0].params == {"label": "sınaq"}


def test_production_refuses_what_the_data_call_development(folder: Path) -> None:
    with refused("signing.development_trust_refused"):
        load_trust(written(folder, REAL + "development = true\n"), production=True)


@pytest.mark.parametrize(
    "text",
    [
        "[[anchor]",
        '[[anchor]]\nfile = "roots/real.der"\n',
        '[[anchor]]\nlabel = "x"\n',
        '[[anchor]]\nlabel = "x"\nfile = "absent.pem"\n',
        '[[anchor]]\nlabel = "x"\nfile = "others.pem"\n',
        REAL + 'withdrawn = "2021-01-01"\n',
        REAL + "withdrawn = 2021-01-01T00:00:00Z\n",
        "anchor = 3\n",
        '[[intermediate]]\nx = "others.pem"\n',
    ],
)
def test_bad_files_are_named(folder: Path, text: str) -> None:
    with refused("signing.bad_trust_file") as errors:
        load_trust(written(folder, text), production=False)
    assert errors[0].params["file"] == "trust.toml"


def test_missing_file(tmp_path: Path) -> None:
    with refused("signing.bad_trust_file"):
        load_trust(tmp_path / "trust.toml", production=False)
    with refused("signing.bad_trust_file"):
        trust_from_pem([tmp_path / "x.pem"], production=False)


@pytest.mark.parametrize(
    "data",
    [b"", b"text", b"-----BEGIN CERTIFICATE-----\n", b"-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n"],
)
def test_files_without_certificates(data: bytes) -> None:
    with refused("signing.bad_certificate"):
        read_certificates(data)


def test_pem_of_the_command_line(folder: Path, dev_pki: RunningPki, real_root: bytes) -> None:
    store = trust_from_pem([folder / "others.pem", folder / "roots" / "dev.pem"], production=False)
    assert store.roots_der == (real_root, dev_pki.pki.root)
    assert store.others_der == dev_pki.pki.chain
    assert [anchor.development for anchor in store.anchors] == [False, True]
    with refused("signing.development_trust_refused"):
        trust_from_pem([folder / "roots" / "dev.pem"], production=True)


def test_the_development_pki_is_refused_in_production(dev_pki: RunningPki, real_root: bytes) -> None:
    with refused("signing.development_trust_refused"):
        dev_pki.trust.require_production()
    real = TrustStore([TrustAnchor("real", real_root)])
    assert real.require_production() is real
    with refused("signing.development_trust_refused"):
        real.with_anchors([TrustAnchor("quiet", dev_pki.pki.root)]).require_production()
    assert not is_development_certificate(real_root)


DAYS = st.dates(date(2020, 1, 1), date(2020, 2, 28))


@given(added=st.none() | DAYS, withdrawn=st.none() | DAYS, day=DAYS)
def test_history(real_root: bytes, added: date | None, withdrawn: date | None, day: date) -> None:
    store = TrustStore([TrustAnchor("real", real_root, added=added, withdrawn=withdrawn)])
    moment = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
    expected = not (added is not None and day < added) and not (withdrawn is not None and day >= withdrawn)
    assert bool(store.roots_at(moment)) == expected
    assert bool(store.roots) == (withdrawn is None)
