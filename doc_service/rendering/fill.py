"""Filling DOCX templates: docxtpl's preparation of Word's XML, our sandboxed language, strict XML out.

docxtpl joins the runs that Word splits expressions into and knows ``{%tr``/``{%p``/``{%tc`` forms; it is used for
that. Its own rendering is not: it would compile a template for every document, let the XML parser repair what a
template broke, and rewrite ``{_{`` inside values.
"""

from __future__ import annotations

import hashlib
import io
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Template, TemplateSyntaxError
from lxml import etree

from doc_service.domain.errors import DomainError
from doc_service.ports import FieldSpec
from doc_service.rendering.anchors import BoxSize, check_anchors, check_cells, place_bookmarks
from doc_service.rendering.coreprops import set_core_properties
from doc_service.rendering.line_breaks import keep_numbers_whole
from doc_service.rendering.package import DOCUMENT, Parts, parse_xml, read_package, serialise, write_package
from doc_service.rendering.package_rules import W, check_elements, check_package
from doc_service.rendering.pictures import Placed, add_parts, place_pictures, refuse_marks
from doc_service.rendering.plain import plain
from doc_service.rendering.sandbox import TemplateSandbox

_FILLED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_DOC_PR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_TAGS = re.compile(r"<[^>]+>")
_TABLE, _GRID, _COLUMN, _ROW, _CELL = (f"{{{W}}}{n}" for n in ("tbl", "tblGrid", "gridCol", "tr", "tc"))


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """A checked template: its parts, and the compiled ones among them by name."""

    parts: Parts
    programs: Mapping[str, Template]


class TemplateFiller:
    """Fills templates; keeps the newest ``capacity`` compiled ones by the SHA-256 of their bytes. Thread-safe."""

    def __init__(self, capacity: int = 32) -> None:
        self._capacity = capacity
        self._sandbox = TemplateSandbox()
        self._compiled: OrderedDict[str, CompiledTemplate] = OrderedDict()
        self._lock = threading.Lock()

    def compile(self, content: bytes) -> CompiledTemplate:
        """Raises ``DomainError`` "template.broken", "template.forbidden" or "template.syntax"."""
        key = hashlib.sha256(content).hexdigest()
        with self._lock:
            if found := self._compiled.get(key):
                self._compiled.move_to_end(key)
                return found
        compiled = self._compile(content)
        with self._lock:
            self._compiled[key] = compiled
            while len(self._compiled) > self._capacity:
                self._compiled.popitem(last=False)
        return compiled

    def _compile(self, content: bytes) -> CompiledTemplate:
        parts = read_package(content)
        check_package(parts)
        helper = DocxTemplate(io.BytesIO())
        programs = {}
        for name in parts:
            if _FILLED.fullmatch(name):
                source = etree.tostring(parse_xml(parts[name], name), encoding="unicode")
                programs[name] = self._program(helper.patch_xml(source), name)
        return CompiledTemplate(parts, programs)

    def _program(self, source: str, name: str) -> Template:
        source = re.sub(r"<w:p([ >])", r"\n<w:p\1", source.replace("\n", " "))
        try:
            program = self._sandbox.compile(source, name)
        except TemplateSyntaxError as error:
            text = _TAGS.sub("", source.split("\n")[error.lineno - 1]).strip()[:80]
            place = f"{name}, paragraph {error.lineno - 1}: «{text}»"
            raise DomainError("template.syntax", place=place, reason=str(error.message)) from error
        return Template.from_code(self._sandbox, program, {})

    def fill(
        self,
        content: bytes,
        context: Mapping[str, Any],
        fields: Sequence[FieldSpec],
        *,
        title: str,
        language: str,
        issued_at: datetime,
        box: BoxSize | None = None,
        pictures: Sequence[Placed] = (),
    ) -> bytes:
        """The filled DOCX; equal arguments give equal bytes. Raises what ``compile`` does, and
        "template.unknown_variable", "template.anchor_missing", "template.picture_missing", and with ``box``
        "template.anchor_cell"; ``TypeError`` for a context that is not plain data."""
        compiled = self.compile(content)
        data = plain(context)
        parts = dict(compiled.parts)
        for name, program in compiled.programs.items():
            root = self._filled(program, data, name)
            if name != DOCUMENT:
                refuse_marks(root)
            else:
                place_pictures(root, pictures)
                check_anchors(root, fields)
                if box is not None:
                    check_cells(root, fields, box)
            for number, drawing in enumerate(root.iter(_DOC_PR), start=1):
                drawing.set("id", str(number))
            keep_numbers_whole(root)
            parts[name] = serialise(root)
        add_parts(parts, pictures)
        set_core_properties(parts, title=title, language=language, issued_at=issued_at)
        return write_package(parts)

    def _filled(self, program: Template, data: Mapping[str, Any], name: str) -> etree._Element:
        text = self._sandbox.fill(program, data).replace("\n<w:p ", "<w:p ").replace("\n<w:p>", "<w:p>")
        helper = DocxTemplate(io.BytesIO())
        if "\n" in text or "\t" in text:
            text = helper.resolve_listing(text)
        root = parse_xml(text.encode(), name)
        if name == DOCUMENT and any(map(_uneven, root.iter(_TABLE))):
            del root  # one tree at a time: that of a large registry takes a hundred megabytes
            root = helper.fix_tables(text)
        check_elements(root, name)
        place_bookmarks(root)
        return root


def _uneven(table: etree._Element) -> bool:
    """The widest row has other than a cell for each column of the grid, as loops over columns leave it: docxtpl puts
    that right, but reads and counts the whole text again, which a large registry need not pay for."""
    widest = max((len(row.findall(_CELL)) for row in table.iter(_ROW)), default=0)
    return widest != len(table.findall(f"{_GRID}/{_COLUMN}"))
