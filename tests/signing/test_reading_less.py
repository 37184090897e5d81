"""What is not read again, or not read at all, before a signature: the answers are those of reading everything."""

from __future__ import annotations

import io
import threading

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from signing.api import SigningError
from signing.field_access import signable_field, signature_fields
from signing.object_streams import StreamTableReader
from signing.plain_objects import plain_in_stream, plain_object
from signing.revision import RevisionWriter, open_reader
from signing.xref_sections import KeepingReader, Sections
from tests.signing.conftest import Workshop


@pytest.fixture
def revisions(workshop: Workshop, placed: bytes) -> list[bytes]:
    """A form of five fields, and the same after each of three signatures."""
    files = [placed]
    for number in range(3):
        files.append(workshop.sign(files[-1], f"imza{number}").pdf)
    return files


def _told(reader: StreamTableReader) -> list[object]:
    """All that a reader knows of a file's cross-references."""
    xrefs = reader.xrefs
    found: list[object] = [reader.last_startxref, reader.has_xref_stream, dict(reader.trailer.flatten())]
    for number in range(xrefs.total_revisions):
        found += [xrefs.get_xref_container_info(number), vars(xrefs.get_xref_data(number))]
        found.append(dict(reader.trailer.flatten(number)))
    return found


def test_a_reader_that_keeps_knows_what_any_reader_knows(revisions: list[bytes]) -> None:
    sections = Sections()
    for pdf in [*revisions, *reversed(revisions)]:
        plain, keeping = StreamTableReader(io.BytesIO(pdf)), KeepingReader(pdf, sections)
        assert vars(plain).keys() == vars(keeping).keys()
        assert _told(plain) == _told(keeping)
        assert keeping.root.container_ref.get_pdf_handler() is keeping
        assert keeping.trailer.raw_get("/Root").get_pdf_handler() is keeping


def test_a_section_is_taken_for_its_own_bytes_only(revisions: list[bytes]) -> None:
    sections, pdf = Sections(), revisions[-1]
    KeepingReader(pdf, sections)
    start = KeepingReader(pdf, sections).last_startxref
    end = pdf.rindex(b"endstream")
    assert sections.find(pdf, start) is not None
    for place in range(start, end):
        altered = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
        assert sections.find(altered, start) is None, place
    assert sections.find(b" " + pdf, start + 1) is None


def test_what_is_kept_has_a_limit(revisions: list[bytes]) -> None:
    sections = Sections(limit=1000)
    for pdf in revisions:
        KeepingReader(pdf, sections)
    assert sections.held <= 1000


def test_threads_share_what_is_kept(revisions: list[bytes]) -> None:
    sections, wrong = Sections(), []
    expected = [_told(StreamTableReader(io.BytesIO(pdf))) for pdf in revisions]

    def read() -> None:
        for _ in range(5):
            wrong.extend(n for n, pdf in enumerate(revisions) if _told(KeepingReader(pdf, sections)) != expected[n])

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_field_is_found_as_when_all_are_read(revisions: list[bytes]) -> None:
    for signed, pdf in enumerate(revisions):
        everything = {f.name: f for f in signature_fields(StreamTableReader(io.BytesIO(pdf)))}
        for number in range(5):
            if number < signed:
                with pytest.raises(SigningError, match=r"signing\.field_already_signed"):
                    signable_field(open_reader(pdf), f"imza{number}")
            else:
                found = signable_field(open_reader(pdf), f"imza{number}")
                assert (found.name, found.value) == (f"imza{number}", None)
                assert found.dictionary == everything[f"imza{number}"].dictionary


_NAMES = st.text("ABCxyz019_.-", min_size=1, max_size=8)
_LEAVES = st.one_of(
    st.integers(-1000, 1000).map(generic.NumberObject),
    _NAMES.map(lambda n: pdf_name(f"/{n}")),
    st.text(max_size=12).map(generic.TextStringObject),
    st.binary(max_size=12).map(generic.ByteStringObject),
    st.booleans().map(generic.BooleanObject),
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(generic.ArrayObject),
        st.dictionaries(_NAMES.map(lambda n: pdf_name(f"/{n}")), inner, max_size=3).map(generic.DictionaryObject),
    ),
    max_leaves=8,
)


@given(st.dictionaries(_NAMES.map(lambda n: pdf_name(f"/{n}")), _VALUES, max_size=6))
def test_plain_dictionaries_have_the_keys_that_pyhanko_reads(entries: dict[generic.NameObject, object]) -> None:
    written = io.BytesIO()
    generic.DictionaryObject(entries).write_to_stream(written)
    read = generic.DictionaryObject.read_from_stream(io.BytesIO(written.getvalue()), generic.TrailerReference(None))
    plain = plain_in_stream(written.getvalue() + b" (next)", 0)
    assert plain is None or {k.decode() for k in plain} == {str(k) for k in read}
    whole = plain_object(b"7 0 obj\n" + written.getvalue() + b"\nendobj\n", 0, 7, 0)
    assert whole == plain


@pytest.mark.parametrize(
    "text",
    [
        b"<< /Refer#65nce 1 >>",
        b"<< /A 1 % >>\n /Reference 2 >>",
        b"<< /A (>> (nested) /B) >>",
        b"<< /A 1 /A 2 >>",
        b"<< /A >>",
        b"<< /A 1",
        b"<< 1 /A >>",
        b"[ /A 1 ]",
        b"<< /A <zz> >>",
        b"<< /A (\\\n) >>",
    ],
)
def test_what_is_not_plain_is_said_to_be_so(text: bytes) -> None:
    assert plain_in_stream(text, 0) is None


def test_another_object_or_a_stream_is_not_plain() -> None:
    assert plain_object(b"8 0 obj << /A 1 >> endobj", 0, 7, 0) is None
    assert plain_object(b"7 1 obj << /A 1 >> endobj", 0, 7, 0) is None
    assert plain_object(b"7 0 obj << /A 1 >> stream\nendobj", 0, 7, 0) is None
    assert plain_object(b"7 0 obj << /T (endobj) /V 5 0 R >> endobj", 0, 7, 0) == {
        b"/T": (b"(endobj)",),
        b"/V": (b"5", b"0", b"R"),
    }


def test_a_signature_locks_even_when_its_field_says_nothing_of_it(workshop: Workshop, placed: bytes) -> None:
    with pikepdf.open(io.BytesIO(placed)) as opened:
        lock = pikepdf.Dictionary(Type=pikepdf.Name.SigFieldLock, Action=pikepdf.Name.All)
        opened.Root.AcroForm.Fields[0].Lock = opened.make_indirect(lock)
        out = io.BytesIO()
        opened.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    signed = workshop.sign(out.getvalue(), "imza0").pdf
    writer = RevisionWriter(signed, open_reader(signed))
    reference = writer.root["/AcroForm"]["/Fields"].raw_get(0)
    del reference.get_object()["/Lock"]
    writer.mark_update(reference)
    hidden = signed + writer.appended().getvalue()
    with pytest.raises(SigningError, match=r"signing\.document_locked"):
        signable_field(open_reader(hidden), "imza1")
