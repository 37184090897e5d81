"""The templates of founding a cluster and applying for it, in the order of the catalogue."""

from __future__ import annotations

from template_kit import (
    klaster_tedbirler_plani,
    klaster_tesis_protokolu,
    klaster_umumi_yigincaq_protokolu,
    klaster_yol_xeritesi,
)
from template_kit.manifest import Template


def founding_templates() -> tuple[Template, ...]:
    """10 to 15: founding and governing."""
    return (
        klaster_yol_xeritesi.build(),
        klaster_tesis_protokolu.build(),
        klaster_tedbirler_plani.build(),
        klaster_umumi_yigincaq_protokolu.build(),
    )
