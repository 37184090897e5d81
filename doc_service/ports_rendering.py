"""What makes a PDF of data and template, and reads what travels inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from doc_service.domain.pictures import Illustration


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A signature field the template reserves: ``name`` is the anchor in the DOCX, ``tooltip`` its spoken text."""

    name: str
    tooltip: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside the PDF as it is; ``relationship`` by ISO 19005-3, 6.8."""

    name: str
    content: bytes
    mime: str
    description: str
    relationship: str = "Source"


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """What a document is made from. ``template``: e.g. "kq-protokol.v1". ``context``: the variables of the template.
    ``data``: the instrument's data as entered; ``provenance``: what else travels inside (expectations, number).
    ``issued_at`` fixes every date in the file, so that the same input gives the same bytes. ``pictures``: for the
    template's picture marks."""

    template: str
    context: Mapping[str, Any]
    data: Mapping[str, Any]
    provenance: Mapping[str, Any]
    fields: tuple[FieldSpec, ...]
    title: str
    issued_at: datetime
    language: str = "az-Latn-AZ"
    pictures: tuple[Illustration, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """The unsigned PDF/A-3b with empty signature fields, and the filled DOCX that is also embedded in it.
    ``text_pages``: upright pages, which is what a limit of text pages counts; drawings and wide tables lie across."""

    pdf: bytes
    docx: bytes
    template_sha256: str
    pages: int
    text_pages: int = 0


class Renderer(Protocol):
    def template_sha256(self, template: str) -> str:
        """Hex digest of the template; ``DomainError`` "template.not_found"."""
        ...

    def render(self, request: RenderRequest) -> RenderedPdf:
        """``DomainError`` codes: "template.not_found", "template.broken", "template.unknown_variable",
        "template.forbidden", "template.syntax", "template.anchor_missing", "render.failed", "render.no_space",
        "render.timeout"."""
        ...


class EmbeddedReader(Protocol):
    """Reads the associated files of a PDF by name, within bounds; {} when there are none. Raises ``DomainError``
    "embedded.unreadable" / "embedded.too_large"."""

    def __call__(self, pdf: bytes) -> Mapping[str, bytes]: ...
