"""The yearly report, computed from the records of the year (001 §5.6.10, §5.7)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, cast

from doc_service.domain.bodies import ActKind
from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document
from doc_service.domain.errors import DomainError
from doc_service.domain.yearly_figures import RecommendationFigures, YearlyFigures, yearly_figures
from doc_service.instruments.group.kq_illik_hesabat import KqIllikHesabat
from doc_service.instruments.registry import Registry
from doc_service.ports import UnitOfWork
from doc_service.ports_queries import DocumentFilter
from doc_service.services.base import Workspace
from doc_service.services.make_act import INSTRUMENT_OF
from doc_service.services.recommendations.all_documents import all_documents
from doc_service.services.recommendations.record_outcome import IN_FORCE
from doc_service.services.recommendations.standing import ShowRecommendations, Standing


@dataclass(frozen=True, slots=True)
class YearlyReport:
    """The data of ``kq-illik-hesabat``, ready to be completed by the secretariat's words and drafted.

    Raises ``NotFoundError`` "body.not_found"; ``DomainError`` "report.year_not_begun", "report.votes_uncountable",
    "head.none"."""

    work: Workspace
    registry: Registry
    recommendations: ShowRecommendations

    def __call__(self, body_id: str, year: int, *, contact: str = "") -> dict[str, Any]:
        today = baku_date(self.work.clock.now())
        with self.work.uow.reading() as uow:
            body = uow.bodies.get(body_id)
        figures = self.figures(body_id, year)
        instrument = cast(KqIllikHesabat, self.registry.get("kq-illik-hesabat"))
        return instrument.from_figures(body, figures, today, contact=contact)

    def figures(self, body_id: str, year: int) -> YearlyFigures:
        """Meetings held, attendance, items, acts and recommendations of the year."""
        if year > baku_date(self.work.clock.now()).year:
            raise DomainError("report.year_not_begun", "year", year=year)
        with self.work.uow.reading() as uow:
            body = uow.bodies.get(body_id)
            meetings = uow.meetings.of_body(body_id)
            issued = _issued(uow, body_id, year)
        standings = self.recommendations.of_body(body_id, year)
        found = [_figures(standing) for standing in standings]
        return yearly_figures(body, year, meetings, issued=issued, recommendations=found)


def _issued(uow: UnitOfWork, body_id: str, year: int) -> Counter[ActKind]:
    """Acts that were registered in the year and are in force."""
    counts: Counter[ActKind] = Counter()
    for kind, instrument in INSTRUMENT_OF.items():
        wanted = DocumentFilter(instrument=instrument, body_id=body_id, states=IN_FORCE)
        counts[kind] = sum(_year(document) == year for document in all_documents(uow, wanted))
    return counts


def _year(document: Document) -> int:
    assert document.registration is not None
    return document.registration.registered_on.year


def _figures(standing: Standing) -> RecommendationFigures:
    registration = standing.document.registration
    assert registration is not None
    return RecommendationFigures(
        number=registration.number,
        registered_on=registration.registered_on,
        addressee=", ".join(standing.document.data["addressees"])[:400],
        term=standing.term,
        state=standing.state,
        appeals=tuple(a.registration.number for a in standing.appeals if a.registration),
    )
