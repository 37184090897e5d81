"""What a file says about certificates: the document security store (ISO 32000-2, 12.8.4.3) and the containers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from asn1crypto import cms, crl, ocsp, x509
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from signing.api import SigningError
from signing.validate_history import HistoryReader
from signing.validate_objects import entry, key_of
from signing.validate_structure import FAULTS

ONLINE = 1_000_000
"""Revision number of evidence that is not in the file: later than any."""


class RevocationFetcher(Protocol):
    """Where revocation data come from when the file has none."""

    def fetch(self, certificate: bytes, issuer: bytes) -> tuple[Sequence[bytes], Sequence[bytes]]:
        """DER of OCSP responses and of CRLs about ``certificate``, both empty when none can be had. Never raises for
        an unreachable service."""
        ...


@dataclass(frozen=True)
class Item:
    """One OCSP answer or CRL. ``revision``: where it came into the file."""

    value: OCSPContainer | CRLContainer
    revision: int

    @property
    def issued(self) -> datetime | None:
        return self.value.issuance_date


class Evidence:
    """Certificates, OCSP answers and CRLs of one file, found by the certificate they speak of."""

    def __init__(self) -> None:
        self.certificates: list[x509.Certificate] = []
        self.unusable = 0
        self._ocsps: dict[int, list[Item]] = defaultdict(list)
        self._crls: dict[str, list[Item]] = defaultdict(list)

    def add_certificate(self, data: bytes) -> None:
        certificate = x509.Certificate.load(data, strict=True)
        _ = certificate.issuer_serial, certificate.subject.hashable, certificate.public_key.sha1
        self.certificates.append(certificate)

    def add_ocsp(self, data: bytes, revision: int) -> None:
        """Keeps every single answer of the response by its serial number."""
        for container in OCSPContainer.load_multi(ocsp.OCSPResponse.load(data, strict=True)):
            answer = container.extract_single_response()
            if answer is not None and container.issuance_date is not None:
                self._ocsps[answer["cert_id"]["serial_number"].native].append(Item(container, revision))

    def add_crl(self, data: bytes, revision: int) -> None:
        container = CRLContainer(crl.CertificateList.load(data, strict=True))
        if container.issuance_date is not None:
            self._crls[container.crl_data.issuer.hashable].append(Item(container, revision))

    def about(self, certificate: x509.Certificate) -> tuple[list[Item], list[Item]]:
        """OCSP answers and CRLs that may speak of ``certificate``."""
        return self._ocsps.get(certificate.serial_number, []), self._crls.get(certificate.issuer.hashable, [])

    def read_store(self, reader: HistoryReader) -> None:
        """Takes in /DSS. What cannot be parsed proves nothing and is left out, and counted. Raises
        ``signing.decode_limit``."""
        store = entry(reader.root, "/DSS")
        if not isinstance(store, generic.DictionaryObject):
            return
        for data, _ in self._streams(reader, store, "/Certs", DecodePurpose.CERTIFICATE):
            self._attempt(partial(self.add_certificate, data))
        for data, revision in self._streams(reader, store, "/OCSPs", DecodePurpose.OCSP_RESPONSE):
            self._attempt(partial(self.add_ocsp, data, revision))
        for data, revision in self._streams(reader, store, "/CRLs", DecodePurpose.CRL):
            self._attempt(partial(self.add_crl, data, revision))

    def read_signed_attribute(self, signed: cms.CMSAttributes, revision: int) -> None:
        """Takes in revocation data that the signer signed (adbe-revocationInfoArchival, ISO 32000-2, 12.8.3.3.2)."""
        self._attempt(partial(self._read_attributes, signed, revision))

    def _read_attributes(self, signed: cms.CMSAttributes, revision: int) -> None:
        for attribute in signed:
            if attribute["type"].native == "adobe_revocation_info_archival":
                for value in attribute["values"]:
                    for answer in value["ocsp"] or ():
                        self.add_ocsp(answer.dump(), revision)
                    for listed in value["crl"] or ():
                        self.add_crl(listed.dump(), revision)

    def _attempt(self, take: Callable[[], None]) -> None:
        try:
            take()
        except FAULTS:
            self.unusable += 1

    def _streams(
        self, reader: HistoryReader, store: generic.DictionaryObject, key: str, purpose: DecodePurpose
    ) -> Iterator[tuple[bytes, int]]:
        listed = entry(store, key)
        if not isinstance(listed, generic.ArrayObject):
            return
        for place in range(len(listed)):
            raw = listed.raw_get(place)
            try:
                stream = raw.get_object()
                data = stream.read_data(purpose) if isinstance(stream, generic.StreamObject) else b""
            except misc.PdfDecodeLimitError as fault:
                raise SigningError("signing.decode_limit", limit="stream") from fault
            except FAULTS:
                self.unusable += 1
                continue
            last = reader.xrefs.total_revisions - 1
            written = reader.version_number(key_of(raw), last) if isinstance(raw, generic.IndirectObject) else last
            yield data, written


def der_of(certificates: Iterable[x509.Certificate]) -> list[bytes]:
    return [certificate.dump() for certificate in certificates]
