"""The instruments of founding a cluster and applying for it, in the order of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from doc_service.domain.bodies import BodyRules
from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.cluster.icra_orqani_mektubu import icra_orqani_mektubu
from doc_service.instruments.cluster.klaster_nizamname import klaster_nizamname
from doc_service.instruments.cluster.klaster_tedbirler_plani import klaster_tedbirler_plani
from doc_service.instruments.cluster.klaster_terkib_qerari import klaster_terkib_qerari
from doc_service.instruments.cluster.klaster_tesis_protokolu import klaster_tesis_protokolu
from doc_service.instruments.cluster.klaster_umumi_yigincaq_protokolu import klaster_umumi_yigincaq_protokolu
from doc_service.instruments.cluster.klaster_uygunluq_erizesi import klaster_uygunluq_erizesi
from doc_service.instruments.cluster.klaster_yaradilmasi_sazisi import klaster_yaradilmasi_sazisi
from doc_service.instruments.cluster.klaster_yol_xeritesi import klaster_yol_xeritesi
from doc_service.instruments.cluster.portal_istinad_materiallari import portal_istinad_materiallari


def founding_instruments(rules: Mapping[str, BodyRules]) -> tuple[AnyInstrument, ...]:
    """10 to 15: founding and governing."""
    return (
        klaster_yol_xeritesi(),
        klaster_tesis_protokolu(rules),
        klaster_tedbirler_plani(),
        klaster_umumi_yigincaq_protokolu(rules),
        klaster_yaradilmasi_sazisi(),
        klaster_nizamname(),
    )


def membership_instruments(rules: Mapping[str, BodyRules]) -> tuple[AnyInstrument, ...]:
    """20: decisions on membership."""
    return (klaster_terkib_qerari(rules),)


def application_instruments() -> tuple[AnyInstrument, ...]:
    """25 to 27: the application for the check of compliance."""
    return (klaster_uygunluq_erizesi(), icra_orqani_mektubu(), portal_istinad_materiallari())
