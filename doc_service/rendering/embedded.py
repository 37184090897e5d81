"""Reads the files a PDF carries, with bounds: the file may come from anybody."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf, Stream

from doc_service.domain.errors import DomainError

MAX_FILES = 32
MAX_TOTAL = 64 << 20
_MAX_NODES = 1000
_FAULTS = (
    pikepdf.PdfError, pikepdf.PasswordError, zlib.error, ValueError, TypeError, AttributeError, KeyError,
)  # fmt: skip


def embedded_files(pdf: bytes) -> dict[str, bytes]:
    """Embedded files by name (ISO 32000-1, 7.11.4): at most 32, unpacked to at most 64 MiB together.

    Raises ``DomainError`` "embedded.unreadable" (not a PDF, encrypted, or damaged) or "embedded.too_large"."""
    try:
        with Pdf.open(io.BytesIO(pdf), suppress_warnings=True) as document:
            return _collect(document)
    except (
        pikepdf.PdfError,
        pikepdf.PasswordError,
        zlib.error,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
    ) as error:
        raise DomainError("embedded.unreadable", reason=str(error)[:200]) from error


def _collect(document: Pdf) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MAX_TOTAL
    root = document.Root.get(Name.Names, Dictionary()).get(Name.EmbeddedFiles)
    for specification in _leaves(root) if root is not None else ():
        if len(found) >= MAX_FILES:
            raise DomainError("embedded.too_large", limit=MAX_FILES)
        name = str(specification.get(Name.UF, specification.get(Name.F, "")))
        stream = specification.EF.get(Name.UF, specification.EF.get(Name.F))
        if not isinstance(stream, Stream) or name in found:
            raise ValueError(f"the embedded file {name!r} has no content or occurs twice")
        found[name] = _content(stream, left)
        left -= len(found[name])
    return found


def _leaves(root: Object) -> Iterator[Object]:
    """The values of a name tree; a tree that is too large or runs in a circle is an error."""
    waiting, seen = [root], 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if seen > _MAX_NODES:
            raise ValueError("the name tree of embedded files is too large")
        yield from list(node.get(Name.Names, []))[1::2]
        waiting.extend(reversed(list(node.get(Name.Kids, []))))


def _content(stream: Stream, limit: int) -> bytes:
    raw = stream.read_raw_bytes()
    filters = stream.get(Name.Filter)
    if filters is None:
        data = raw
    elif filters == Name.FlateDecode or list(filters) == [Name.FlateDecode]:
        if Name.DecodeParms in stream:
            raise ValueError("an embedded file uses a predictor")
        data = zlib.decompressobj().decompress(raw, limit + 1)
    else:
        raise ValueError("an embedded file uses a filter other than Flate")
    if len(data) > limit:
        raise DomainError("embedded.too_large", limit=MAX_TOTAL)
    return data
