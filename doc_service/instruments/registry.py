"""The instruments this service knows, as one immutable object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from doc_service.domain.bodies import ActKind, BodyRules
from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.domain.errors import NotFoundError
from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.cluster.development import development_instruments
from doc_service.instruments.cluster.erize_paketi import erize_paketi
from doc_service.instruments.cluster.founding import (
    application_instruments,
    founding_instruments,
    membership_instruments,
)
from doc_service.instruments.cluster.participation import participation_instruments
from doc_service.instruments.group.catalogue import group_instruments, nomenclature_instruments
from doc_service.instruments.kq_akt import kq_akt
from doc_service.instruments.kq_bildiris import kq_bildiris
from doc_service.instruments.kq_gundelik import kq_gundelik
from doc_service.instruments.kq_protokol import kq_protokol
from doc_service.instruments.records.sened_siyahisi import sened_siyahisi
from doc_service.instruments.records.suret import suret


class Registry:
    """Instruments by id, in the order of the catalogue."""

    def __init__(self, instruments: Iterable[AnyInstrument]) -> None:
        """Raises ``ValueError`` when two instruments share an id."""
        listed = tuple(instruments)
        self._by_id = MappingProxyType({i.id: i for i in listed})
        if len(self._by_id) != len(listed):
            raise ValueError("two instruments with one id")

    def get(self, instrument_id: str) -> AnyInstrument:
        """Raises ``NotFoundError`` "instrument.unknown", naming the known ids."""
        try:
            return self._by_id[instrument_id]
        except KeyError:
            known = ", ".join(self._by_id)
            raise NotFoundError("instrument.unknown", "instrument", id=instrument_id, known=known) from None

    def all(self) -> tuple[AnyInstrument, ...]:
        """Every instrument, in the order of the catalogue."""
        return tuple(self._by_id.values())

    def schema(self, instrument_id: str) -> dict[str, Any]:
        """The JSON Schema (2020-12) of an instrument's data; raises as ``get``."""
        return self.get(instrument_id).schema()


def default_registry(rules: Mapping[str, BodyRules] = BODY_KINDS) -> Registry:
    """The catalogue; ``rules`` by kind of body."""
    acts = (kq_akt(rules, kind) for kind in (ActKind.DECISION, ActKind.PROPOSAL, ActKind.RECOMMENDATION))
    return Registry(
        (
            kq_bildiris(rules),
            kq_gundelik(rules),
            kq_protokol(rules),
            *acts,
            *group_instruments(rules),
            *founding_instruments(rules),
            *participation_instruments(),
            *membership_instruments(rules),
            *development_instruments(),
            *application_instruments(),
            erize_paketi(),
            suret(),
            sened_siyahisi(),
            *nomenclature_instruments(),
        )
    )
