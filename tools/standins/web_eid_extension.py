"""STAND-IN for the Web eID browser extension, its application and a card: for tests and trials, never for real use.

It keeps to the messages and the checks that the Web eID project documents (web-eid.js, web-eid-app): the origin is the
page's own and not chosen by the page, a nonce has 44 to 128 characters, a hash fits its function, and the certificate
passed to ``sign`` must be the card's. ECDSA signatures come as r‖s, as from a real card.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

APP_VERSION = "https://web-eid.eu/web-eid-app/releases/2.0.0+0"
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "SHA-256": hashes.SHA256(),
    "SHA-384": hashes.SHA384(),
    "SHA-512": hashes.SHA512(),
}
_OF_CURVE = {256: "SHA-256", 384: "SHA-384", 521: "SHA-512"}
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class WebEidError(Exception):
    """As the library's errors: ``code`` is e.g. "ERR_WEBEID_USER_CANCELLED"."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class CardKey:
    """One key of the card with its certificate."""

    key: PrivateKey
    certificate: x509.Certificate

    @classmethod
    def from_pkcs12(cls, data: bytes, password: str) -> CardKey:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, password.encode())
        assert isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
        assert certificate is not None
        return cls(key, certificate)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def hash_function(self) -> str:
        return _OF_CURVE[self.key.key_size] if isinstance(self.key, ec.EllipticCurvePrivateKey) else "SHA-256"

    def sign_hash(self, digest: bytes, function: str, *, pss: bool = False) -> bytes:
        """The card's own answer: r‖s, or the RSA signature."""
        algorithm = _HASHES[function]
        if isinstance(self.key, rsa.RSAPrivateKey):
            scheme = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size) if pss else padding.PKCS1v15()
            return self.key.sign(digest, scheme, Prehashed(algorithm))
        r, s = decode_dss_signature(self.key.sign(digest, ec.ECDSA(Prehashed(algorithm))))
        half = (self.key.key_size + 7) // 8
        return r.to_bytes(half, "big") + s.to_bytes(half, "big")


@dataclass
class Extension:
    """What a page on ``origin`` reaches. ``cancels``: the person closes the window. ``pss``: the card does RSA by PSS
    alone. ``hash_functions``: what the card offers for signing."""

    origin: str
    authentication: CardKey
    signing: CardKey
    cancels: bool = False
    pss: bool = False
    hash_functions: tuple[str, ...] = ("SHA-256", "SHA-384", "SHA-512")
    pins_asked: int = field(default=0)

    def authenticate(self, nonce: str) -> dict[str, Any]:
        """``webeid.authenticate(challengeNonce)``."""
        if not self.origin.startswith("https://"):
            raise WebEidError("ERR_WEBEID_CONTEXT_INSECURE")
        if not 44 <= len(nonce) <= 128:
            raise WebEidError("ERR_WEBEID_NATIVE_INVALID_ARGUMENT")
        self._pin()
        key = self.authentication
        function = key.hash_function
        both = _digest(function, self.origin.encode()) + _digest(function, nonce.encode())
        signature = key.sign_hash(_digest(function, both), function, pss=self.pss)
        return {
            "unverifiedCertificate": _text(key.der),
            "algorithm": self._jwa(key),
            "signature": _text(signature),
            "format": "web-eid:1.0",
            "appVersion": APP_VERSION,
        }

    def get_signing_certificate(self) -> dict[str, Any]:
        """``webeid.getSigningCertificate()``."""
        if self.cancels:
            raise WebEidError("ERR_WEBEID_USER_CANCELLED")
        offered = [self._algorithm(function) for function in self.hash_functions]
        return {"certificate": _text(self.signing.der), "supportedSignatureAlgorithms": offered}

    def sign(self, certificate: str, digest: str, function: str) -> dict[str, Any]:
        """``webeid.sign(certificate, hash, hashFunction)``."""
        raw = base64.b64decode(digest, validate=True)
        if base64.b64decode(certificate, validate=True) != self.signing.der:
            raise WebEidError("ERR_WEBEID_NATIVE_INVALID_ARGUMENT")
        if function not in self.hash_functions or len(raw) != _HASHES[function].digest_size:
            raise WebEidError("ERR_WEBEID_NATIVE_INVALID_ARGUMENT")
        self._pin()
        signature = self.signing.sign_hash(raw, function, pss=self.pss)
        return {"signature": _text(signature), "signatureAlgorithm": self._algorithm(function)}

    def _pin(self) -> None:
        if self.cancels:
            raise WebEidError("ERR_WEBEID_USER_CANCELLED")
        self.pins_asked += 1

    def _jwa(self, key: CardKey) -> str:
        family = "ES" if isinstance(key.key, ec.EllipticCurvePrivateKey) else "PS" if self.pss else "RS"
        return family + key.hash_function[-3:]

    def _algorithm(self, function: str) -> dict[str, str]:
        if isinstance(self.signing.key, ec.EllipticCurvePrivateKey):
            return {"cryptoAlgorithm": "ECC", "hashFunction": function, "paddingScheme": "NONE"}
        return {"cryptoAlgorithm": "RSA", "hashFunction": function, "paddingScheme": "PSS" if self.pss else "PKCS1.5"}


def _digest(function: str, data: bytes) -> bytes:
    return hashlib.new(function.replace("-", "").lower(), data).digest()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
