"""A table's grid follows its cells; what may name something outside is found wherever it stands."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from lxml import etree

from doc_service.domain.errors import DomainError
from doc_service.rendering.fill import TemplateFiller
from doc_service.rendering.package_rules import check_elements

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _column_loop(kit: Any) -> bytes:
    """Three columns: the loop's beginning, its cell and its end."""
    document = kit.new_document()
    table = document.add_table(rows=1, cols=3)
    texts = ("{%tc for c in cells %}", "{{ c }}", "{%tc endfor %}")
    for cell, text in zip(table.rows[0].cells, texts, strict=True):
        cell.text = text
    return bytes(kit.packed(document))


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_the_grid_has_a_column_for_each_cell(kit: Any, count: int) -> None:
    filled = TemplateFiller().fill(
        _column_loop(kit),
        {"cells": [f"xana {n}" for n in range(count)]},
        (),
        title="Cədvəl",
        language="az-Latn-AZ",
        issued_at=kit.issued,
    )
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(filled)).read("word/document.xml"))
    table = next(root.iter(f"{{{_W}}}tbl"))
    assert len(table.findall(f"{{{_W}}}tblGrid/{{{_W}}}gridCol")) == count
    assert len(table.findall(f"{{{_W}}}tr/{{{_W}}}tc")) == count


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        (f"{{{_R}}}link", "rId1"),
        ("src", "http://example.org/a.png"),
        (f"{{{_R}}}href", "file:///etc/hostname"),
        ("{urn:schemas-microsoft-com:office:office}fontKeySrc", "vnd.sun.star.script:a"),
        ("{urn:any}src", "data:text/plain,a"),
    ],
)
def test_attributes_that_name_something_outside(attribute: str, value: str) -> None:
    root = etree.fromstring(f'<w:document xmlns:w="{_W}"><w:body><w:p><w:r/></w:p></w:body></w:document>')
    run = next(root.iter(f"{{{_W}}}r"))
    run.set(attribute, value)
    with pytest.raises(DomainError) as caught:
        check_elements(root, "word/document.xml")
    assert caught.value.code == "template.forbidden"
    run.set(attribute.replace("link", "embed"), "rId1")
    run.attrib.pop(f"{{{_R}}}link", None)
    check_elements(root, "word/document.xml")
