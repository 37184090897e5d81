"""Which template a new document is made from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from doc_service.domain.templates import in_use
from doc_service.instruments.base import AnyInstrument
from doc_service.ports import UnitOfWork


def template_of(uow: UnitOfWork, instrument: AnyInstrument, day: date) -> str:
    """The name of the version that is in use on ``day``; the packaged one unless the secretariat has its own."""
    chosen = in_use(uow.templates.of_instrument(instrument.id), day)
    return instrument.template if chosen is None else chosen.name


def sample_context(instrument: AnyInstrument) -> Mapping[str, Any]:
    """What the instrument's own sample prints."""
    return instrument.context(instrument.validate(instrument.sample()))
