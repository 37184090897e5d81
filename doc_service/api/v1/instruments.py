"""The catalogue of instruments: what can be drafted, from which data."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from doc_service.api.context import TheApi
from doc_service.api.problem_docs import problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.schemas.common import View
from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.fields import Identifier

router: APIRouter = guarded_router("/v1/instruments", "instruments")
InstrumentId = Annotated[Identifier, Path(description="E.g. kq-protokol")]
_UNKNOWN = problems("instrument.unknown")


class TitleView(View):
    az: str
    en: str


class InstrumentView(View):
    """``sources``: the clauses it rests on; ``visa_units``: who must give a visa before registration."""

    id: str
    title: TitleView
    journal: str
    case_index: str
    retention: str
    sources: list[str]
    visa_units: list[str]


class CatalogueView(View):
    items: list[InstrumentView]


@router.get("", summary="The catalogue")
def catalogue(api: TheApi) -> CatalogueView:
    return CatalogueView(items=[_view(instrument) for instrument in api.service.registry.all()])


@router.get("/{instrument_id}", summary="One instrument", responses=_UNKNOWN)
def get_instrument(instrument_id: InstrumentId, api: TheApi) -> InstrumentView:
    return _view(api.service.registry.get(instrument_id))


@router.get("/{instrument_id}/schema", summary="JSON Schema (2020-12) of its data", responses=_UNKNOWN)
def get_schema(instrument_id: InstrumentId, api: TheApi) -> dict[str, Any]:
    return api.service.registry.schema(instrument_id)


@router.get("/{instrument_id}/sample", summary="Invented data that satisfy schema and rules", responses=_UNKNOWN)
def get_sample(instrument_id: InstrumentId, api: TheApi) -> dict[str, Any]:
    return api.service.registry.get(instrument_id).sample()


def _view(instrument: AnyInstrument) -> InstrumentView:
    return InstrumentView(
        id=instrument.id,
        title=TitleView(az=instrument.title_az, en=instrument.title_en),
        journal=instrument.journal,
        case_index=instrument.case_index,
        retention=instrument.retention,
        sources=list(instrument.sources),
        visa_units=list(instrument.visa_units),
    )
