"""Algorithms as Web eID names them: JSON Web Algorithms in authentication tokens, triples in signing.

A card gives an ECDSA signature as r‖s (RFC 7518 §3.4); libraries want it in DER (RFC 3279 §2.2.3).
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from signing.api import SigningError
from signing.keys.algorithms import HASHES, split_algorithm

_JWA_DIGESTS = {"256": "sha256", "384": "sha384", "512": "sha512"}
_JWA_CURVES = {"256": "secp256r1", "384": "secp384r1", "512": "secp521r1"}
_SMALLEST_RSA = 2048
_HASH_FUNCTIONS = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


@dataclass(frozen=True, slots=True)
class CardAlgorithm:
    """A ``SignatureAlgorithm`` of web-eid.js: "ECC"/"RSA", "SHA-256" …, "NONE"/"PKCS1.5"/"PSS"."""

    crypto: str
    hash_function: str
    padding: str

    @classmethod
    def of(cls, algorithm: str) -> CardAlgorithm:
        """What e.g. "sha384_ecdsa" is called there. Raises ``signing.unsupported_algorithm``."""
        digest, kind = split_algorithm(algorithm)
        if kind == "ecdsa":
            return cls("ECC", _HASH_FUNCTIONS[digest], "NONE")
        return cls("RSA", _HASH_FUNCTIONS[digest], "PKCS1.5")

    def __str__(self) -> str:
        return f"{self.crypto}/{self.hash_function}/{self.padding}"


def supported(algorithm: str, offered: str) -> CardAlgorithm:
    """The card's way of signing by ``algorithm``, when it is among ``offered``: its supportedSignatureAlgorithms as
    "ECC/SHA-256/NONE", separated by spaces.

    Raises ``signing.web_eid_card_algorithm`` (algorithm)."""
    wanted = CardAlgorithm.of(algorithm)
    if str(wanted) not in offered.split():
        raise SigningError("signing.web_eid_card_algorithm", algorithm=str(wanted))
    return wanted


def _der(raw: bytes, public: ec.EllipticCurvePublicKey) -> bytes:
    """r‖s of exactly the curve's length as DER; raises ``InvalidSignature`` for any other length."""
    half = (public.key_size + 7) // 8
    if len(raw) != 2 * half:
        raise InvalidSignature
    return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))


def jwa_digest(algorithm: str) -> hashes.HashAlgorithm:
    """The hash of e.g. "ES384". Raises ``signing.web_eid_algorithm``."""
    if algorithm[:2] not in ("ES", "PS", "RS") or algorithm[2:] not in _JWA_DIGESTS:
        raise SigningError("signing.web_eid_algorithm", algorithm=algorithm[:20])
    return HASHES[_JWA_DIGESTS[algorithm[2:]]]


def jwa_verifies(public: object, signature: bytes, data: bytes, algorithm: str) -> bool:
    """Whether ``public`` (a key of ``cryptography``) made ``signature`` over ``data`` (RFC 7518 §§3.3–3.5).

    The algorithm must be the one of the key: ES256 with P-256 and so on, PS/RS with RSA of at least 2048 bits; else
    ``signing.web_eid_algorithm``."""
    digest = jwa_digest(algorithm)
    try:
        if isinstance(public, ec.EllipticCurvePublicKey) and _fits_curve(public, algorithm):
            public.verify(_der(signature, public), data, ec.ECDSA(digest))
        elif isinstance(public, rsa.RSAPublicKey) and algorithm[0] in "PR" and public.key_size >= _SMALLEST_RSA:
            public.verify(signature, data, _padding(algorithm, digest), digest)
        else:
            raise SigningError("signing.web_eid_algorithm", algorithm=algorithm)
    except InvalidSignature:
        return False
    return True


def _fits_curve(public: ec.EllipticCurvePublicKey, algorithm: str) -> bool:
    return algorithm.startswith("ES") and public.curve.name == _JWA_CURVES[algorithm[2:]]


def _padding(algorithm: str, digest: hashes.HashAlgorithm) -> padding.AsymmetricPadding:
    """RSASSA-PSS as RFC 7518 §3.5 fixes it: the same hash for MGF1, salt as long as the hash."""
    if algorithm.startswith("PS"):
        return padding.PSS(padding.MGF1(digest), digest.digest_size)
    return padding.PKCS1v15()
