"""The instruments of taking part in a cluster, in the order of the catalogue (003 §4.15–4.17)."""

from __future__ import annotations

from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.cluster.klaster_anket import klaster_anket
from doc_service.instruments.cluster.klaster_istirak_sazisi import klaster_istirak_sazisi
from doc_service.instruments.cluster.klaster_qosulma_erizesi import klaster_qosulma_erizesi
from doc_service.instruments.cluster.klaster_qosulma_vereqesi import klaster_qosulma_vereqesi
from doc_service.instruments.cluster.klaster_reyestr import klaster_reyestr


def participation_instruments() -> tuple[AnyInstrument, ...]:
    """16 to 19: agreement and accession sheet, application, questionnaire, registry."""
    return (
        klaster_istirak_sazisi(),
        klaster_qosulma_vereqesi(),
        klaster_qosulma_erizesi(),
        klaster_anket(),
        klaster_reyestr(),
    )
