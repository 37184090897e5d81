"""The development PKI judged by OpenSSL, which we did not write."""

from __future__ import annotations

import subprocess
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.devpki import Holder, Profile, Reason
from tests.pki_fixtures import RunningPki


def openssl(*arguments: str | Path, expect: int = 0) -> str:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def root(dev_pki: RunningPki) -> Path:
    return dev_pki.pki.directory / "root.cert.pem"


@pytest.fixture
def issuing(dev_pki: RunningPki) -> Path:
    return dev_pki.pki.directory / "issuing.cert.pem"


def pem(directory: Path, certificate: bytes) -> Path:
    path = directory / "certificate.pem"
    path.write_bytes(x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM))
    return path


@pytest.mark.parametrize("variant", ["rsa", "p384", "no-fin", "revoked"])
def test_chain_verifies_strictly(variant: str, dev_pki: RunningPki, root: Path, issuing: Path, tmp_path: Path) -> None:
    certificate = pem(tmp_path, dev_pki.variant(variant).certificate)
    assert ": OK" in openssl("verify", "-x509_strict", "-CAfile", root, "-untrusted", issuing, certificate)


def test_foreign_root_does_not_verify(
    dev_pki: RunningPki, foreign_pki: RunningPki, root: Path, issuing: Path, tmp_path: Path
) -> None:
    certificate = pem(tmp_path, foreign_pki.person().certificate)
    assert "unable to get" in openssl("verify", "-CAfile", root, "-untrusted", issuing, certificate, expect=2)


@pytest.mark.parametrize(("variant", "message"), [("expired", "has expired"), ("not-yet-valid", "is not yet valid")])
def test_validity_is_seen(
    variant: str, message: str, dev_pki: RunningPki, root: Path, issuing: Path, tmp_path: Path
) -> None:
    certificate = pem(tmp_path, dev_pki.variant(variant).certificate)
    assert message in openssl("verify", "-CAfile", root, "-untrusted", issuing, certificate, expect=2)


@pytest.mark.parametrize("service", ["tsa", "ocsp"])
def test_service_certificates_verify(service: str, dev_pki: RunningPki, root: Path, issuing: Path) -> None:
    certificate = dev_pki.pki.directory / f"{service}.cert.pem"
    purpose = {"tsa": "timestampsign", "ocsp": "ocsphelper"}[service]
    openssl("verify", "-x509_strict", "-purpose", purpose, "-CAfile", root, "-untrusted", issuing, certificate)


def ocsp(dev_pki: RunningPki, certificate: Path) -> str:
    folder = dev_pki.pki.directory
    return openssl(
        *("ocsp", "-issuer", folder / "issuing.cert.pem", "-cert", certificate, "-url", dev_pki.pki.urls.ocsp),
        *("-CAfile", folder / "root.cert.pem", "-verify_other", folder / "issuing.cert.pem"),
    )


def test_ocsp_good_then_revoked_without_restart(dev_pki: RunningPki, tmp_path: Path) -> None:
    holder = Holder("7KLM2N3", "Həsənov", "Elçin", "Rauf oğlu")
    certificate = pem(tmp_path, dev_pki.issue(holder).certificate)
    before = ocsp(dev_pki, certificate)
    assert "Response verify OK" in before
    assert f"{certificate}: good" in before
    dev_pki.pki.revoke(holder.fin, dev_pki.pki.clock.now(), Reason.KEY_COMPROMISE)
    after = ocsp(dev_pki, certificate)
    assert f"{certificate}: revoked" in after
    assert "keyCompromise" in after


def test_ocsp_does_not_call_an_unknown_serial_good(dev_pki: RunningPki, root: Path, issuing: Path) -> None:
    text = openssl("ocsp", "-issuer", issuing, "-serial", "0x7777", "-url", dev_pki.pki.urls.ocsp, "-CAfile", root)
    assert "0x7777: unknown" in text


@pytest.mark.parametrize("issuer", ["root", "issuing"])
def test_crl_is_signed_by_its_issuer(issuer: str, dev_pki: RunningPki, tmp_path: Path) -> None:
    revoked = x509.load_der_x509_certificate(dev_pki.variant("revoked").certificate).serial_number
    crl = tmp_path / "list.crl"
    crl.write_bytes(httpx.get(dev_pki.pki.urls.crl(issuer)).content)
    ca = dev_pki.pki.directory / f"{issuer}.cert.pem"
    text = openssl("crl", "-inform", "DER", "-in", crl, "-noout", "-text", "-CAfile", ca)
    assert "verify OK" in text
    assert (f"{revoked:X}" in text.replace(":", "")) == (issuer == "issuing")
    assert ("No Revoked Certificates" in text) == (issuer == "root")


def test_crl_check_of_the_whole_chain(dev_pki: RunningPki, root: Path, issuing: Path, tmp_path: Path) -> None:
    lists = tmp_path / "lists.pem"
    blocks = [httpx.get(dev_pki.pki.urls.crl(name)).content for name in ("root", "issuing")]
    lists.write_bytes(b"".join(x509.load_der_x509_crl(der).public_bytes(Encoding.PEM) for der in blocks))
    common = ("verify", "-crl_check_all", "-CRLfile", lists, "-CAfile", root, "-untrusted", issuing)
    openssl(*common, pem(tmp_path, dev_pki.person().certificate))
    dev_pki.variant("revoked")
    blocks[1] = httpx.get(dev_pki.pki.urls.crl("issuing")).content
    lists.write_bytes(b"".join(x509.load_der_x509_crl(der).public_bytes(Encoding.PEM) for der in blocks))
    assert "certificate revoked" in openssl(*common, pem(tmp_path, dev_pki.variant("revoked").certificate), expect=2)


def test_time_stamp_verifies_for_its_data_alone(dev_pki: RunningPki, root: Path, issuing: Path, tmp_path: Path) -> None:
    data, other, query, reply = (tmp_path / name for name in ("data", "other", "q.tsq", "r.tsr"))
    data.write_bytes("Protokol № 4".encode())
    other.write_bytes("Protokol № 5".encode())
    openssl("ts", "-query", "-data", data, "-sha256", "-cert", "-out", query)
    reply.write_bytes(httpx.post(dev_pki.pki.tsa_url, content=query.read_bytes()).content)
    check = ("ts", "-verify", "-in", reply, "-CAfile", root, "-untrusted", issuing)
    assert "Verification: OK" in openssl(*check, "-queryfile", query)
    assert "Verification: OK" in openssl(*check, "-data", data)
    assert "Verification: FAILED" in openssl(*check, "-data", other, expect=1)


def test_seal_names_the_organisation(dev_pki: RunningPki, root: Path, issuing: Path, tmp_path: Path) -> None:
    key = dev_pki.pki.issue_seal("1234567891", "Kiçik və Orta Biznesin İnkişafı Agentliyi", "4321")
    text = openssl(
        "x509", "-in", pem(tmp_path, key.certificate), "-noout", "-subject", "-nameopt", "utf8,sep_comma_plus"
    )
    assert "VATAZ-1234567891" in text
    openssl("verify", "-x509_strict", "-CAfile", root, "-untrusted", issuing, pem(tmp_path, key.certificate))


def test_pkcs12_opens_with_openssl(dev_pki: RunningPki) -> None:
    key = dev_pki.issue(profile=Profile("openssl"))
    text = openssl("pkcs12", "-in", key.path, "-passin", "pass:1234", "-noenc")
    assert text.count("BEGIN CERTIFICATE") == 2
    assert "BEGIN PRIVATE KEY" in text
    openssl("pkcs12", "-in", key.path, "-passin", "pass:4321", "-noenc", expect=1)
