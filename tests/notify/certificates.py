"""A CA and a server certificate, made for one test session."""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Certificates:
    """``ca``: PEM of the CA. ``server``, ``elsewhere``: chain and key for 127.0.0.1, and for another host."""

    ca: Path
    server: Path
    elsewhere: Path


def make(directory: Path) -> Certificates:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Sınaq CA")
    root = _builder(name, name, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    certificate = root.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    ca = directory / "ca.pem"
    ca.write_bytes(certificate.public_bytes(Encoding.PEM))
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    return Certificates(
        ca, _leaf(directory / "server.pem", here, name, key), _leaf(directory / "else.pem", _DNS, name, key)
    )


_DNS = x509.DNSName("mail.elsewhere.example")


def _leaf(path: Path, host: x509.GeneralName, issuer: x509.Name, issuer_key: ec.EllipticCurvePrivateKey) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    built = _builder(_name("mail"), issuer, key).add_extension(x509.SubjectAlternativeName([host]), critical=False)
    certificate = built.sign(issuer_key, hashes.SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return path


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + 30 * _DAY)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
