"""Names of signature algorithms shared by the kinds of keys (asn1crypto's spelling)."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from signing.api import SigningError

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_KINDS = frozenset({"ecdsa", "rsa"})


def split_algorithm(algorithm: str) -> tuple[str, str]:
    """("sha256", "ecdsa") of "sha256_ecdsa"; raises ``signing.unsupported_algorithm``."""
    digest, _, kind = algorithm.partition("_")
    if digest not in HASHES or kind not in _KINDS:
        raise SigningError("signing.unsupported_algorithm", algorithm=algorithm)
    return digest, kind


def verifies(public: object, signature: bytes, data: bytes, algorithm: str) -> bool:
    """Whether ``public`` (a key of ``cryptography``) accepts ``signature`` (ECDSA in DER, RSA PKCS#1 v1.5)."""
    digest, kind = split_algorithm(algorithm)
    try:
        if isinstance(public, ec.EllipticCurvePublicKey) and kind == "ecdsa":
            public.verify(signature, data, ec.ECDSA(HASHES[digest]))
            return True
        if isinstance(public, rsa.RSAPublicKey) and kind == "rsa":
            public.verify(signature, data, padding.PKCS1v15(), HASHES[digest])
            return True
    except InvalidSignature:
        return False
    return False
