"""Certificates that descend from an anchor by verified signatures: the only ones a path may be built from.

A file may bring any number of certificates, made to keep a path builder busy for ever (it matches names first and
verifies signatures last). Those that no trusted authority issued are left out before it begins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress

from asn1crypto import x509
from pyhanko_certvalidator.registry import CertificateRegistry

from signing.validate_pins import issued
from signing.validate_structure import FAULTS

MAX_CERTIFICATES = 5_000


class Authorities:
    """Grows from ``anchors`` as certificates are learned. ``registry`` holds what descends from them."""

    def __init__(self, anchors: Iterable[x509.Certificate]) -> None:
        self.registry = CertificateRegistry.build(())
        self.responders: list[x509.Certificate] = []
        self._by_name: dict[str, list[x509.Certificate]] = defaultdict(list)
        self._waiting: dict[str, list[x509.Certificate]] = defaultdict(list)
        self._seen: set[bytes] = set()
        self._descended: set[bytes] = set()
        for anchor in anchors:
            self._by_name[anchor.subject.hashable].append(anchor)

    def learn(self, certificates: Iterable[x509.Certificate]) -> None:
        """Takes in certificates in any order. Beyond ``MAX_CERTIFICATES`` they are left out, and so are broken ones."""
        fresh: list[x509.Certificate] = []
        for certificate in certificates:
            with suppress(*FAULTS):
                if certificate.sha256 not in self._seen and len(self._seen) < MAX_CERTIFICATES:
                    self._seen.add(certificate.sha256)
                    fresh.append(certificate)
        while fresh:
            certificate = fresh.pop()
            with suppress(*FAULTS):
                fresh += self._place(certificate)

    def descends(self, certificate: x509.Certificate) -> bool:
        return certificate.sha256 in self._descended

    def _place(self, certificate: x509.Certificate) -> list[x509.Certificate]:
        """Files one certificate; gives those that waited for it."""
        name = certificate.issuer.hashable
        if not any(issued(certificate.dump(), issuer.dump()) for issuer in self._by_name[name]):
            self._waiting[name].append(certificate)
            return []
        self.registry.register(certificate)
        self._descended.add(certificate.sha256)
        usage = certificate.extended_key_usage_value
        if usage is not None and "ocsp_signing" in usage.native:
            self.responders.append(certificate)
        if not certificate.ca:
            return []
        self._by_name[certificate.subject.hashable].append(certificate)
        return self._waiting.pop(certificate.subject.hashable, [])
