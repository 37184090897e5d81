"""Objects from compressed streams: the same as pyHanko reads, and as strict."""

from __future__ import annotations

import io
import zlib

import pytest
from pikepdf import Dictionary, Name, ObjectStreamMode, Pdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from signing import object_streams
from signing.object_streams import StreamTableReader


@pytest.fixture(scope="module")
def packed() -> bytes:
    """A file of 300 objects in object streams."""
    pdf = Pdf.new()
    pdf.add_blank_page()
    pdf.Root.Kept = pdf.make_indirect(
        [pdf.make_indirect(Dictionary(Number=n, Name=Name(f"/N{n}"))) for n in range(300)]
    )
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def everything(reader: PdfFileReader) -> dict[tuple[int, int], str]:
    refs = reader.xrefs.explicit_refs_in_revision(0)
    return {
        (r.idnum, r.generation): repr(reader.get_object(generic.Reference(r.idnum, r.generation, reader))) for r in refs
    }


def test_every_object_is_what_pyhanko_reads(packed: bytes) -> None:
    ours, theirs = StreamTableReader(io.BytesIO(packed)), PdfFileReader(io.BytesIO(packed), strict=True)
    assert len(everything(ours)) > 300
    assert everything(ours) == everything(theirs)


def test_little_room_changes_nothing(packed: bytes) -> None:
    reader = StreamTableReader(io.BytesIO(packed))
    reader._held = object_streams.HELD_BYTES
    assert everything(reader) == everything(PdfFileReader(io.BytesIO(packed), strict=True))


def handmade(table: bytes, body: bytes, place: int = 1) -> bytes:
    """A file whose object 5 stands at ``place`` of an object stream with this table."""
    stream = zlib.compress(table + b" " + body)
    parts = [b"%PDF-1.7\n"]
    offsets: dict[int, int] = {}

    def add(number: int, text: bytes) -> None:
        offsets[number] = sum(map(len, parts))
        parts.append(b"%d 0 obj\n" % number + text + b"\nendobj\n")

    add(1, b"<</Type/Catalog/Pages 2 0 R/Kept 5 0 R>>")
    add(2, b"<</Type/Pages/Kids[]/Count 0>>")
    head = b"<</Type/ObjStm/N 2/First %d/Filter/FlateDecode/Length %d>>" % (len(table) + 1, len(stream))
    add(3, head + b"\nstream\n" + stream + b"\nendstream")
    start = sum(map(len, parts))
    rows = [b"\0" * 4, *(bytes([1]) + offsets[n].to_bytes(2, "big") + b"\0" for n in (1, 2, 3))]
    rows += [bytes([1]) + start.to_bytes(2, "big") + b"\0", bytes([2]) + (3).to_bytes(2, "big") + bytes([place])]
    xref = b"".join(rows)
    parts.append(
        b"4 0 obj\n<</Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/ID[<00><00>]/Length %d>>\nstream\n" % len(xref)
        + xref + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    )  # fmt: skip
    return b"".join(parts)


@pytest.mark.parametrize(
    ("table", "place", "readable"),
    [
        (b"6 0 5 3", 1, True),
        (b"5 0 6 3", 1, False),
        (b"5 0 5 3", 1, False),
        (b"6 0 7 3", 1, False),
        (b"6 0 x 3", 1, False),
        (b"6 0 5 3", 9, False),
    ],
    ids=["sound", "other place", "twice", "absent", "no number", "beyond"],
)
def test_broken_tables_are_refused_as_pyhanko_refuses_them(table: bytes, place: int, readable: bool) -> None:
    pdf = handmade(table, b"11 22", place)
    found = []
    for reader in (StreamTableReader(io.BytesIO(pdf)), PdfFileReader(io.BytesIO(pdf), strict=True)):
        try:
            found.append(reader.root["/Kept"])
        except PdfReadError:
            found.append(None)
    assert found == ([22, 22] if readable else [None, None])
