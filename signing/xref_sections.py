"""Cross-reference streams that were read before are not read again.

While members sign one document, each preparation opens the same file with one more revision at its end. pyHanko takes
0.4 ms for one revision's cross-reference stream (ISO 32000-1, 7.5.8) and 4 ms for the original's, so at the thirtieth
signature most of opening the file was spent on what was read before. What is kept is bound to the very bytes it was
read from and to where they stand, is never changed once made, and holds no reference to any reader. Consistency between
revisions is checked each time by pyHanko.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils import reader as _reading
from pyhanko.pdf_utils.decode_limits import DecodeContext, DecodeLimits
from pyhanko.pdf_utils.xref import (
    XRefBuilder,
    XRefCache,
    XRefSection,
    XRefSectionData,
    XRefSectionMetaInfo,
    XRefSectionType,
)

from signing.object_streams import StreamTable, StreamTableReader

_new: Any = generic  # pyHanko's constructors are not annotated
_HEAD = 64
_LARGEST = 256 << 10
_KEPT_BYTES = 32 << 20
_SIMPLE = (generic.NumberObject, generic.NameObject, generic.ByteStringObject, generic.TextStringObject)


@dataclass(frozen=True, slots=True)
class Section:
    """``raw``: the bytes from the object's header to its end. ``trailer``: as ``_frozen`` makes it."""

    raw: bytes
    number: int
    generation: int
    size: int
    data: XRefSectionData
    trailer: Mapping[str, Any]


class Sections:
    """The newest ones, up to ``limit`` bytes of cross-reference streams; safe to share between threads."""

    def __init__(self, limit: int = _KEPT_BYTES) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._found: OrderedDict[tuple[int, bytes], Section] = OrderedDict()
        self.held = 0

    def find(self, file: bytes, start: int) -> Section | None:
        """What was read from the same bytes at the same place."""
        key = (start, file[start : start + _HEAD])
        with self._lock:
            found = self._found.get(key)
            if found is None or not file.startswith(found.raw, start):
                return None
            self._found.move_to_end(key)
            return found

    def keep(self, start: int, section: Section) -> None:
        if len(section.raw) > _LARGEST:
            return
        with self._lock:
            old = self._found.pop((start, section.raw[:_HEAD]), None)
            self.held += len(section.raw) - (len(old.raw) if old else 0)
            self._found[start, section.raw[:_HEAD]] = section
            while self.held > self._limit:
                _, oldest = self._found.popitem(last=False)
                self.held -= len(oldest.raw)


class KeepingReader(StreamTableReader):
    """A strict reader with pyHanko's decode limits that takes cross-reference streams from ``sections``."""

    def __init__(self, pdf: bytes, sections: Sections) -> None:
        """As ``PdfFileReader.__init__``, which leaves no way to give it another builder (a test holds the two against
        each other)."""
        self._tables: dict[int, StreamTable] = {}
        self._held = 0
        self._security_handler = None
        self.strict = True
        self._decode_context = DecodeContext(DecodeLimits(), input_size=len(pdf))
        self.resolved_objects: dict[tuple[int, int], generic.PdfObject] = {}
        self._input_version = None
        self._historical_resolver_cache: dict[int, Any] = {}
        self.stream = io.BytesIO(pdf)
        self._header_version = _reading._read_header_version(self.stream)
        self.stream.seek(-1, io.SEEK_END)
        last = _reading.process_data_at_eof(self.stream)
        builder = _Builder(self, pdf, last, sections)
        self.xrefs = XRefCache(self, builder.read_xrefs())  # type: ignore[no-untyped-call]
        self.last_startxref = builder.last_startxref
        self.trailer = builder.trailer
        self.has_xref_stream = builder.has_xref_stream
        self._embedded_signatures = None


class _Builder(XRefBuilder):
    def __init__(self, reader: KeepingReader, pdf: bytes, last: int, sections: Sections) -> None:
        super().__init__(reader, reader.stream, True, last)
        self._pdf = pdf
        self._kept = sections

    def _read_xref_stream(self, declared_startxref: int) -> Any:
        start = self.stream.tell()
        found = self._kept.find(self._pdf, start)
        if found is None:
            return self._read_anew(start, declared_startxref)
        end = start + len(found.raw)
        reference = generic.Reference(found.number, found.generation, pdf=self.handler)
        meta = XRefSectionMetaInfo(
            XRefSectionType.STREAM, found.size, declared_startxref, start, end, stream_ref=reference
        )
        self.sections.append(XRefSection(meta, found.data))
        trailer: Any = _thawed(found.trailer, self.handler, reference)
        self.trailer.add_trailer_revision(trailer)
        self.stream.seek(end)
        return trailer.get("/Prev")

    def _read_anew(self, start: int, declared_startxref: int) -> Any:
        previous = super()._read_xref_stream(declared_startxref)
        section, dictionary = self.sections[-1], self.trailer._trailer_revisions[-1]
        meta = section.meta_info
        assert meta.stream_ref is not None
        trailer = _frozen(dictionary)
        if trailer is not None:
            raw = self._pdf[start : meta.end_location]
            number, generation = meta.stream_ref.idnum, meta.stream_ref.generation
            self._kept.keep(start, Section(raw, number, generation, meta.size, section.xref_data, trailer))
        return previous


_OWN = ("/Length", "/W", "/Index", "/Filter", "/DecodeParms", "/Size", "/Prev")


def _frozen(dictionary: generic.DictionaryObject) -> Mapping[str, generic.PdfObject] | None:
    """The trailer's entries, tied to no reader; None when they are not simple, or when the stream's own entries lie in
    other objects, which might say something else another time."""
    entries: dict[str, Any] = {name: dictionary.raw_get(name) for name in dictionary}
    if "/Encrypt" in entries or any(isinstance(entries.get(name), generic.IndirectObject) for name in _OWN):
        return None
    copied = {name: _loosened(value) for name, value in entries.items()}
    return None if None in copied.values() else copied


def _loosened(value: Any) -> Any:
    """A copy tied to no reader; None for what a trailer seldom has."""
    if isinstance(value, generic.IndirectObject):
        return _new.IndirectObject(value.idnum, value.generation, None)
    if isinstance(value, generic.ArrayObject):
        parts = [_loosened(list.__getitem__(value, place)) for place in range(len(value))]
        return None if None in parts else generic.ArrayObject(parts)
    if isinstance(value, generic.DictionaryObject) and not isinstance(value, generic.StreamObject):
        entries = {name: _loosened(dict.__getitem__(value, name)) for name in value}
        return None if None in entries.values() else _new.DictionaryObject(entries)
    if not isinstance(value, _SIMPLE):
        return None
    loose = copy(value)
    loose.container_ref = None
    return loose


def _thawed(trailer: Mapping[str, generic.PdfObject], reader: Any, container: Any) -> generic.DictionaryObject:
    thawed: generic.DictionaryObject = _new.DictionaryObject(
        {generic.pdf_name(name): _tied(value, reader, container) for name, value in trailer.items()}
    )
    thawed.container_ref = container
    return thawed


def _tied(value: Any, reader: Any, container: Any) -> Any:
    """References and what holds them are new for each reader; numbers, names and strings are shared: they never
    change, and in a trailer they are not encrypted."""
    made: Any = value
    if isinstance(value, generic.IndirectObject):
        made = _new.IndirectObject(value.idnum, value.generation, reader)
    elif isinstance(value, generic.ArrayObject):
        parts = range(len(value))
        made = generic.ArrayObject([_tied(list.__getitem__(value, place), reader, container) for place in parts])
    elif isinstance(value, generic.DictionaryObject):
        made = _new.DictionaryObject({n: _tied(dict.__getitem__(value, n), reader, container) for n in value})
    if made is not value:
        made.container_ref = container
    return made
