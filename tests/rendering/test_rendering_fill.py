"""Filling: loops, anchors, core properties, and the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import etree

from doc_service.domain.errors import DomainError
from doc_service.rendering.fill import TemplateFiller
from doc_service.rendering.line_breaks import JOINER
from doc_service.rendering.templates import TemplateStore

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def filled(
    kit: Any, template: bytes, context: dict[str, Any], names: list[str], filler: TemplateFiller | None = None
) -> bytes:
    return (filler or TemplateFiller()).fill(
        template, context, kit.specs(names), title="Sənəd & <ad>", language="az-Latn-AZ", issued_at=kit.issued
    )


def root_of(docx: bytes) -> Any:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml"))


def test_the_same_input_gives_the_same_bytes(kit: Any) -> None:
    template, context, names = kit.protocol_template(), kit.protocol_context(), ["sig_00", "sig_01", "sig_02"]
    filler = TemplateFiller()
    first = filled(kit, template, context, names, filler)
    assert first == filled(kit, template, context, names, filler) == filled(kit, template, context, names)


def test_loops_conditions_and_footers(kit: Any) -> None:
    docx = Document(io.BytesIO(filled(kit, kit.protocol_template(), kit.protocol_context(3, 2), ["sig_00", "sig_01"])))
    text = [p.text for p in docx.paragraphs]
    assert [t for t in text if t.startswith(("1.", "2.", "3."))] == ["1. Məsələ 1", "2. Məsələ 2", "3. Məsələ 3"]
    assert text.count("Məhdudiyyət: GİZLİ") == 1
    assert [row.cells[1].text for row in docx.tables[0].rows] == [
        "S.A.A.",
        "Əliyev Ülvi Çingiz oğlu 0",
        "Əliyev Ülvi Çingiz oğlu 1",
    ]
    footer = docx.sections[0].footer.paragraphs[0].text.replace(JOINER, "")
    assert footer.startswith("3-21-5/01/2026")


def test_anchors_become_bookmarks_with_ids_of_their_own(kit: Any) -> None:
    root = root_of(filled(kit, kit.protocol_template(), kit.protocol_context(1, 5), [f"sig_{n:02}" for n in range(5)]))
    starts = list(root.iter(f"{W}bookmarkStart"))
    ends = list(root.iter(f"{W}bookmarkEnd"))
    assert [s.get(f"{W}name") for s in starts] == [f"sig_{n:02}" for n in range(5)]
    ids = [s.get(f"{W}id") for s in starts]
    assert len(set(ids)) == 5
    assert ids == [e.get(f"{W}id") for e in ends]
    assert "sig_" not in "".join(root.itertext())


def test_a_bookmark_made_in_word_is_an_anchor_too(kit: Any) -> None:
    document = kit.new_document()
    paragraph = document.add_paragraph("{%p for s in signatories %}")
    paragraph = document.add_paragraph("İmza")
    paragraph._p.insert(0, kit.element("bookmarkStart", id="0", name="{{ s.field }}"))
    paragraph._p.append(kit.element("bookmarkEnd", id="0"))
    document.add_paragraph("{%p endfor %}")
    root = root_of(filled(kit, kit.packed(document), kit.protocol_context(0, 2), ["sig_00", "sig_01"]))
    pairs = [(e.tag.removeprefix(W), e.get(f"{W}id")) for e in root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")]
    assert pairs == [("bookmarkStart", "1"), ("bookmarkEnd", "1"), ("bookmarkStart", "3"), ("bookmarkEnd", "3")]


@pytest.mark.parametrize(("names", "count"), [(["sig_09"], 0), (["sig_00"], 2)])
def test_each_field_has_exactly_one_anchor(kit: Any, names: list[str], count: int) -> None:
    context = kit.protocol_context(1, 1)
    context["signatories"] *= count or 1
    with pytest.raises(DomainError) as caught:
        filled(kit, kit.protocol_template(), context, names)
    assert caught.value.code == "template.anchor_missing"
    assert caught.value.faults[0].params == {"name": names[0], "count": count}


def test_core_properties_are_ours(kit: Any) -> None:
    properties = Document(io.BytesIO(filled(kit, kit.text_template("x"), {}, []))).core_properties
    assert (properties.title, properties.language, properties.author) == ("Sənəd & <ad>", "az-Latn-AZ", "")
    assert properties.created == properties.modified
    assert properties.created is not None
    assert properties.created.replace(tzinfo=kit.issued.tzinfo) == kit.issued


def test_core_properties_are_added_where_there_are_none(kit: Any) -> None:
    def without(xml: bytes) -> bytes:
        root = etree.fromstring(xml)
        for relation in [r for r in root if "core-properties" in r.get("Type", "")]:
            root.remove(relation)
        return etree.tostring(root)

    template = kit.repacked(kit.text_template("x"), {"_rels/.rels": without}, drop="docProps/core.xml")
    assert Document(io.BytesIO(filled(kit, template, {}, []))).core_properties.title == "Sənəd & <ad>"


def test_template_that_loses_its_tags_is_broken(kit: Any) -> None:
    """A condition that opens in a cell and ends after the table leaves XML that LibreOffice would have to guess at."""
    document = kit.new_document()
    document.add_table(rows=1, cols=1).rows[0].cells[0].text = "a {% if x %}"
    document.add_paragraph("b {% endif %}")
    with pytest.raises(DomainError) as caught:
        filled(kit, kit.packed(document), {"x": False}, [])
    assert caught.value.code == "template.broken"


def test_what_a_template_hides_from_the_check_is_found_after_filling(kit: Any) -> None:
    """A comment of the template language may swallow XML, so that other elements stand there than were checked."""
    hidden = (
        b'<w:p><w:fldSimple w:instr=" PAGE {# "/><w:r><w:t> #} INCLUDETEXT x"/></w:t></w:r></w:p></w:body>'.replace(
            b'x"/>', b"x&quot;"
        )
    )
    template = kit.repacked(
        kit.text_template("x"), {"word/document.xml": lambda xml: xml.replace(b"</w:body>", hidden)}
    )
    with pytest.raises(DomainError) as caught:
        filled(kit, template, {}, [])
    assert caught.value.code in ("template.broken", "template.forbidden")


@pytest.mark.parametrize(
    "name", ["absent.v1", "../protocol.v1", "protocol", "Protocol.v1", "protocol.v1/../protocol.v1", ""]
)
def test_unknown_templates(templates: Path, name: str) -> None:
    with pytest.raises(DomainError) as caught:
        TemplateStore(templates).get(name)
    assert caught.value.code == "template.not_found"


@pytest.mark.parametrize(
    "manifest", ["[signature]\nwidth = 1", "not toml", '[signature]\nwidth = "a"\nheight = 1', "signature = 3"]
)
def test_bad_manifests(templates: Path, manifest: str) -> None:
    (templates / "protocol.v1.toml").write_text(manifest)
    with pytest.raises(DomainError) as caught:
        TemplateStore(templates).get("protocol.v1")
    assert caught.value.code == "template.broken"
