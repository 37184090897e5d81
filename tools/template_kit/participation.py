"""The templates of taking part in a cluster, in the order of the catalogue."""

from __future__ import annotations

from template_kit import (
    klaster_anket,
    klaster_istirak_sazisi,
    klaster_qosulma_erizesi,
    klaster_qosulma_vereqesi,
    klaster_reyestr,
)
from template_kit.manifest import Template


def participation_templates() -> tuple[Template, ...]:
    """16 to 19."""
    return (
        klaster_istirak_sazisi.build(),
        klaster_qosulma_vereqesi.build(),
        klaster_qosulma_erizesi.build(),
        klaster_anket.build(),
        klaster_reyestr.build(),
    )
