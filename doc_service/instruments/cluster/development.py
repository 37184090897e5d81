"""The instruments of a cluster's development, in the order of the catalogue (INSTRUMENTS §3, 21 to 24)."""

from __future__ import annotations

from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.cluster.birge_layihe_pasportu import birge_layihe_pasportu


def development_instruments() -> tuple[AnyInstrument, ...]:
    """Passport, programme, joint project, functional map."""
    return (birge_layihe_pasportu(),)
