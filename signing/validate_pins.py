"""Certificates of a container that are proven: by an issuer's signature, or by being an anchor byte for byte."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from signing.validate_cms import CertificateParts, ContainerError

MAX_ISSUERS = 20
_USUAL_SIZE = 4096


class CertificatePins:
    """Judges certificates against all that are known: anchors, those in the file, the container's own.

    What is proven is kept, for one intermediate certificate comes with every signature."""

    def __init__(self, anchors: Iterable[bytes], known: Iterable[bytes]) -> None:
        self._anchors = frozenset(anchors)
        self._by_subject: dict[bytes, set[bytes]] = defaultdict(set)
        self._proven: set[bytes] = set()
        for certificate in (*self._anchors, *known):
            self._learn(certificate)

    def proven(self, certificate: bytes, beside: Iterable[bytes] = ()) -> bool:
        """Whether every byte of ``certificate`` is under a signature of its issuer (RFC 5280, 4.1.1.3) found among
        the known or ``beside``, or it is an anchor."""
        if certificate in self._anchors:
            return True
        key = hashlib.sha256(certificate).digest()
        if key not in self._proven and self._check(certificate, tuple(beside)):
            self._proven.add(key)
        return key in self._proven

    def _learn(self, certificate: bytes) -> None:
        try:
            self._by_subject[CertificateParts.of(certificate).subject].add(certificate)
        except ContainerError:
            return

    def _check(self, certificate: bytes, beside: tuple[bytes, ...]) -> bool:
        try:
            parts = CertificateParts.of(certificate)
            neighbours = [c for c in beside if CertificateParts.of(c).subject == parts.issuer]
        except ContainerError:
            return False
        candidates = [*self._by_subject.get(parts.issuer, ()), *neighbours]
        return any(issued(certificate, issuer) for issuer in candidates[:MAX_ISSUERS])


def issued(certificate: bytes, issuer: bytes) -> bool:
    """Whether ``certificate`` bears a signature that verifies with the key of ``issuer``, who has its issuer's name.
    The same issuers come with every signer: what was found of certificates of usual size is remembered."""
    usual = max(len(certificate), len(issuer)) <= _USUAL_SIZE
    return _issued_once(certificate, issuer) if usual else _issued(certificate, issuer)


def _issued(certificate: bytes, issuer: bytes) -> bool:
    try:
        subject = x509.load_der_x509_certificate(certificate)
        subject.verify_directly_issued_by(x509.load_der_x509_certificate(issuer))
    except (InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion, ValueError, TypeError, OverflowError):
        return False
    return True


_issued_once = lru_cache(maxsize=512)(_issued)
