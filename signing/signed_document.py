"""What a signed PDF holds: its signatures, the time stamps over them, and the validation material in its DSS.

Containers are cut out of the file by their byte range: pyHanko needs 15 ms to parse the digits of each one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import cms, core, crl, ocsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import CMSStructuralError, ValueErrorWithMessage, extract_certificate_info
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError

from signing.api import SigningError
from signing.cms_container import time_stamp_info
from signing.field_access import signature_dictionary, signature_fields
from signing.revision import DAMAGE, open_reader
from signing.tsa import BadTimeStampError, check_token


@dataclass(frozen=True, slots=True)
class Stamp:
    """A verified time-stamp token. ``time`` UTC; ``others``: the certificates it brings."""

    time: datetime
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature, or a document time stamp when ``document_stamp`` is set. ``end``: how many bytes of the file it
    covers or skips; a signature with a smaller ``end`` is older."""

    name: str
    end: int
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    stamp: Stamp | None = None
    document_stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """Certificates, OCSP responses and CRLs of a DSS (ETSI EN 319 142-1, 5.4.2)."""

    certificates: tuple[x509.Certificate, ...] = ()
    responses: tuple[ocsp.OCSPResponse, ...] = ()
    lists: tuple[crl.CertificateList, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """Everything signed in ``pdf``, oldest first."""

    pdf: bytes
    reader: PdfFileReader
    entries: tuple[Signed, ...]
    material: Material = field(default_factory=Material)

    @property
    def signatures(self) -> tuple[Signed, ...]:
        return tuple(entry for entry in self.entries if entry.document_stamp is None)

    def proven_time(self, entry: Signed) -> datetime | None:
        """The earliest time at which ``entry`` provably existed: its own time stamp or a later document time stamp."""
        later = (e.document_stamp.time for e in self.entries if e.document_stamp is not None and e.end > entry.end)
        own = () if entry.stamp is None else (entry.stamp.time,)
        return min((*own, *later), default=None)

    @classmethod
    def read(cls, pdf: bytes) -> SignedDocument:
        """Raises ``signing.unreadable_pdf``, ``signing.encrypted_pdf``, ``signing.broken_signature`` (a container
        that is not a CMS signature), ``signing.tsa_bad_token`` (a time stamp that does not verify)."""
        reader = open_reader(pdf)
        entries = sorted(_entries(pdf, reader), key=lambda entry: entry.end)
        return cls(pdf, reader, tuple(entries), _material(reader))


def _entries(pdf: bytes, reader: PdfFileReader) -> Iterator[Signed]:
    for entry in signature_fields(reader):
        if entry.value is None:
            continue
        try:
            dictionary = signature_dictionary(reader, entry.value)
            _, start, resume, rest = (int(v) for v in dictionary["/ByteRange"])
            container = bytes.fromhex(pdf[start + 1 : resume - 1].decode("ascii"))
            yield _entry(entry.name, pdf, (start, resume, resume + rest), container, str(dictionary["/SubFilter"]))
        except BadTimeStampError as error:
            raise SigningError("signing.tsa_bad_token", reason=str(error)) from error
        except (CMSStructuralError, ValueErrorWithMessage, *DAMAGE) as error:
            raise SigningError("signing.broken_signature", field=entry.name) from error


def _entry(name: str, pdf: bytes, bounds: tuple[int, int, int], container: bytes, subfilter: str) -> Signed:
    start, resume, end = bounds
    content = cms.ContentInfo.load(container)
    if subfilter == "/ETSI.RFC3161":

        def covered(algorithm: str) -> bytes:
            digest = hashlib.new(algorithm, memoryview(pdf)[:start])
            digest.update(memoryview(pdf)[resume:end])
            return digest.digest()

        stamp = _stamp(content.dump(), covered)
        return Signed(name, end, stamp.certificate, stamp.others, document_stamp=stamp)
    info = extract_certificate_info(content["content"])
    signer = content["content"]["signer_infos"][0]
    value = signer["signature"].native
    token = next(_signature_stamps(signer), None)
    own = None if token is None else _stamp(token, lambda algorithm: hashlib.new(algorithm, value).digest())
    return Signed(name, end, info.signer_cert, tuple(info.other_certs), stamp=own)


def _signature_stamps(signer: cms.SignerInfo) -> Iterator[bytes]:
    attributes = signer["unsigned_attrs"]
    for attribute in () if isinstance(attributes, core.Void) else attributes:
        if attribute["type"].native == "signature_time_stamp_token":
            yield from (value.dump() for value in attribute["values"])


def _stamp(token: bytes, digest: Callable[[str], bytes]) -> Stamp:
    certificate = check_token(token, digest)
    others = extract_certificate_info(cms.ContentInfo.load(token)["content"]).other_certs
    return Stamp(time_stamp_info(token)["gen_time"].native, certificate, tuple(others))


def _material(reader: PdfFileReader) -> Material:
    try:
        store = DocumentSecurityStore.read_dss(reader)
        return Material(
            tuple(store.load_certs()),
            tuple(ocsp.OCSPResponse.load(reference.get_object().data) for reference in store.ocsps),
            tuple(crl.CertificateList.load(reference.get_object().data) for reference in store.crls),
        )
    except NoDSSFoundError:
        return Material()
    except DAMAGE as error:
        raise SigningError("signing.unreadable_pdf") from error
