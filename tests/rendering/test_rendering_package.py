"""What a template file may be: bounded, complete, and with nothing active or external in it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from doc_service.domain.errors import DomainError
from doc_service.rendering.package import MAX_ENTRIES, read_package, write_package
from doc_service.rendering.package_rules import check_package

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return target.getvalue()


def refused(content: bytes) -> DomainError:
    with pytest.raises(DomainError) as caught:
        check_package(read_package(content))
    return caught.value


def complex_field(kit: Any, *pieces: str) -> bytes:
    """A paragraph whose field code is split over several runs, as Word does."""
    document = kit.new_document()
    paragraph = document.add_paragraph()._p
    marks: list[tuple[str, str]] = [("begin", ""), *(("", p) for p in pieces), ("separate", ""), ("end", "")]
    for kind, text in marks:
        run = kit.element("r")
        if kind:
            run.append(kit.element("fldChar", fldCharType=kind))
        else:
            code = kit.element("instrText")
            code.text = text
            run.append(code)
        paragraph.append(run)
    return bytes(kit.packed(document))


def test_a_sound_template_passes(kit: Any) -> None:
    check_package(read_package(kit.protocol_template()))


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + bytes(100), b"\xd0\xcf\x11\xe0" * 200])
def test_other_files_are_broken(content: bytes) -> None:
    assert refused(content).code == "template.broken"


def test_truncated_is_broken(kit: Any) -> None:
    content = kit.protocol_template()
    assert refused(content[: len(content) // 2]).code == "template.broken"


def test_damaged_content_is_broken(kit: Any) -> None:
    content = bytearray(kit.protocol_template())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        offset = archive.getinfo("word/document.xml").header_offset + 120
    content[offset : offset + 40] = b"\xff" * 40
    assert refused(bytes(content)).code == "template.broken"


def test_missing_part_is_named(kit: Any) -> None:
    parts = read_package(kit.protocol_template())
    del parts["word/document.xml"]
    error = refused(write_package(parts))
    assert error.code == "template.broken"
    assert "word/document.xml" in str(error.faults[0].params["reason"])


def test_bomb_is_stopped_while_unpacking(kit: Any) -> None:
    bomb = kit.repacked(kit.protocol_template(), {"word/media/a.png": bytes(200 << 20)})
    assert len(bomb) < 1 << 20
    error = refused(bomb)
    assert error.code == "template.broken"
    assert "limit" in str(error.faults[0].params["reason"])


def test_too_many_entries() -> None:
    assert refused(zipped({f"word/media/{n}.png": b"" for n in range(MAX_ENTRIES + 1)})).code == "template.broken"


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "word/../../x", "word\\x.xml", "C:x"])
def test_names_that_leave_the_package(kit: Any, name: str) -> None:
    assert refused(kit.repacked(kit.protocol_template(), {name: b"<a/>"})).code == "template.broken"


@pytest.mark.parametrize(
    "name", ["word/vbaProject.bin", "word/embeddings/a.bin", "word/media/a.svg", "word/media/a.emf", "word/afchunk.htm"]
)
def test_parts_outside_the_list(kit: Any, name: str) -> None:
    error = refused(kit.repacked(kit.protocol_template(), {name: b"<a/>"}))
    assert (error.code, error.faults[0].params["expression"]) == ("template.forbidden", name)


def test_image_must_be_one(kit: Any) -> None:
    assert refused(kit.repacked(kit.protocol_template(), {"word/media/a.png": b"<svg/>"})).code == "template.forbidden"


@pytest.mark.parametrize(
    ("kind", "target", "mode"),
    [
        ("image", "http://example.org/a.png", ' TargetMode="External"'),
        ("image", "file:///etc/hostname", ' TargetMode="External"'),
        ("image", "file:///etc/hostname", ""),
        ("hyperlink", "https://example.org", ' TargetMode="External"'),
        ("attachedTemplate", "a.dotm", ""),
        ("aFChunk", "afchunk.htm", ""),
        ("oleObject", "embeddings/a.bin", ""),
        ("subDocument", "b.docx", ""),
    ],
)
def test_relationships_outside_the_list(kit: Any, kind: str, target: str, mode: str) -> None:
    extra = f'<Relationship Id="rX" Type="{REL}/{kind}" Target="{target}"{mode}/></Relationships>'.encode()
    part = "word/_rels/document.xml.rels"
    changed = kit.repacked(kit.protocol_template(), {part: lambda xml: xml.replace(b"</Relationships>", extra)})
    error = refused(changed)
    assert (error.code, error.faults[0].params["place"]) == ("template.forbidden", part)


@pytest.mark.parametrize(
    "code",
    ['INCLUDETEXT "/etc/hostname"', "INCLUDEPICTURE http://e.org/a.png", "DDEAUTO c", "DATE", "{{ x }}", "", "LINK"],
)
def test_simple_fields_outside_the_list(kit: Any, code: str) -> None:
    document = kit.new_document()
    document.add_paragraph()._p.append(kit.element("fldSimple", instr=code))
    assert refused(kit.packed(document)).code == "template.forbidden"


def test_field_code_split_over_runs(kit: Any) -> None:
    error = refused(complex_field(kit, "INCLU", "DETEXT ", '"/etc/hostname"'))
    assert (error.code, error.faults[0].params["place"]) == ("template.forbidden", "word/document.xml")
    check_package(read_package(complex_field(kit, " PA", "GE ")))


@pytest.mark.parametrize("name", ["altChunk", "object", "control", "subDoc"])
def test_active_elements(kit: Any, name: str) -> None:
    document = kit.new_document()
    document.add_paragraph()._p.append(kit.element(name))
    assert refused(kit.packed(document)).faults[0].params["expression"] == name


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        b'<!DOCTYPE d [<!ENTITY x "aaaa">]>',
        b"<!DOCTYPE d>",
    ],
)
def test_document_type_declarations(kit: Any, declaration: bytes) -> None:
    changed = kit.repacked(
        kit.protocol_template(),
        {"word/document.xml": lambda xml: xml.replace(b"<w:document", declaration + b"<w:document", 1)},
    )
    assert refused(changed).code == "template.broken"


def test_writing_is_reproducible(kit: Any) -> None:
    parts = read_package(kit.protocol_template())
    first = write_package(parts)
    assert first == write_package(read_package(first))
    assert zipfile.ZipFile(io.BytesIO(first)).namelist()[0] == "[Content_Types].xml"
