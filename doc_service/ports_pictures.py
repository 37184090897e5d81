"""Drawing of diagrams: a port of its own, since what draws them is a program outside the service."""

from __future__ import annotations

from typing import Protocol


class DiagramRenderer(Protocol):
    def svg(self, source: str) -> bytes:
        """The diagram of a DOT ``source`` as SVG that holds shapes and text only; equal sources give equal bytes on the
        same version of the program. ``DomainError`` "diagram.failed", "diagram.timeout"."""
        ...
