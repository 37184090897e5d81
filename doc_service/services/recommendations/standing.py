"""Where the recommendations of a body stand: what is recorded, and the appeals that followed (001 §3.1.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document
from doc_service.domain.recommendations import RecommendationOutcome, RecommendationState, appeal_fault, state_of
from doc_service.ports import UnitOfWork
from doc_service.ports_queries import DocumentFilter
from doc_service.services.base import Workspace
from doc_service.services.recommendations.all_documents import all_documents
from doc_service.services.recommendations.record_outcome import IN_FORCE, INSTRUMENT, recommendation, term_of

LETTER = "kq-mektub"


@dataclass(frozen=True, slots=True)
class Standing:
    """One recommendation. ``appeals``: letters to the Cabinet in force that name it. ``appealable``: whether an appeal
    may be made today; ``why_not``: the code of what stands against it ("" when nothing does)."""

    document: Document
    term: date | None
    state: RecommendationState
    outcomes: Sequence[RecommendationOutcome]
    appeals: tuple[Document, ...]
    why_not: str

    @property
    def appealable(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, slots=True)
class ShowRecommendations:
    work: Workspace

    def one(self, document_id: str) -> Standing:
        """Raises ``NotFoundError`` "recommendation.not_one"."""
        with self.work.uow.reading() as uow:
            document = recommendation(uow, document_id)
            outcomes = uow.recommendations.of_document(document_id)
            return self._standing(document, outcomes, _appeals(uow, document.body_id))

    def of_body(self, body_id: str, year: int | None = None) -> list[Standing]:
        """Those in force by day and number, of one year of registration or of all."""
        with self.work.uow.reading() as uow:
            found = recommendations_of(uow, body_id, year)
            outcomes = uow.recommendations.of_documents([d.id for d in found])
            appeals = _appeals(uow, body_id)
        return [self._standing(d, outcomes.get(d.id, ()), appeals) for d in found]

    def _standing(
        self, document: Document, outcomes: Sequence[RecommendationOutcome], appeals: Sequence[Document]
    ) -> Standing:
        state, term = state_of(outcomes), term_of(document)
        fault = appeal_fault(state, term, baku_date(self.work.clock.now()))
        named = tuple(a for a in appeals if a.data["recommendation"]["document_id"] == document.id)
        return Standing(document, term, state, outcomes, named, "" if fault is None else fault.code)


def recommendations_of(uow: UnitOfWork, body_id: str, year: int | None = None) -> list[Document]:
    """Recommendations of the body in force, by day and number."""
    found = all_documents(uow, DocumentFilter(instrument=INSTRUMENT, body_id=body_id, states=IN_FORCE))
    kept = [d for d in found if d.registration and (year is None or d.registration.registered_on.year == year)]
    return sorted(kept, key=_place)


def _appeals(uow: UnitOfWork, body_id: str) -> list[Document]:
    letters = all_documents(uow, DocumentFilter(instrument=LETTER, body_id=body_id, states=IN_FORCE))
    return sorted((d for d in letters if d.data["kind"] == "appeal"), key=_place)


def _place(document: Document) -> tuple[date, str]:
    assert document.registration is not None
    return document.registration.registered_on, document.registration.number
