"""``klaster-funksional-xerite``: the functional map, drawn from data, with its explanatory note (003 §5.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from doc_service.domain.azerbaijani import long_date
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.azerbaijani_numbers import ordinal
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.domain.pictures import Diagram, Illustration
from doc_service.instruments.base import NO_STAND_INS, Instrument, PageLimit, Signatory, StandIns
from doc_service.instruments.cluster.common import cluster_faults, organisation_faults
from doc_service.instruments.cluster.development_parts import approved_lines, head_and_seal, sealed_rows
from doc_service.instruments.cluster.map_check import map_faults
from doc_service.instruments.cluster.map_cooperation import cooperation_diagrams, effect_diagrams
from doc_service.instruments.cluster.map_data import FunctionalMapData
from doc_service.instruments.cluster.map_schemes import organisation_diagram, project_diagram
from doc_service.instruments.cluster.map_text import (
    COOPERATION,
    EFFECT,
    FORMULAS,
    ORGANISATION,
    PROJECT,
    Legend,
    calculations,
    deliveries,
    effects,
    legend_rows,
    places,
)
from doc_service.instruments.samples.functional_map import functional_map_sample
from doc_service.instruments.wording import BLANK_DATE, BLANK_NUMBER, paragraphs

WIDTH_MM: Final = 380.0
_HEIGHT_MM, _HEIGHT_WITH_LEGEND_MM, _HEIGHT_WITH_SHORT_LEGEND_MM = 232.0, 148.0, 205.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One A3 sheet: its heading, the DOT source, and the legend under it (only on a scheme's last sheet)."""

    title: str
    source: str
    legend: Legend = ()

    @property
    def height(self) -> float:
        """Room for the diagram, millimetres."""
        if not self.legend:
            return _HEIGHT_MM
        return _HEIGHT_WITH_SHORT_LEGEND_MM if len(self.legend) <= len(PROJECT) else _HEIGHT_WITH_LEGEND_MM


def map_sheets(data: FunctionalMapData) -> tuple[Sheet, ...]:
    """Every sheet of the map, in the order of Əlavə 7 to 10."""
    return tuple(_sheets(data))


def _sheets(data: FunctionalMapData) -> Iterator[Sheet]:
    yield Sheet("Sənaye klasterinin təşkilati-funksional sxemi", organisation_diagram(data), ORGANISATION)
    yield from _numbered(
        "Sənaye klasterinin istehsal-texnoloji kooperasiyasının sxemi", cooperation_diagrams(data), COOPERATION
    )
    for project in data.projects:
        yield Sheet(f"Birgə layihənin idarəedilməsi sxemi: «{project.name}»", project_diagram(data, project), PROJECT)
    for project in data.projects:
        title = f"Birgə layihənin sənaye klasterinin istehsal-texnoloji kooperasiyasına təsiri sxemi: «{project.name}»"
        yield from _numbered(title, effect_diagrams(data, project), EFFECT)


def _numbered(title: str, sources: list[str], legend: Legend) -> Iterator[Sheet]:
    count = len(sources)
    for n, source in enumerate(sources, 1):
        yield Sheet(f"{title} (vərəq {n}/{count})" if count > 1 else title, source, legend if n == count else ())


@dataclass(frozen=True, kw_only=True)
class KlasterFunksionalXerite(Instrument[FunctionalMapData]):
    def check(self, data: FunctionalMapData) -> tuple[Fault, ...]:
        """What is named exists, the chain ends in a final product, no part exceeds its whole (003 §5.3.2–5.3.5)."""
        return (
            *cluster_faults(data.cluster),
            *organisation_faults(data.organisation.organisation, "organisation.organisation"),
            *map_faults(data),
        )

    def signatories(self, data: FunctionalMapData) -> tuple[Signatory, ...]:
        """The head of the specialised organisation (003 §5.2), and its seal."""
        return head_and_seal(data.cluster, data.organisation)

    def pictures(self, data: FunctionalMapData) -> tuple[Illustration, ...]:
        """The diagrams, one a sheet; Graphviz draws them, and they are printed as vectors."""
        return tuple(
            Diagram(f"sheet_{n:03d}", sheet.source, sheet.title, WIDTH_MM, sheet.height)
            for n, sheet in enumerate(map_sheets(data), 1)
        )

    def context(
        self, data: FunctionalMapData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        return {
            "line": {
                "date": long_date(registration.registered_on) if registration else BLANK_DATE,
                "number": registration.number if registration else BLANK_NUMBER,
            },
            "approved": approved_lines(data.organisation, data.approval),
            "cluster": genitive(data.cluster.name),
            "territory": data.cluster.territory,
            "year": ordinal(data.year),
            "sheets": [
                {"no": f"{n}.", "title": s.title, "picture": f"sheet_{n:03d}", "legend": legend_rows(s.legend)}
                for n, s in enumerate(map_sheets(data), 1)
            ],
            "places": places(data),
            "note": [{"title": s.title, "text": paragraphs(s.text)} for s in data.note],
            "formulas": list(FORMULAS),
            "calculations": calculations(data),
            "deliveries": deliveries(data),
            "composition": list(data.final_composition),
            "effects": effects(data),
            **sealed_rows(self.signatories(data), data.organisation, stand_ins),
        }

    def page_limit(self) -> PageLimit:
        """003 §5.3.3: the note has 15 to 20 pages."""
        return PageLimit(15, 20, "003 §5.3.3")

    def sample(self) -> dict[str, Any]:
        return functional_map_sample()


def klaster_funksional_xerite() -> KlasterFunksionalXerite:
    """The instrument of 003 §5.3, Əlavə 7–10."""
    return KlasterFunksionalXerite(
        model=FunctionalMapData,
        id="klaster-funksional-xerite",
        title_az="Sənaye klasterinin funksional xəritəsi",
        title_en="Functional map of the industrial cluster",
        template="klaster-funksional-xerite.v1",
        journal="KL-FX",
        journal_title="Sənaye klasterlərinin funksional xəritələrinin qeydiyyatı jurnalı",
        case_index="KL-07",
        sources=("003 §5.2", "003 §5.3", "003 Əlavə 7", "003 Əlavə 8", "003 Əlavə 9", "003 Əlavə 10"),
    )
