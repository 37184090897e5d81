"""First half of a signature: the appended bytes with a gap, and what the signer's device must sign."""

from __future__ import annotations

import hashlib
import io
import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import SigMDPSetup
from pyhanko.sign.signers.pdf_byterange import PdfSignedData, SignatureObject

from signing import cms_container
from signing.api import Appearance, PreparedSignature, SigningError
from signing.appearance import FONT_ALIAS, AppearanceDrawer
from signing.appearance_font import AppearanceFont
from signing.field_access import FieldEntry, signable_field
from signing.revision import DAMAGE, RevisionWriter, add_stream, lookup, open_reader

_new: Any = generic  # pyHanko's constructors are not annotated
_STATE_VERSION = 1
_CMS_OVERHEAD = 1024


@dataclass(frozen=True, slots=True)
class Gap:
    """An appended revision whose signature container is still zeros.

    ``start``/``end``: offsets, within ``appended``, of the "<" and just after the ">" of /Contents."""

    appended: bytes
    start: int
    end: int

    def is_sound(self) -> bool:
        """The offsets really enclose a hexadecimal string."""
        inside = 0 < self.start < self.end - 2 < len(self.appended)
        return inside and self.appended[self.start] == ord("<") and self.appended[self.end - 1] == ord(">")

    def digest(self, base: bytes, name: str) -> bytes:
        """Digest over the byte range (ISO 32000-1, 12.8.1): everything but the container."""
        digest = hashlib.new(name, base)
        digest.update(memoryview(self.appended)[: self.start])
        digest.update(memoryview(self.appended)[self.end :])
        return digest.digest()

    def filled(self, container: bytes) -> bytes:
        """The appended bytes with ``container`` in place, padded with zeros. Raises ``signing.container_too_large``."""
        room = self.end - self.start - 2
        text = container.hex().upper().encode()
        if len(text) > room:
            raise SigningError("signing.container_too_large", needed=len(container), reserved=room // 2)
        return self.appended[: self.start + 1] + text.ljust(room, b"0") + self.appended[self.end - 1 :]


def write_gap(writer: RevisionWriter, signature: PdfSignedData, base_size: int) -> Gap:
    """Writes the revision that holds ``signature`` and fills its /ByteRange."""
    buffer = writer.appended()
    end_of_file = buffer.tell()
    start, end = signature.contents.offsets
    byte_range: Any = signature.byte_range
    byte_range.fill_offsets(buffer, start, end, end_of_file)
    return Gap(buffer.getvalue(), start - base_size, end - base_size)


@dataclass(frozen=True, slots=True)
class State:
    """What ``complete`` needs again; plain JSON, a line feed, then the appended bytes."""

    gap: Gap
    base_sha256: str
    chain: tuple[bytes, ...]

    def dump(self) -> bytes:
        head = {
            "version": _STATE_VERSION,
            "base_sha256": self.base_sha256,
            "start": self.gap.start,
            "end": self.gap.end,
            "chain": [b64encode(c).decode() for c in self.chain],
        }
        return json.dumps(head, separators=(",", ":")).encode() + b"\n" + self.gap.appended

    @classmethod
    def load(cls, data: bytes) -> State:
        """Raises ``signing.bad_state``."""
        head, _, appended = data.partition(b"\n")
        try:
            fields = json.loads(head)
            gap = Gap(appended, int(fields["start"]), int(fields["end"]))
            chain = tuple(b64decode(c, validate=True) for c in fields["chain"])
            state = cls(gap, str(fields["base_sha256"]), chain)
            sound = fields["version"] == _STATE_VERSION and gap.is_sound()
        except (ValueError, KeyError, TypeError):
            raise SigningError("signing.bad_state") from None
        if not sound:
            raise SigningError("signing.bad_state")
        return state


@dataclass(frozen=True, slots=True)
class Request:
    """One signature to prepare."""

    field: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    appearance: Appearance
    signing_time: datetime
    reason: str
    location: str


class Preparer:
    """Fills a field's appearance and reserves the container. ``time_stamp_room``: bytes kept for a time-stamp token."""

    def __init__(self, font: AppearanceFont, drawer: AppearanceDrawer, time_stamp_room: int) -> None:
        self._font = font
        self._drawer = drawer
        self._room = time_stamp_room

    def prepare(self, base: bytes, request: Request) -> PreparedSignature:
        algorithm = cms_container.signature_algorithm(request.certificate)
        reader = open_reader(base)
        entry = signable_field(reader, request.field)
        try:
            gap = self._append(base, RevisionWriter(base, reader), entry, request)
        except DAMAGE as error:
            raise SigningError("signing.unreadable_pdf") from error
        digest = gap.digest(base, cms_container.digest_name(algorithm))
        sha256 = hashlib.sha256(base).hexdigest()
        return PreparedSignature(
            field=request.field,
            base_sha256=sha256,
            to_be_signed=cms_container.signed_attributes(digest, request.certificate),
            algorithm=algorithm,
            certificate=request.certificate.dump(),
            state=State(gap, sha256, tuple(c.dump() for c in request.chain)).dump(),
        )

    def _append(self, base: bytes, writer: RevisionWriter, entry: FieldEntry, request: Request) -> Gap:
        # Resolved through the writer, so that the changed field is the one it writes.
        field: Any = generic.Reference(entry.reference.idnum, entry.reference.generation, writer).get_object()
        self._draw(writer, field, request.appearance)
        signature = SignatureObject(
            timestamp=request.signing_time,
            subfilter=SigSeedSubFilter.PADES,
            reason=request.reason or None,
            location=request.location or None,
            bytes_reserved=2 * self._reserve(request),
        )
        reference = writer.add_object(signature)
        field[pdf_name("/V")] = reference
        writer.mark_update(entry.reference)
        self._keep_lock(writer, field, reference)
        return write_gap(writer, signature, len(base))

    def _reserve(self, request: Request) -> int:
        certificates = sum(len(c.dump()) for c in (request.certificate, *request.chain))
        signature = 2 * int(request.certificate.public_key.byte_size)
        return certificates + signature + self._room + _CMS_OVERHEAD

    def _draw(self, writer: RevisionWriter, field: generic.DictionaryObject, appearance: Appearance) -> None:
        x0, y0, x1, y1 = (float(v) for v in field["/Rect"])
        width, height = abs(x1 - x0), abs(y1 - y0)
        if not width or not height:
            return
        fonts = _new.DictionaryObject({pdf_name(FONT_ALIAS): self._font_reference(writer)})
        form = add_stream(
            writer,
            {
                "/Type": pdf_name("/XObject"),
                "/Subtype": pdf_name("/Form"),
                "/BBox": _new.ArrayObject([_new.FloatObject(f"{v:.2f}") for v in (0, 0, width, height)]),
                "/Resources": _new.DictionaryObject({pdf_name("/Font"): fonts}),
            },
            self._drawer.draw(appearance, width, height),
        )
        field[pdf_name("/AP")] = _new.DictionaryObject({pdf_name("/N"): form})

    def _font_reference(self, writer: RevisionWriter) -> generic.IndirectObject:
        """The font placed with the fields; a file from elsewhere, or placed by another release, gets it now."""
        resources = lookup(writer.prev.root["/AcroForm"], "/DR")
        fonts = None if resources is None else lookup(resources, "/Font")
        if fonts is not None and self._font.resource_name in fonts:
            reference: generic.IndirectObject = fonts.raw_get(self._font.resource_name)
            return reference
        parts = self._font.objects()
        file = _raw_stream(writer, parts.file, parts.file_data)
        descriptor = _parsed(parts.descriptor)
        descriptor[pdf_name("/FontFile2")] = file
        descendant = _parsed(parts.descendant)
        descendant[pdf_name("/FontDescriptor")] = writer.add_object(descriptor)
        font = _parsed(parts.font)
        font[pdf_name("/DescendantFonts")] = _new.ArrayObject([writer.add_object(descendant)])
        font[pdf_name("/ToUnicode")] = _raw_stream(writer, parts.unicode, parts.unicode_data)
        return writer.add_object(font)

    def _keep_lock(
        self, writer: RevisionWriter, field: generic.DictionaryObject, signature: generic.IndirectObject
    ) -> None:
        """A field that was made to lock the document does so (ISO 32000-2, 12.8.2.4); no other lock is ever added."""
        if "/Lock" not in field:
            return
        lock = field["/Lock"]
        permission = MDPPerm(lock["/P"]) if "/P" in lock else None
        setup: Any = SigMDPSetup(
            md_algorithm="sha256", field_lock=FieldMDPSpec.from_pdf_object(lock), docmdp_perms=permission
        )
        setup.apply(signature, writer)


def _parsed(syntax: bytes) -> generic.DictionaryObject:
    parsed: generic.DictionaryObject = _new.DictionaryObject.read_from_stream(
        io.BytesIO(syntax), _new.TrailerReference(None)
    )
    return parsed


def _raw_stream(writer: RevisionWriter, dictionary: bytes, data: bytes) -> generic.IndirectObject:
    reference: generic.IndirectObject = writer.add_object(generic.StreamObject(_parsed(dictionary), encoded_data=data))
    return reference


def load_chain(chain: Sequence[bytes]) -> tuple[x509.Certificate, ...]:
    """Parsed intermediates. Raises ``signing.bad_certificate``."""
    return tuple(cms_container.load_certificate(c) for c in chain)
