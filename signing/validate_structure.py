"""Opening a file that nobody vouches for, and where each of its signatures lies."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import DecodeLimits
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signing.api import Finding, SigningError
from signing.validate_cms import ContainerError
from signing.validate_der import NotCanonicalError, read
from signing.validate_history import HistoryReader
from signing.validate_objects import entry

FAULTS = (
    misc.PdfError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RuntimeError,
    OSError,
    EOFError,
    StopIteration,
    zlib.error,
    struct.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)
"""What pyHanko and asn1crypto raise on malformed input; programming errors of ours are not told apart, so tests run
every path on good files too."""

_HEXADECIMAL = re.compile(rb"(?:[0-9A-Fa-f]{2})+")
_TAIL = re.compile(rb"%%EOF(?:\r\n|\r|\n)?\Z")
SIGNATURE, TIME_STAMP = "signature", "timestamp"
_SUBFILTERS = {SIGNATURE: "/ETSI.CAdES.detached", TIME_STAMP: "/ETSI.RFC3161"}


@dataclass(frozen=True)
class Limits:
    """What a file may ask of us before it is refused with ``signing.decode_limit``.

    ``decoding``: decompressed bytes per stream and file; ``size``: of the file in bytes; ``objects``: entries over all
    cross-reference sections; ``signatures``, ``revisions``: how many."""

    decoding: DecodeLimits = field(default_factory=DecodeLimits.for_untrusted_input)
    size: int = 512 * 1024 * 1024
    objects: int = 500_000
    signatures: int = 500
    revisions: int = 2_000


@contextmanager
def unreadable(code: str = "signing.unreadable_pdf") -> Iterator[None]:
    """Turns what the parsers raise into ``SigningError``: ``code``, or ``signing.decode_limit`` for a bomb."""
    try:
        yield
    except misc.PdfDecodeLimitError as fault:
        raise SigningError("signing.decode_limit", limit="stream") from fault
    except MemoryError as fault:
        raise SigningError("signing.decode_limit", limit="memory") from fault
    except FAULTS as fault:
        raise SigningError(code) from fault


def open_pdf(pdf: bytes, limits: Limits) -> HistoryReader:
    """Raises ``signing.unreadable_pdf``, ``signing.encrypted_pdf``, ``signing.decode_limit``."""
    if len(pdf) > limits.size:
        raise SigningError("signing.decode_limit", limit=limits.size)
    if not (pdf.startswith(b"%PDF-") and pdf.rstrip(b"\r\n\t\f \0").endswith(b"%%EOF")):
        raise SigningError("signing.unreadable_pdf")
    with unreadable():
        reader = HistoryReader(pdf, limits.decoding)
        if "/Encrypt" in reader.trailer:
            raise SigningError("signing.encrypted_pdf")
        if reader.xrefs.total_revisions > limits.revisions:
            raise SigningError("signing.decode_limit", limit=limits.revisions)
        if sum(map(len, reader.changes.values())) > limits.objects:
            raise SigningError("signing.decode_limit", limit=limits.objects)
        _ = reader.root["/Pages"]["/Kids"]
    return reader


@dataclass(frozen=True)
class Located:
    """A signature found in the file. ``container``: the CMS without padding; ``covered``: where the bytes it covers
    end; ``findings``: what is wrong with its place. ``embedded`` is None when nothing could be read."""

    name: str
    kind: str
    embedded: EmbeddedPdfSignature | None
    gap: tuple[int, int] = (0, 0)
    covered: int = 0
    container: bytes = b""
    findings: tuple[Finding, ...] = ()

    @property
    def revision(self) -> int:
        return self.embedded.signed_revision if self.embedded is not None else -1


def locate(pdf: bytes, reader: HistoryReader, limits: Limits) -> list[Located]:
    """Every filled signature field, in the order of what they cover. Raises as ``open_pdf``."""
    with unreadable():
        found = list(enumerate_sig_fields(reader, filled_status=True))
    if len(found) > limits.signatures:
        raise SigningError("signing.decode_limit", limit=limits.signatures)
    located: list[Located] = []
    values: set[tuple[int, int]] = set()
    for name, value, sig_field in found:
        here = _locate(pdf, reader, str(name), sig_field)
        key = (value.idnum, value.generation) if isinstance(value, generic.IndirectObject) else (0, 0)
        if key in values:
            here = Located(here.name, here.kind, None, findings=(Finding("signing.shared_signature"),))
        values.add(key)
        located.append(here)
    return sorted(located, key=lambda one: (one.covered, one.name))


def _locate(pdf: bytes, reader: HistoryReader, name: str, sig_field: generic.DictionaryObject) -> Located:
    try:
        embedded = EmbeddedPdfSignature(reader, sig_field, name)
        kind = TIME_STAMP if embedded.sig_object_type == "/DocTimeStamp" else SIGNATURE
        gap, covered = _byte_range(pdf, embedded.byte_range)
        container, padding = contents(pdf[slice(*gap)], embedded.pkcs7_content)
    except misc.PdfDecodeLimitError as fault:
        raise SigningError("signing.decode_limit", limit="stream") from fault
    except ContainerError as fault:
        return Located(name, SIGNATURE, None, findings=(Finding(fault.code, {"part": fault.part}),))
    except CMSExtractionError:
        return Located(name, SIGNATURE, None, findings=(Finding("signing.several_signers"),))
    except FAULTS:
        return Located(name, SIGNATURE, None, findings=(Finding("signing.malformed_signature"),))
    findings = (*_subfilter(embedded, kind), *_coverage(pdf, embedded, covered), *padding)
    return Located(name, kind, embedded, gap, covered, container, findings)


def _byte_range(pdf: bytes, raw: object) -> tuple[tuple[int, int], int]:
    """The gap and the end of the covered bytes (ISO 32000-2, 12.8.1: two ranges, all but the contents)."""
    if not isinstance(raw, generic.ArrayObject) or len(raw) != 4:
        raise ContainerError("signing.byte_range_broken", "/ByteRange")
    numbers = [raw.raw_get(place) for place in range(4)]
    if not all(isinstance(number, generic.NumberObject) for number in numbers):
        raise ContainerError("signing.byte_range_broken", "/ByteRange")
    start, before, again, after = (int(number) for number in numbers)
    if start != 0 or not 0 < before < again < again + after <= len(pdf) or after <= 0:
        raise ContainerError("signing.byte_range_broken", "/ByteRange")
    return (before, again), again + after


def contents(gap: bytes, read_value: bytes) -> tuple[bytes, tuple[Finding, ...]]:
    """The container in the ``gap`` of a byte range: hexadecimal digits between < and >, padded with zeros only; and
    the finding when there is something else after it.

    ``read_value``: /Contents as the reader of the file found it, which must be the same. Raises ``ContainerError``."""
    if gap[:1] != b"<" or gap[-1:] != b">" or _HEXADECIMAL.fullmatch(gap, 1, len(gap) - 1) is None:
        raise ContainerError("signing.contents_not_hexadecimal", "/Contents")
    padded = bytes.fromhex(gap[1:-1].decode("ascii"))
    if padded != read_value:
        raise ContainerError("signing.byte_range_broken", "/Contents")
    try:
        element, end = read(padded)
    except NotCanonicalError as fault:
        raise ContainerError("signing.cms_not_canonical", "ContentInfo") from fault
    clean = padded.count(0, end) == len(padded) - end
    return element.raw, () if clean else (Finding("signing.padding_not_zero"),)


def _subfilter(embedded: EmbeddedPdfSignature, kind: str) -> Iterator[Finding]:
    """PAdES knows one encoding a kind (EN 319 142-1, 5.3 and 5.4.3)."""
    value = str(entry(embedded.sig_object, "/SubFilter"))
    if value != _SUBFILTERS[kind] or embedded.sig_object_type not in ("/Sig", "/DocTimeStamp"):
        yield Finding("signing.wrong_subfilter", {"subfilter": value[:60].lstrip("/")})


def _coverage(pdf: bytes, embedded: EmbeddedPdfSignature, covered: int) -> Iterator[Finding]:
    if covered == len(pdf):
        return
    try:
        level = embedded.evaluate_signature_coverage()
    except FAULTS:
        level = SignatureCoverageLevel.UNCLEAR
    if level is not SignatureCoverageLevel.ENTIRE_REVISION:
        yield Finding("signing.byte_range_broken", {"part": "/ByteRange"})


def ends_well(pdf: bytes) -> bool:
    """Whether the file ends with its end marker (ISO 32000-2, 7.5.5) and nothing after it but one line end."""
    return _TAIL.search(pdf, max(0, len(pdf) - 16)) is not None
