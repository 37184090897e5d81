"""A certification centre and time-stamping authority that we did not write: certomancer over a configuration of ours.

It stands where an accredited national provider stands in production. Nothing in its certificates marks them as the
development PKI's, so that production settings really run against it; its names say that it is a stand-in.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from tools.servers.process import Process, free_port

PIN = "1234"
_ARCH = "provider"
_ROLES = ("root", "issuing", "ocsp", "tsa")
_CENTRE = "Sınaq Sertifikat Xidmətləri Mərkəzi"
_SERVER = Path(__file__).with_name("provider_server.py")


@dataclass(frozen=True, slots=True)
class Subject:
    """A person who gets a certificate: the FİN is the subject's serialNumber, as the national centres write it."""

    fin: str
    surname: str
    given: str
    common_name: str
    organisation: str = ""


class Provider:
    """Made in ``place`` at the first start and the same ever after; OCSP, CRL and TSA answer on one loopback port."""

    def __init__(self, place: Path, people: Sequence[Subject], centre: str = _CENTRE) -> None:
        """``centre``: its name in its certificates; two that are trusted together have names of their own."""
        self.place = place
        self._centre = centre
        self._people = people
        state = place / "port.json"
        place.mkdir(parents=True, exist_ok=True)
        if not state.exists():
            _make_keys(place / "keys", [*_ROLES, *(person.fin for person in people)])
            state.write_text(json.dumps(free_port()), encoding="utf-8")
        self.port: int = json.loads(state.read_text(encoding="utf-8"))
        (place / "provider.yml").write_text(yaml.safe_dump(self._config(), allow_unicode=True), encoding="utf-8")
        self._process = Process(
            "provider", [sys.executable, str(_SERVER), str(place), str(self.port)], self._answers,
            log=place / "provider.log",
        )  # fmt: skip

    @property
    def tsa_url(self) -> str:
        return f"{self._base}/{_ARCH}/tsa/tsa"

    @property
    def trust_dir(self) -> Path:
        return self.place / "trust"

    def key_file(self, fin: str) -> Path:
        """The person's PKCS#12, opened by ``PIN``."""
        return self.place / "people" / f"{fin}.p12"

    def start(self) -> Provider:
        self._process.start()
        self._keep_certificates()
        self._write_trust()
        self._write_people()
        return self

    def stop(self) -> None:
        self._process.stop()

    def kill(self) -> None:
        self._process.kill()

    @property
    def _base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _answers(self) -> bool:
        return bool(self._certificate("root"))

    def _certificate(self, label: str) -> bytes:
        url = f"{self._base}/{_ARCH}/certs/{'root' if label in ('root', 'issuing') else 'issuing'}/issued/{label}.crt"
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bytes(answer.read())

    def _keep_certificates(self) -> None:
        """So that the next start serves these and does not sign them anew."""
        (self.place / "certs").mkdir(exist_ok=True)
        for label in self._labels:
            path = self._kept(label)
            if not path.exists():
                path.write_bytes(_load(self._certificate(label)).public_bytes(Encoding.DER))

    def _kept(self, label: str) -> Path:
        return self.place / "certs" / f"{label}.crt"

    @property
    def _labels(self) -> list[str]:
        return [*_ROLES, *(person.fin for person in self._people)]

    def _write_trust(self) -> None:
        self.trust_dir.mkdir(exist_ok=True)
        for name in ("root", "issuing"):
            certificate = _load(self._certificate(name))
            (self.trust_dir / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        (self.trust_dir / "trust.toml").write_text(_TRUST, encoding="utf-8")

    def _write_people(self) -> None:
        (self.place / "people").mkdir(exist_ok=True)
        issuing = _load(self._certificate("issuing"))
        for person in self._people:
            path = self.key_file(person.fin)
            if path.exists():
                continue
            key = load_pem_private_key((self.place / "keys" / f"{person.fin}.pem").read_bytes(), None)
            assert isinstance(key, ec.EllipticCurvePrivateKey)
            package = pkcs12.serialize_key_and_certificates(
                person.fin.encode(), key, _load(self._certificate(person.fin)), [issuing],
                BestAvailableEncryption(PIN.encode()),
            )  # fmt: skip
            path.write_bytes(package)

    def _config(self) -> dict[str, Any]:
        kept = {label: self._kept(label) for label in self._labels if self._kept(label).exists()}
        certificates = {
            label: {
                **spec,
                "certificate-file": str(kept[label]),
                "serial": _load(kept[label].read_bytes()).serial_number,
            }
            if label in kept
            else spec
            for label, spec in self._certificates().items()
        }
        architecture = {
            "keyset": _ARCH,
            "entity-defaults": {"country-name": "AZ"},
            "entities": self._entities(),
            "certs": certificates,
            "services": {
                "ocsp": {
                    "ocsp": {
                        "for-issuer": "issuing", "responder-cert": "ocsp", "signing-key": "ocsp",
                        "issuer-cert": "issuing",
                    }
                },
                "crl-repo": {
                    "root": {
                        "for-issuer": "root", "signing-key": "root", "simulated-update-schedule": "P30D",
                        "issuer-cert": "root",
                    },
                    "issuing": {
                        "for-issuer": "issuing", "signing-key": "issuing", "simulated-update-schedule": "P1D",
                        "issuer-cert": "issuing",
                    },
                },
                "cert-repo": {
                    "root": {"for-issuer": "root", "publish-issued-certs": True},
                    "issuing": {"for-issuer": "issuing", "publish-issued-certs": True},
                },
                "time-stamping": {"tsa": {"signing-key": "tsa", "signing-cert": "tsa"}},
            },
        }  # fmt: skip
        keys = {label: {"path": f"{label}.pem"} for label in self._labels}
        return {
            "external-url-prefix": self._base,
            "keysets": {_ARCH: {"path-prefix": "", "keys": keys}},
            "pki-architectures": {_ARCH: architecture},
        }

    def _entities(self) -> dict[str, Mapping[str, str]]:
        centre = self._centre
        named = {"root": "Kök SXM", "issuing": "Verən SXM", "ocsp": "OCSP cavablayıcısı", "tsa": "Vaxt göstəricisi"}
        entities: dict[str, Mapping[str, str]] = {
            label: {"organization-name": centre, "common-name": f"Sınaq {name}"} for label, name in named.items()
        }
        for person in self._people:
            organisation = {"organization-name": person.organisation} if person.organisation else {}
            entities[person.fin] = {
                "common-name": person.common_name,
                "surname": person.surname,
                "given-name": person.given,
                "serial-number": person.fin,
                **organisation,
            }
        return entities

    def _certificates(self) -> dict[str, Any]:
        start = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=2)
        created = self.place / "since.txt"
        if not created.exists():
            created.write_text(start.isoformat(), encoding="utf-8")
        start = datetime.fromisoformat(created.read_text(encoding="utf-8"))
        span = {"valid-from": start.isoformat(), "valid-to": (start + timedelta(days=3650)).isoformat()}
        people = {person.fin: _person(person.fin, span) for person in self._people}
        return {
            "root": {
                "subject": "root", "issuer": "root", "validity": span,
                "profiles": [{"id": "simple-ca", "params": {}}],
            },
            "issuing": {
                "subject": "issuing", "issuer": "root", "authority-key": "root", "subject-key": "issuing",
                "validity": span,
                "profiles": [{"id": "simple-ca", "params": {"max-path-len": 0}}],
                "extensions": [_revocation_list("root")],
            },
            "ocsp": {
                "subject": "ocsp", "issuer": "issuing", "authority-key": "issuing", "subject-key": "ocsp",
                "validity": span, "profiles": ["ocsp-responder"],
            },
            "tsa": {
                "subject": "tsa", "issuer": "issuing", "authority-key": "issuing", "subject-key": "tsa",
                "validity": span,
                "extensions": [
                    {"id": "key_usage", "critical": True, "smart-value": _smart("key-usage", ["digital_signature"])},
                    {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]},
                    *_addresses(),
                ],
            },
            **people,
        }  # fmt: skip


_TRUST = """\
[[anchor]]
label = "Sınaq Sertifikat Xidmətləri Mərkəzi"
file = "root.pem"
source = "production demonstration"

[[intermediate]]
file = "issuing.pem"
"""


def _smart(schema: str, params: Any) -> dict[str, Any]:
    return {"schema": schema, "params": params}


def _revocation_list(repo: str) -> dict[str, Any]:
    return {"id": "crl_distribution_points", "smart-value": _smart("crl-dist-url", {"crl-repo-names": [repo]})}


def _addresses() -> list[dict[str, Any]]:
    aia = {"ocsp-responder-names": ["ocsp"], "ca-issuer-links": [{"repo": "root", "cert-labels": ["issuing"]}]}
    return [
        _revocation_list("issuing"),
        {"id": "authority_information_access", "smart-value": _smart("aia-urls", aia)},
    ]


def _person(fin: str, span: Mapping[str, str]) -> dict[str, Any]:
    usage = ["digital_signature", "non_repudiation"]
    return {
        "subject": fin, "issuer": "issuing", "authority-key": "issuing", "subject-key": fin, "validity": span,
        "extensions": [
            {"id": "key_usage", "critical": True, "smart-value": _smart("key-usage", usage)},
            *_addresses(),
        ],
    }  # fmt: skip


def _make_keys(place: Path, labels: Sequence[str]) -> None:
    place.mkdir(exist_ok=True)
    for label in labels:
        curve = ec.SECP384R1() if label in ("root", "issuing") else ec.SECP256R1()
        pem = ec.generate_private_key(curve).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (place / f"{label}.pem").write_bytes(pem)


def _load(data: bytes) -> x509.Certificate:
    if data.startswith(b"-----"):
        return x509.load_pem_x509_certificate(data)
    return x509.load_der_x509_certificate(data)
