"""PKCS#12 (RFC 7292): parsed once, the key handle kept, because parsing costs more than signing."""

from __future__ import annotations

from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs12

from signing.api import SigningError
from signing.keys.algorithms import HASHES, split_algorithm

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_RSA_MINIMUM = 2048


class Pkcs12Key:
    """A ``SigningKey`` from a file. RSA signs by PKCS#1 v1.5, elliptic curves by ECDSA (DER)."""

    def __init__(self, key: PrivateKey, certificate: x509.Certificate, others: tuple[x509.Certificate, ...]) -> None:
        self._key: PrivateKey | None = key
        self._certificate = certificate.public_bytes(Encoding.DER)
        self._chain = tuple(other.public_bytes(Encoding.DER) for other in others)

    @classmethod
    def load(cls, data: bytes, password: str) -> Self:
        """Raises ``signing.wrong_pin`` (also when the protected part is damaged: its check sum cannot tell the two
        apart), ``signing.bad_key_file``, ``signing.no_key``, ``signing.no_certificate``,
        ``signing.key_mismatch``, ``signing.unsupported_key``."""
        try:
            store = pkcs12.load_pkcs12(data, password.encode())
        except (ValueError, TypeError) as error:
            wrong = "password" in str(error).lower()
            raise SigningError("signing.wrong_pin" if wrong else "signing.bad_key_file") from error
        if store.key is None:
            raise SigningError("signing.no_key")
        key = _supported(store.key)
        found = [item.certificate for item in (store.cert, *store.additional_certs) if item is not None]
        if not found:
            raise SigningError("signing.no_certificate")
        public = _public(key.public_key())
        own = [certificate for certificate in found if _public_of(certificate) == public]
        if not own:
            raise SigningError("signing.key_mismatch")
        others = tuple(certificate for certificate in found if certificate not in own and not _is_root(certificate))
        return cls(key, own[0], others)

    @property
    def certificate(self) -> bytes:
        return self._certificate

    @property
    def chain(self) -> tuple[bytes, ...]:
        return self._chain

    def sign(self, data: bytes, algorithm: str) -> bytes:
        """Raises ``signing.unsupported_algorithm``, ``signing.key_closed``."""
        digest, kind = split_algorithm(algorithm)
        if self._key is None:
            raise SigningError("signing.key_closed")
        if isinstance(self._key, ec.EllipticCurvePrivateKey) and kind == "ecdsa":
            return self._key.sign(data, ec.ECDSA(HASHES[digest]))
        if isinstance(self._key, rsa.RSAPrivateKey) and kind == "rsa":
            return self._key.sign(data, padding.PKCS1v15(), HASHES[digest])
        raise SigningError("signing.unsupported_algorithm", algorithm=algorithm)

    def close(self) -> None:
        """Lets the key go."""
        self._key = None


def _supported(key: object) -> PrivateKey:
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in {"secp256r1", "secp384r1", "secp521r1"}:
        return key
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _RSA_MINIMUM:
        return key
    name = key.curve.name if isinstance(key, ec.EllipticCurvePrivateKey) else type(key).__name__.strip("_")
    raise SigningError("signing.unsupported_key", algorithm=name, bits=int(getattr(key, "key_size", 0)))


def _public(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _public_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _is_root(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject
