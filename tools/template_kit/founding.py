"""The templates of founding a cluster and applying for it, in the order of the catalogue."""

from __future__ import annotations

from template_kit import (
    icra_orqani_mektubu,
    klaster_nizamname,
    klaster_tedbirler_plani,
    klaster_terkib_qerari,
    klaster_tesis_protokolu,
    klaster_umumi_yigincaq_protokolu,
    klaster_uygunluq_erizesi,
    klaster_yaradilmasi_sazisi,
    klaster_yol_xeritesi,
    portal_istinad_materiallari,
)
from template_kit.manifest import Template


def founding_templates() -> tuple[Template, ...]:
    """10 to 15: founding and governing."""
    return (
        klaster_yol_xeritesi.build(),
        klaster_tesis_protokolu.build(),
        klaster_tedbirler_plani.build(),
        klaster_umumi_yigincaq_protokolu.build(),
        klaster_yaradilmasi_sazisi.build(),
        klaster_nizamname.build(),
    )


def membership_templates() -> tuple[Template, ...]:
    """20: decisions on membership."""
    return (klaster_terkib_qerari.build(),)


def application_templates() -> tuple[Template, ...]:
    """25 to 27: the application for the check of compliance."""
    return (klaster_uygunluq_erizesi.build(), icra_orqani_mektubu.build(), portal_istinad_materiallari.build())
