"""The instruments of a cluster's development, in the order of the catalogue (003 §5)."""

from __future__ import annotations

from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.cluster.birge_layihe_pasportu import birge_layihe_pasportu
from doc_service.instruments.cluster.klaster_funksional_xerite import klaster_funksional_xerite
from doc_service.instruments.cluster.klaster_inkisaf_proqrami import klaster_inkisaf_proqrami
from doc_service.instruments.cluster.klaster_pasport import klaster_pasport


def development_instruments() -> tuple[AnyInstrument, ...]:
    """Passport, programme, joint project, functional map."""
    return (klaster_pasport(), klaster_inkisaf_proqrami(), birge_layihe_pasportu(), klaster_funksional_xerite())
