"""From a request to the unsigned PDF/A-3b: fill, convert, find the anchors, normalise, embed, place the fields."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import rfc8785
from pikepdf import Pdf

from doc_service.domain.audit_events import timestamp
from doc_service.domain.errors import DomainError
from doc_service.ports import RenderedPdf, RenderRequest
from doc_service.ports_pictures import DiagramRenderer
from doc_service.rendering.anchors import field_boxes, remove_destinations
from doc_service.rendering.fill import TemplateFiller
from doc_service.rendering.fonts import FontCatalogue, font_names
from doc_service.rendering.freed import give_back
from doc_service.rendering.pages import text_pages
from doc_service.rendering.pdfa import AssociatedFile, DocumentMarks, attach, normalise, open_converted, save
from doc_service.rendering.pictures import prepare
from doc_service.rendering.qr_drawing import describe_codes
from doc_service.rendering.templates import StoredTemplate, TemplateStore
from signing.api import FieldBox, SigningError

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DATA, SOURCE, PROVENANCE = "data.json", "source.docx", "provenance.json"


class Converter(Protocol):
    """DOCX to tagged PDF/A-3b with bookmarks as named destinations; ``OfficePool`` is one."""

    def convert(self, document: bytes) -> bytes: ...


class FieldMarker(Protocol):
    """Puts signature fields into a PDF that is open; ``signing.fields.PdfFieldPlacer`` is one."""

    def mark(self, document: Pdf, boxes: Sequence[FieldBox]) -> None:
        """Raises ``SigningError``."""
        ...


class OfficeRenderer:
    """``Renderer`` over LibreOffice. ``converter_version`` is asked once, when the first document is made."""

    def __init__(
        self,
        templates: TemplateStore,
        filler: TemplateFiller,
        converter: Converter,
        placer: FieldMarker,
        fonts: FontCatalogue,
        converter_version: Callable[[], str],
        diagrams: DiagramRenderer,
    ) -> None:
        self._templates = templates
        self._filler = filler
        self._converter = converter
        self._placer = placer
        self._fonts = fonts
        self._ask_version = converter_version
        self._diagrams = diagrams

    @property
    def hosts(self) -> Sequence[int]:
        """Process ids of the converter that run now; for metrics."""
        hosts: Sequence[int] = getattr(self._converter, "hosts", ())
        return hosts

    @cached_property
    def _version(self) -> str:
        return self._ask_version()

    def template_sha256(self, template: str) -> str:
        """As ``Renderer.template_sha256``."""
        return self._templates.get(template).sha256

    def render(self, request: RenderRequest) -> RenderedPdf:
        """As ``Renderer.render``; also "template.anchor_cell", "template.anchor_misplaced", "picture.unusable" and
        "diagram.*". Equal requests give equal bytes on the same template, fonts, converter and Graphviz version.
        ``ValueError`` for data that is not JSON, ``TypeError`` for a context that is not plain data."""
        template = self._templates.get(request.template)
        data = canonical(request.data)
        docx = self._filler.fill(
            template.content,
            request.context,
            request.fields,
            title=request.title,
            language=request.language,
            issued_at=request.issued_at,
            box=template.box,
            pictures=prepare(request.pictures, self._diagrams),
        )
        converted = self._converter.convert(docx)
        give_back(len(converted))
        made = self._finished(request, template, converted, data, docx)
        give_back(len(converted))
        return made

    def _finished(
        self, request: RenderRequest, template: StoredTemplate, converted: bytes, data: bytes, docx: bytes
    ) -> RenderedPdf:
        with open_converted(converted) as pdf:
            boxes = _boxes(pdf, request, template)
            remove_destinations(pdf)
            describe_codes(pdf, docx)
            normalise(pdf, DocumentMarks(request.title, request.language, request.issued_at))
            provenance = canonical(self._provenance(request, template, pdf, data, docx))
            attach(pdf, (*_files(data, docx, provenance), *_enclosed(request)), request.issued_at)
            self._place(pdf, boxes)
            return RenderedPdf(save(pdf), docx, template.sha256, len(pdf.pages), text_pages(pdf))

    def _place(self, pdf: Pdf, boxes: Sequence[FieldBox]) -> None:
        if not boxes:
            return
        try:
            self._placer.mark(pdf, boxes)
        except SigningError as error:
            raise DomainError("render.failed", reason=f"signature fields: {error}") from error

    def _provenance(
        self, request: RenderRequest, template: StoredTemplate, pdf: Pdf, data: bytes, docx: bytes
    ) -> dict[str, Any]:
        if "rendering" in request.provenance:
            raise ValueError("the provenance key 'rendering' is written by the renderer")
        return {
            **request.provenance,
            "rendering": {
                "template": {"name": template.name, "sha256": template.sha256},
                "data_sha256": hashlib.sha256(data).hexdigest(),
                "docx_sha256": hashlib.sha256(docx).hexdigest(),
                "converter": self._version,
                "fonts": self._fonts.describe(font_names(pdf)),
                "issued_at": timestamp(request.issued_at),
                "language": request.language,
            },
        }


def _boxes(pdf: Pdf, request: RenderRequest, template: StoredTemplate) -> tuple[FieldBox, ...]:
    if not request.fields:
        return ()
    if template.box is None:
        raise DomainError("template.broken", reason=f"{template.name}.toml has no [signature] width and height")
    return field_boxes(pdf, request.fields, template.box)


def _files(data: bytes, docx: bytes, provenance: bytes) -> tuple[AssociatedFile, ...]:
    return (
        AssociatedFile(DATA, data, "application/json", "Data", "Sənədin məlumatları"),
        AssociatedFile(SOURCE, docx, _DOCX, "Source", "Doldurulmuş şablon"),
        AssociatedFile(PROVENANCE, provenance, "application/json", "Supplement", "Sənədin mənşəyi"),
    )


def _enclosed(request: RenderRequest) -> tuple[AssociatedFile, ...]:
    """Raises ``ValueError`` for a name that is taken."""
    names = [DATA, SOURCE, PROVENANCE, *(a.name for a in request.attachments)]
    if len(set(names)) != len(names):
        raise ValueError("two attached files with one name")
    return tuple(AssociatedFile(a.name, a.content, a.mime, a.relationship, a.description) for a in request.attachments)


def canonical(value: Mapping[str, Any]) -> bytes:
    """RFC 8785 bytes of a mapping of JSON values; raises ``ValueError`` naming what is not JSON."""
    try:
        return rfc8785.dumps(_json(value))
    except rfc8785.CanonicalizationError as error:
        raise ValueError(f"not canonical JSON: {error}") from error


def _json(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_json(item) for item in value]
    return value
