"""The development PKI as the rest of the service sees it: keys for invented persons and organisations, and trust."""

from __future__ import annotations

import random
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from signing.api import SigningError
from signing.devpki.authority import Authority, load_or_create
from signing.devpki.files import locked, write_atomic
from signing.devpki.profiles import (
    SIGNER_USAGE,
    Holder,
    Profile,
    Request,
    Urls,
    build,
    new_key,
    person_name,
    seal_name,
)
from signing.devpki.register import Reason, Register, Revocation
from signing.trust import TrustAnchor, TrustStore

_FIN = re.compile(r"[0-9A-HJ-NP-Z]{7}")
_VOEN = re.compile(r"[0-9]{10}")
_LABEL = re.compile(r"[a-z0-9-]{0,40}")
_VALIDITY = timedelta(days=3 * 365)
_PORTS = (20000, 32000)


class Clock(Protocol):
    def now(self) -> datetime:
        """UTC."""
        ...


def free_port() -> int:
    """A loopback port below the ephemeral range, so that no outgoing connection holds it at a later start."""
    chooser = random.SystemRandom()
    for _ in range(200):
        port = chooser.randrange(*_PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SigningError("signing.devpki_port_taken", port=_PORTS[0])


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A PKCS#12 with its certificate (DER) and ``chain`` (DER of the issuing CA, without the root)."""

    pkcs12: bytes
    certificate: bytes
    chain: tuple[bytes, ...]
    path: Path

    @property
    def serial(self) -> int:
        return x509.load_der_x509_certificate(self.certificate).serial_number


class DevelopmentPki:
    """Makes itself in ``directory`` at first use and is the same PKI at every later one, after crashes too."""

    def __init__(self, directory: Path, clock: Clock, *, choose_port: Callable[[], int] = free_port) -> None:
        """``choose_port`` is asked once, at the making. Raises ``signing.devpki_damaged``."""
        self.directory = directory
        self.clock = clock
        with locked(directory):
            self.authority: Authority = load_or_create(directory, clock.now(), choose_port)
        self.register = Register(directory)

    @property
    def port(self) -> int:
        return self.authority.port

    @property
    def urls(self) -> Urls:
        return self.authority.urls

    @property
    def tsa_url(self) -> str:
        return self.urls.tsa

    @property
    def root(self) -> bytes:
        """DER."""
        return self.authority.root.der

    @property
    def chain(self) -> tuple[bytes, ...]:
        """DER of the intermediate certificates."""
        return (self.authority.issuing.der,)

    @property
    def anchor(self) -> TrustAnchor:
        return TrustAnchor(f"development {self.authority.identity}", self.root, development=True)

    def trust(self) -> TrustStore:
        """Trust in this PKI alone; ``require_production`` refuses it."""
        return TrustStore([self.anchor], self.chain)

    def issue(self, holder: Holder, password: str, profile: Profile = Profile()) -> IssuedKey:  # noqa: B008
        """The person's key: made at the first call, the same one ever after (the first password stays).

        Raises ``signing.bad_fin``, ``signing.devpki_other_holder`` when the FİN belongs to another name already."""
        if not _FIN.fullmatch(holder.fin):
            raise SigningError("signing.bad_fin")
        subject = person_name(holder, include_fin=profile.include_fin)
        return self._issue(self._key_path("people", holder.fin, profile.label), subject, password, profile)

    def issue_seal(self, voen: str, organisation: str, password: str, profile: Profile = Profile()) -> IssuedKey:  # noqa: B008
        """The organisation's seal key, on the same terms. ``voen``: 10 digits, else ``signing.bad_voen``."""
        if not _VOEN.fullmatch(voen):
            raise SigningError("signing.bad_voen")
        subject = seal_name(voen, organisation)
        return self._issue(self._key_path("seals", voen, profile.label), subject, password, profile)

    def key(self, fin: str, label: str = "") -> IssuedKey:
        """A person's key issued before. Raises ``signing.devpki_unknown_holder``."""
        if not _FIN.fullmatch(fin):
            raise SigningError("signing.bad_fin")
        found = self._stored(self._key_path("people", fin, label))
        if found is None:
            raise SigningError("signing.devpki_unknown_holder")
        return found

    def revoke(self, fin: str, at: datetime, reason: Reason = Reason.KEY_COMPROMISE, *, label: str = "") -> None:
        """Revokes a person's certificate from ``at`` on; the running server says so at its next answer."""
        self.revoke_certificate(self.key(fin, label).certificate, at, reason)

    def revoke_certificate(self, certificate: bytes, at: datetime, reason: Reason = Reason.KEY_COMPROMISE) -> None:
        """``certificate``: DER. Raises ``signing.devpki_unknown_holder`` for one that this PKI did not issue."""
        serial = x509.load_der_x509_certificate(certificate).serial_number
        if not self.register.issued(serial):
            raise SigningError("signing.devpki_unknown_holder")
        self.register.revoke(Revocation(serial, at, reason))

    def _key_path(self, kind: str, identifier: str, label: str) -> Path:
        if not _LABEL.fullmatch(label):
            raise ValueError("a label is made of a-z, 0-9 and hyphen")
        return self.directory / kind / (f"{identifier}.{label}.p12" if label else f"{identifier}.p12")

    def _stored(self, path: Path) -> IssuedKey | None:
        if not path.exists():
            return None
        return IssuedKey(path.read_bytes(), path.with_suffix(".der").read_bytes(), self.chain, path)

    def _issue(self, path: Path, subject: x509.Name, password: str, profile: Profile) -> IssuedKey:
        with locked(self.directory):
            stored = self._stored(path)
            if stored is None:
                return self._make(path, subject, password, profile)
        if x509.load_der_x509_certificate(stored.certificate).subject != subject:
            raise SigningError("signing.devpki_other_holder")
        return stored

    def _make(self, path: Path, subject: x509.Name, password: str, profile: Profile) -> IssuedKey:
        start = profile.not_before or self.clock.now().replace(microsecond=0) - timedelta(days=1)
        key = new_key(profile.key_type)
        request = Request(subject, key.public_key(), start, profile.not_after or start + _VALIDITY, SIGNER_USAGE)
        certificate = build(request, self.authority.signer, self.urls)
        der = certificate.public_bytes(Encoding.DER)
        package = pkcs12.serialize_key_and_certificates(
            path.stem.encode(),
            key,
            certificate,
            [self.authority.issuing.certificate],
            BestAvailableEncryption(password.encode()),
        )
        self.register.add(certificate.serial_number, der)
        write_atomic(path.with_suffix(".der"), der)
        write_atomic(path, package)
        return IssuedKey(package, der, self.chain, path)
