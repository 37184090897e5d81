"""The keys and people of the stand-in CSC service. Nothing here is secure; it is for tests and trying out."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

HASHES = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
_BY_ALGORITHM = {
    "1.2.840.10045.4.3.2": "2.16.840.1.101.3.4.2.1",
    "1.2.840.10045.4.3.3": "2.16.840.1.101.3.4.2.2",
    "1.2.840.10045.4.3.4": "2.16.840.1.101.3.4.2.3",
    "1.2.840.113549.1.1.11": "2.16.840.1.101.3.4.2.1",
}


@dataclass(frozen=True)
class Credential:
    """A key of one user. ``mode``: "explicit", "oauth2code" or, in version 1.0.4, "implicit". ``factors``: PIN and OTP
    as wanted, "phone" for a confirmation that takes some polls. ``scal``: "1" or "2"."""

    id: str
    user: str
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificates: tuple[bytes, ...]
    mode: str = "oauth2code"
    scal: str = "2"
    multisign: int = 200
    pin: str = "12345678"
    factors: tuple[str, ...] = ("PIN",)
    status: str = "enabled"

    @property
    def algorithms(self) -> list[str]:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return ["1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1"]
        return ["1.2.840.10045.4.3.2" if self.key.curve.key_size == 256 else "1.2.840.10045.4.3.3"]

    def sign(self, digest: bytes, sign_algorithm: str, hash_algorithm: str | None, *, raw_pair: bool) -> bytes:
        """``raw_pair``: r and s side by side, as some services give them."""
        name = _BY_ALGORITHM.get(sign_algorithm, hash_algorithm or "")
        chosen = utils.Prehashed(HASHES[name])
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(digest, padding.PKCS1v15(), chosen)
        der = self.key.sign(digest, ec.ECDSA(chosen))
        if not raw_pair:
            return der
        r, s = utils.decode_dss_signature(der)
        size = (self.key.curve.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def load(description: Mapping[str, Any]) -> Credential:
    """From the service's configuration: ``pkcs12`` names a file, ``password`` opens it."""
    fields = dict(description)
    package = Path(fields.pop("pkcs12")).read_bytes()
    key, certificate, others = pkcs12.load_key_and_certificates(package, fields.pop("password").encode())
    assert isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    assert certificate is not None
    chain = tuple(c.public_bytes(Encoding.DER) for c in (certificate, *others))
    fields["factors"] = tuple(fields.get("factors", ("PIN",)))
    return Credential(key=key, certificates=chain, **fields)


def stranger(like: Credential) -> Credential:
    """The same credential with another key, for wrong signatures."""
    fresh = ec.generate_private_key(ec.SECP256R1())
    return Credential(like.id, like.user, fresh, like.certificates, like.mode, like.scal, like.multisign, like.pin)


def describe(credential: Credential, version: int, certificates: tuple[bytes, ...]) -> dict[str, Any]:
    """Answer of credentials/info."""
    first = x509.load_der_x509_certificate(certificates[0])
    curve = isinstance(credential.key, ec.EllipticCurvePrivateKey)
    common: dict[str, Any] = {
        "key": {
            "status": credential.status,
            "algo": credential.algorithms,
            "len": credential.key.key_size,
            **({"curve": "1.2.840.10045.3.1.7"} if curve else {}),
        },
        "cert": {
            "status": "valid",
            "certificates": [base64.b64encode(c).decode() for c in certificates],
            "issuerDN": first.issuer.rfc4514_string(),
            "serialNumber": f"{first.serial_number:X}",
            "subjectDN": first.subject.rfc4514_string(),
            "validFrom": first.not_valid_before_utc.strftime("%Y%m%d%H%M%SZ"),
            "validTo": first.not_valid_after_utc.strftime("%Y%m%d%H%M%SZ"),
        },
        "SCAL": credential.scal,
        "multisign": credential.multisign,
        "lang": "az",
    }
    if version == 1:
        pin, otp = ("PIN" in credential.factors), ("OTP" in credential.factors)
        return {
            **common,
            "authMode": credential.mode,
            "PIN": {"presence": "true" if pin else "false", "format": "N", "label": "PIN"},
            "OTP": {"presence": "true" if otp else "false", "type": "online", "format": "N", "label": "SMS"},
        }
    auth: dict[str, Any] = {"mode": credential.mode}
    if credential.mode == "explicit":
        auth["expression"] = " AND ".join(credential.factors)
        auth["objects"] = [_factor(name) for name in credential.factors]
    return {**common, "auth": auth}


def _factor(name: str) -> dict[str, str]:
    return {
        "PIN": {"type": "Password", "id": "PIN", "format": "N", "label": "PIN"},
        "OTP": {"type": "ChallengeResponse", "id": "OTP", "format": "N", "label": "SMS"},
        "phone": {"type": "ChallengeResponseOOB", "id": "phone", "label": "Telefon"},
    }[name]
