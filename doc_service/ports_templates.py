"""Where uploaded templates are kept, and what judges them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from doc_service.domain.templates import TemplateCheck, TemplateHistory, TemplateMove, TemplateVersion


class Templates(Protocol):
    """Versions and their moves; both only grow."""

    def add(self, version: TemplateVersion, content: bytes) -> None:
        """``ConflictError`` "template.exists" when the name is taken."""
        ...

    def get(self, name: str) -> TemplateHistory:
        """``NotFoundError`` "template.version_not_found"."""
        ...

    def find(self, name: str) -> TemplateHistory | None: ...

    def content(self, name: str) -> bytes:
        """The DOCX as uploaded; ``NotFoundError`` "template.version_not_found"."""
        ...

    def of_instrument(self, instrument: str) -> Sequence[TemplateHistory]:
        """By number."""
        ...

    def move(self, move: TemplateMove) -> None: ...


@dataclass(frozen=True, slots=True)
class PackagedTemplate:
    """A template that came with the program."""

    name: str
    content: bytes
    manifest: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is judged: ``content`` and ``manifest`` of the new version, ``context`` of the instrument's sample."""

    name: str
    content: bytes
    manifest: str
    context: Mapping[str, Any]


class TemplateJudge(Protocol):
    """Checks of the file, and of the sample that was made with it."""

    def manifest(self, previous: str, content: bytes, reconstructed: Sequence[str] | None) -> str:
        """The manifest of a new version: the previous one with the page as ``content`` has it. Raises ``DomainError``
        "template.broken"."""
        ...

    def judge(self, candidate: Candidate) -> tuple[TemplateCheck, ...]:
        """Package, variables, fonts, page: every finding."""
        ...

    def rendered(self, pdf: bytes) -> tuple[TemplateCheck, ...]:
        """Fonts and PDF/A of the sample."""
        ...


@dataclass(frozen=True, slots=True)
class PageDifference:
    """One page beside its forerunner: ``share`` of the pixels that differ, 0.0 to 1.0; ``png``: old, new, and the
    difference in red, side by side."""

    page: int
    share: float
    png: bytes


class PageComparer(Protocol):
    """Draws two PDFs and compares them page by page."""

    def __call__(self, old: bytes, new: bytes) -> Sequence[PageDifference]: ...


class PackagedTemplates(Protocol):
    """``NotFoundError`` "template.not_found"."""

    def __call__(self, name: str) -> PackagedTemplate: ...
