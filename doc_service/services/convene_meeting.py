"""Convenes a meeting: the agenda and its documents reach the members in time (001 §5.6.1, §5.8)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.meetings import Meeting, MeetingState
from doc_service.domain.notice import notice_faults
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class ConveneMeeting:
    """Stores a convened meeting and the fact of its notice. The same meeting again gives the stored one.

    Raises ``DomainError`` with the notice faults when the period of 001 §5.8 was not kept and no reason is given.
    """

    work: Workspace

    def __call__(self, meeting: Meeting, actor: str) -> Meeting:
        with self.work.uow() as uow:
            known = uow.meetings.find(meeting.id)
            if known is not None:
                return known
            body = uow.bodies.get(meeting.body_id)
            faults = notice_faults(body.rules, meeting)
            if faults:
                raise DomainError.of(faults)
            if meeting.state is not MeetingState.CONVENED or meeting.items or meeting.attendance:
                raise DomainError("meeting.not_new", "state")
            uow.meetings.add(meeting)
            subject = ("meeting", meeting.id)
            details = {"kind": str(meeting.kind), "number": meeting.number, "items": len(meeting.agenda)}
            self.work.record(uow, actor, Action.MEETING_CONVENED, subject, details)
            notice = {"delivered_on": meeting.documents_delivered_on.isoformat(), "late_reason": meeting.late_reason}
            self.work.record(uow, actor, Action.MEETING_NOTICE_SENT, subject, notice)
            uow.commit()
        return meeting
