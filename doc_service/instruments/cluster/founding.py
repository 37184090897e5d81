"""The instruments of founding a cluster and applying for it, in the order of the catalogue (INSTRUMENTS §3)."""

from __future__ import annotations

from collections.abc import Mapping

from doc_service.domain.bodies import BodyRules
from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.cluster.klaster_tedbirler_plani import klaster_tedbirler_plani
from doc_service.instruments.cluster.klaster_tesis_protokolu import klaster_tesis_protokolu
from doc_service.instruments.cluster.klaster_umumi_yigincaq_protokolu import klaster_umumi_yigincaq_protokolu
from doc_service.instruments.cluster.klaster_yol_xeritesi import klaster_yol_xeritesi


def founding_instruments(rules: Mapping[str, BodyRules]) -> tuple[AnyInstrument, ...]:
    """10 to 15: founding and governing."""
    return (
        klaster_yol_xeritesi(),
        klaster_tesis_protokolu(rules),
        klaster_tedbirler_plani(),
        klaster_umumi_yigincaq_protokolu(rules),
    )
