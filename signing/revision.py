"""Reading a PDF strictly, and writing what one new revision appends to it.

A revision is written as *appended bytes only*: the base is never copied, re-serialised or touched, which is what makes
"every revision is a prefix of the next" hold by construction.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfDecodeLimitError, PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.api import SigningError
from signing.xref_sections import KeepingReader, Sections

# What pyHanko raises on hostile or damaged structures; each becomes a refusal of the file.
DAMAGE = (
    PdfError,
    zlib.error,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    AssertionError,
    EOFError,
    RecursionError,
    OverflowError,
    NotImplementedError,
)
_TRAILER = b"%%EOF"
_SECTIONS = Sections()
"""Shared by all who open files in this process: it changes no answer, only how long it takes."""


def open_reader(pdf: bytes) -> PdfFileReader:
    """A strict reader with pyHanko's decode limits on.

    Raises ``signing.encrypted_pdf``; ``signing.unreadable_pdf`` for anything cut short, followed by other bytes, or
    broken; ``signing.decode_limit`` for a decompression bomb."""
    if not pdf.rstrip(b"\r\n \t").endswith(_TRAILER):
        raise SigningError("signing.unreadable_pdf")
    try:
        reader = KeepingReader(pdf, _SECTIONS)
        encrypted = reader.encrypted
        if not encrypted:
            reader.root["/Pages"]
    except PdfDecodeLimitError:
        raise SigningError("signing.decode_limit") from None
    except DAMAGE as error:
        raise SigningError("signing.unreadable_pdf") from error
    if encrypted:
        raise SigningError("signing.encrypted_pdf")
    return reader


def lookup(dictionary: generic.DictionaryObject, key: str) -> Any:
    """The value of ``key`` with references resolved, None when absent (pyHanko's ``get`` does not resolve)."""
    try:
        return dictionary[key]
    except KeyError:
        return None


class AppendBuffer(io.BytesIO):
    """Holds the bytes after ``base_size``, at the offsets that they will have in the whole file."""

    def __init__(self, base_size: int) -> None:
        super().__init__()
        self._base = base_size

    def tell(self) -> int:
        return self._base + super().tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._base + super().seek(offset - self._base if whence == io.SEEK_SET else offset, whence)


class RevisionWriter(IncrementalPdfFileWriter):
    """pyHanko's incremental writer without its rewriting of dates in Info and XMP: a signature says its time in /M, and
    metadata that nobody touches stays equal in both places (ISO 19005-3, 6.6.3). The second file identifier follows
    from the base (ISO 32000-1, 14.4), so that the same step gives the same bytes."""

    def __init__(self, pdf: bytes, reader: PdfFileReader) -> None:
        self._size = len(pdf)
        self._changing_id = hashlib.sha256(b"revision" + hashlib.sha256(pdf).digest()).digest()[:16]
        super().__init__(reader.stream, prev=reader)
        first, _ = self._document_id
        self._document_id = generic.ArrayObject([first, generic.ByteStringObject(self._changing_id)])

    def _update_meta(self) -> None:
        return None

    def appended(self) -> AppendBuffer:
        """Writes the new and changed objects, their cross-references and the trailer."""
        buffer = AppendBuffer(self._size)
        # pyHanko starts right after the base; a base without a final line end would glue the object number to %%EOF.
        buffer.write(b"\n")
        write: Any = self._write_updated_section
        write(buffer)
        return buffer


def add_stream(writer: IncrementalPdfFileWriter, entries: dict[str, Any], data: bytes) -> generic.IndirectObject:
    """Adds a Flate-compressed stream."""
    stream: Any = generic.StreamObject(
        {generic.pdf_name(key): value for key, value in entries.items()}, stream_data=data
    )
    stream.compress()
    reference: generic.IndirectObject = writer.add_object(stream)
    return reference
