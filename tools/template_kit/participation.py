"""The templates of taking part in a cluster, in the order of the catalogue."""

from __future__ import annotations

from template_kit import klaster_reyestr
from template_kit.manifest import Template


def participation_templates() -> tuple[Template, ...]:
    """16 to 19."""
    return (klaster_reyestr.build(),)
