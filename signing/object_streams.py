"""Objects in compressed streams (ISO 32000-1, 7.5.7), each stream's table of offsets read once.

pyHanko unpacks a stream and reads its table again for every object in it; in a document whose structure lies in streams
of a hundred objects that is most of the time of opening and judging it. The checks are pyHanko's strict ones.
"""

from __future__ import annotations

import io
from typing import Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import ObjStreamRef

from signing.plain_objects import Plain, plain_in_stream, plain_object

HELD_BYTES = 64 << 20


class StreamTable:
    """One unpacked object stream: where each object's text begins, by the object's place in the table."""

    def __init__(self, stream: generic.StreamObject) -> None:
        """Raises ``PdfStrictReadError`` for a table that is broken, and pyHanko's own errors for a stream that is."""
        self.stream = stream
        self.data: bytes = stream.read_data(DecodePurpose.OBJECT_STREAM)
        self._first = int(stream["/First"])
        self._entries = _entries(self.data, int(stream["/N"]))
        self._places: dict[int, int] = {}
        for place, (number, _) in enumerate(self._entries):
            self._places.setdefault(number, place)

    def begin(self, number: int, place: int) -> int:
        """Offset of object ``number``, which must stand at ``place`` and nowhere before it."""
        if self._places.get(number) != place:
            raise PdfStrictReadError("Object is in wrong index.")
        return self._first + self._entries[place][1]


class StreamTableReader(PdfFileReader):
    """A reader that keeps the tables of object streams, up to ``HELD_BYTES`` unpacked. Always strict."""

    def __init__(self, stream: io.BytesIO, **options: Any) -> None:
        self._tables: dict[int, StreamTable] = {}
        self._held = 0
        super().__init__(stream, strict=True, **options)

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> generic.PdfObject:
        table = self._table_of(stmnum, idx)
        source = io.BytesIO(table.data)
        source.seek(table.begin(idnum, idx))
        try:
            found: generic.PdfObject = generic.read_object(source, generic.Reference(idnum, 0, self))
        except (misc.PdfStreamError, misc.PdfReadError) as error:
            raise PdfStrictReadError(f"Can't read object stream: {error}") from error
        if isinstance(found, (generic.StreamObject, generic.IndirectObject)):
            raise PdfStrictReadError("Encountered forbidden object type in object stream")
        return found

    def plain(self, reference: generic.Reference) -> Plain | None:
        """What the newest version of an object says, when it is a dictionary that is written plainly; it costs a tenth
        of reading it. Raises as reading does for a broken object stream."""
        place = self.xrefs[reference]
        if isinstance(place, int) and isinstance(self.stream, io.BytesIO):
            return plain_object(self.stream.getvalue(), place, reference.idnum, reference.generation)
        if isinstance(place, ObjStreamRef):
            table = self._table_of(place.obj_stream_id, place.ix_in_stream)
            return plain_in_stream(table.data, table.begin(reference.idnum, place.ix_in_stream))
        return None

    def _table_of(self, number: int, place: int) -> StreamTable:
        stream = generic.Reference(number, 0, self).get_object()
        assert isinstance(stream, generic.StreamObject)
        assert stream["/Type"] == "/ObjStm"
        if not 0 <= place < stream["/N"]:
            raise PdfStrictReadError("Object stream does not contain index")
        return self._table(stream)

    def _table(self, stream: generic.StreamObject) -> StreamTable:
        """Held by the stream object itself, which the table keeps alive, and never by its number, which another
        revision may use again."""
        held = self._tables.get(id(stream))
        if held is None:
            held = StreamTable(stream)
            self._held += len(held.data)
            if self._held > HELD_BYTES:
                self._tables.clear()
                self._held = len(held.data)
            self._tables[id(stream)] = held
        return held


def _entries(data: bytes, count: int) -> list[tuple[int, int]]:
    source = io.BytesIO(data)
    numbers: list[int] = []
    try:
        for _ in range(2 * count):
            misc.read_non_whitespace(source, seek_back=True)  # type: ignore[no-untyped-call]
            numbers.append(int(generic.NumberObject.read_from_stream(source)))  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise PdfStrictReadError("Object stream header possibly corrupted") from error
    return list(zip(numbers[::2], numbers[1::2], strict=True))
