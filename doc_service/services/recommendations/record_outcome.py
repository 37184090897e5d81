"""Records that a recommendation was heeded or not, and what the state body answered (001 §3.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.recommendations import Answer, RecommendationAction, RecommendationOutcome, next_state
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.reasons import checked_reason

INSTRUMENT: Final = "kq-tovsiye"
IN_FORCE: Final = frozenset({DocumentState.IN_FORCE, DocumentState.ARCHIVED})
_EVENTS: Final = {
    RecommendationAction.HEED: Action.RECOMMENDATION_HEEDED,
    RecommendationAction.DISREGARD: Action.RECOMMENDATION_NOT_HEEDED,
    RecommendationAction.REOPEN: Action.RECOMMENDATION_REOPENED,
}


@dataclass(frozen=True, slots=True)
class OutcomeSaid:
    """What the secretariat notes: ``on`` which day (Baku) it holds, why, and the body's letter (None: no letter)."""

    action: RecommendationAction
    on: date
    reason: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """One more record of a recommendation in force. Raises ``NotFoundError`` "recommendation.not_one", ``DomainError``
    "recommendation.in_future", "recommendation.answer_later", "recommendation.too_early", "recommendation.in_term",
    "recommendation.reason_missing", "reason.too_long"; ``ConflictError`` for a step that its state does not allow."""

    work: Workspace

    def __call__(self, document_id: str, said: OutcomeSaid, actor: str) -> RecommendationOutcome:
        now = self.work.clock.now()
        if said.on > baku_date(now):
            raise DomainError("recommendation.in_future", "on", on=said.on.isoformat())
        if said.answer is not None and said.answer.dated > said.on:
            days = {"dated": said.answer.dated.isoformat(), "on": said.on.isoformat()}
            raise DomainError("recommendation.answer_later", "answer.dated", **days)
        reason = checked_reason(said.reason, "recommendation.reason_missing")
        with self.work.uow() as uow:
            document = recommendation(uow, document_id)
            assert document.registration is not None
            state = next_state(
                uow.recommendations.of_document(document_id),
                said.action,
                on=said.on,
                adopted_on=document.registration.registered_on,
                term=term_of(document),
                answered=said.answer is not None,
            )
            outcome = RecommendationOutcome(
                self.work.ids.new(), document_id, said.action, state, said.on, reason, said.answer, actor, now
            )
            uow.recommendations.add(outcome)
            details = {"outcome": outcome.id, "state": str(state), "on": said.on.isoformat()}
            self.work.record(uow, actor, _EVENTS[said.action], ("document", document_id), details)
            uow.commit()
        return outcome


def recommendation(uow: UnitOfWork, document_id: str) -> Document:
    """The recommendation in force; raises ``NotFoundError`` "recommendation.not_one" for any other document."""
    document = uow.documents.get(document_id)
    if document.instrument != INSTRUMENT or document.state not in IN_FORCE:
        raise NotFoundError("recommendation.not_one", "document_id", document=document_id)
    return document


def term_of(document: Document) -> date | None:
    """The last day on which the body may follow it; None: none was set."""
    term = document.data["term"]
    return date.fromisoformat(term) if term else None
