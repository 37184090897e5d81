"""Root, issuing CA, OCSP responder and TSA of the development PKI: made once, loaded unchanged afterwards."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from signing.api import SigningError
from signing.devpki.files import write_atomic
from signing.devpki.profiles import (
    CA_USAGE,
    OCSP_EXTRA,
    SERVICE_USAGE,
    TSA_EXTRA,
    Request,
    Signer,
    Urls,
    authority_name,
    build,
)

_FORMAT = 1
_T = TypeVar("_T")
_DAY = timedelta(days=1)
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Member:
    """One authority: key and certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pkcs8(self) -> bytes:
        """Unencrypted DER for the OCSP, CRL and TSA services."""
        return self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True, slots=True)
class Authority:
    identity: str
    port: int
    root: Member
    issuing: Member
    ocsp: Member
    tsa: Member

    @property
    def urls(self) -> Urls:
        return Urls(f"http://127.0.0.1:{self.port}")

    @property
    def signer(self) -> Signer:
        return Signer(self.issuing.certificate.subject, self.issuing.key, "issuing")


_MEMBERS = ("root", "issuing", "ocsp", "tsa")


def load_or_create(directory: Path, now: datetime, choose_port: Callable[[], int]) -> Authority:
    """The authority kept in ``directory``; the caller holds the directory's lock.

    ``pki.json`` is written last and makes the rest valid: without it nothing can have been issued, so a half-made
    directory is made again from the start. Raises ``signing.devpki_damaged`` (file) when a finished one lost a part."""
    if (directory / "pki.json").exists():
        return _load(directory)
    authority = _create(now, choose_port())
    for name in _MEMBERS:
        member: Member = getattr(authority, name)
        pem = member.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_atomic(directory / f"{name}.key.pem", pem)
        write_atomic(directory / f"{name}.cert.pem", member.certificate.public_bytes(Encoding.PEM))
    record = {"format": _FORMAT, "identity": authority.identity, "port": authority.port, "created": now.isoformat()}
    write_atomic(directory / "pki.json", json.dumps(record, indent=1).encode())
    return authority


def _load(directory: Path) -> Authority:
    record = _guarded(directory / "pki.json", _record)
    members = {name: _member(directory, name) for name in _MEMBERS}
    return Authority(str(record["identity"]), int(record["port"]), **members)


def _guarded(path: Path, parse: Callable[[bytes], _T]) -> _T:
    try:
        return parse(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SigningError("signing.devpki_damaged", file=path.name) from error


def _record(data: bytes) -> dict[str, str | int]:
    record = json.loads(data)
    if record["format"] != _FORMAT:
        raise ValueError("unknown format")
    return {"identity": str(record["identity"]), "port": int(record["port"])}


def _private_key(data: bytes) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(data, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("not an elliptic curve key")
    return key


def _member(directory: Path, name: str) -> Member:
    key = _guarded(directory / f"{name}.key.pem", _private_key)
    certificate = _guarded(directory / f"{name}.cert.pem", x509.load_pem_x509_certificate)
    if certificate.public_key() != key.public_key():
        raise SigningError("signing.devpki_damaged", file=f"{name}.key.pem")
    return Member(key, certificate)


def _create(now: datetime, port: int) -> Authority:
    identity = secrets.token_hex(4).upper()
    urls = Urls(f"http://127.0.0.1:{port}")
    start = now.replace(microsecond=0) - 2 * _DAY
    root_key = ec.generate_private_key(ec.SECP384R1())
    root_signer = Signer(authority_name("Root CA", identity), root_key, "root")
    root_request = Request(
        root_signer.name, root_key.public_key(), start, start + 25 * _YEAR, CA_USAGE, ca_path_length=None, is_ca=True
    )
    root = Member(root_key, build(root_request, root_signer, urls))
    ca_key = ec.generate_private_key(ec.SECP384R1())
    ca_signer = Signer(authority_name("Issuing CA", identity), ca_key, "issuing")
    ca_request = Request(
        ca_signer.name, ca_key.public_key(), start, start + 20 * _YEAR, CA_USAGE, ca_path_length=0, is_ca=True
    )
    issuing = Member(ca_key, build(ca_request, root_signer, urls))

    def service(role: str, extra: tuple[tuple[x509.ExtensionType, bool], ...]) -> Member:
        key = ec.generate_private_key(ec.SECP256R1())
        request = Request(authority_name(role, identity), key.public_key(), start, start + 15 * _YEAR, SERVICE_USAGE)
        return Member(key, build(request, ca_signer, urls, extra=extra))

    return Authority(identity, port, root, issuing, service("OCSP", OCSP_EXTRA), service("TSA", TSA_EXTRA))
