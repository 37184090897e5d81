"""The duty calendar of a body, from its records (001 §5.9.2, §5.3.1, §5.6.10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from doc_service.domain.bodies import Body
from doc_service.domain.civil_time import baku_date
from doc_service.domain.duties import Deeds, Duty, duties
from doc_service.domain.meetings import MeetingState
from doc_service.ports import UnitOfWork
from doc_service.ports_queries import DocumentFilter
from doc_service.services.base import Workspace
from doc_service.services.recommendations.all_documents import all_documents
from doc_service.services.recommendations.record_outcome import IN_FORCE


@dataclass(frozen=True, slots=True)
class DutyCalendar:
    """``lead``: how long before its last day an undone duty is due soon."""

    work: Workspace
    lead: timedelta

    def __call__(self, body_id: str) -> tuple[Duty, ...]:
        """By due day; raises ``NotFoundError`` "body.not_found"."""
        with self.work.uow.reading() as uow:
            return self.of(uow, uow.bodies.get(body_id), baku_date(self.work.clock.now()))

    def of(self, uow: UnitOfWork, body: Body, today: date) -> tuple[Duty, ...]:
        meetings = uow.meetings.of_body(body.id)
        deeds = Deeds(
            since=min((m.since for m in body.members), default=today),
            held=[m.opens_at.date() for m in meetings if m.state is MeetingState.HELD],
            convened=[m.opens_at.date() for m in meetings if m.state is MeetingState.CONVENED],
            programmes=_years(uow, body.id, "kq-fealiyyet-proqrami"),
            reports=_years(uow, body.id, "kq-illik-hesabat"),
        )
        return duties(body.rules, deeds, today, self.lead)


def _years(uow: UnitOfWork, body_id: str, instrument: str) -> frozenset[int]:
    """Years for which the paper is in force."""
    wanted = DocumentFilter(instrument=instrument, body_id=body_id, states=IN_FORCE)
    return frozenset(document.data["year"] for document in all_documents(uow, wanted))
