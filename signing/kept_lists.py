"""Revocation lists about authorities, which are the same for everybody who signs in the same minutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from asn1crypto import crl, x509

_KEPT = timedelta(minutes=5)
_MOST = 64


class KeptLists:
    """Lists that helped to find a path good, for five minutes and never beyond their nextUpdate, until which a list may
    be relied on (RFC 5280 §5.1.2.5). Nothing is kept about the certificates of persons and organisations."""

    def __init__(self) -> None:
        self._lists: dict[bytes, tuple[datetime, tuple[crl.CertificateList, ...]]] = {}

    def of(self, certificate: x509.Certificate, at: datetime) -> tuple[crl.CertificateList, ...]:
        """Of the authority's issuer; empty when there are none that may be used at ``at``."""
        read_at, lists = self._lists.get(certificate.sha256, (at, ()))
        ends = [read_at + _KEPT, *(end for end in map(_next_update, lists) if end is not None)]
        return lists if read_at <= at < min(ends) else ()

    def keep(
        self,
        pairs: Iterable[tuple[x509.Certificate, x509.Certificate]],
        lists: Iterable[crl.CertificateList],
        at: datetime,
    ) -> None:
        """Of ``pairs`` (certificate and issuer) the authorities' lists, unless they are here already."""
        by_issuer = {found.issuer.hashable: found for found in lists}
        for certificate, issuer in pairs:
            found = by_issuer.get(issuer.subject.hashable) if certificate.ca else None
            if found is not None and not self.of(certificate, at):
                kept = self._lists if len(self._lists) < _MOST else {}
                self._lists = {**kept, certificate.sha256: (at, (found,))}


def _next_update(found: crl.CertificateList) -> datetime | None:
    end: datetime | None = found["tbs_cert_list"]["next_update"].native
    return end
