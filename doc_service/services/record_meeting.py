"""Records what happened at a meeting: attendance, discussion and votes by name (001 §5.9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.meeting_check import check_meeting
from doc_service.domain.meetings import Attendance, Invited, ItemRecord, Meeting, MeetingState
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """The minutes as the secretary noted them."""

    closes_at: datetime
    attendance: Sequence[Attendance]
    invited: Sequence[Invited]
    items: Sequence[ItemRecord]
    annexes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RecordMeeting:
    """Closes a convened meeting with its record. Every broken rule is reported at once; the same record again is a
    no-op, another one is refused ("meeting.already_recorded")."""

    work: Workspace

    def __call__(self, meeting_id: str, record: MeetingRecord, actor: str) -> Meeting:
        with self.work.uow() as uow:
            meeting = uow.meetings.get(meeting_id)
            held = replace(
                meeting,
                closes_at=record.closes_at,
                attendance=tuple(record.attendance),
                invited=tuple(record.invited),
                items=tuple(record.items),
                annexes=tuple(record.annexes),
                state=MeetingState.HELD,
            )
            if meeting.state is MeetingState.HELD:
                if held != meeting:
                    raise ConflictError("meeting.already_recorded", "", number=meeting.number)
                return meeting
            body = uow.bodies.get(meeting.body_id)
            faults = check_meeting(body.rules, body.members_on(meeting.opens_at.date()), held)
            if faults:
                raise DomainError.of(faults)
            saved = uow.meetings.save(held)
            details = {"items": len(held.items), "attendance": len(held.attendance), "invited": len(held.invited)}
            self.work.record(uow, actor, Action.MEETING_HELD, ("meeting", meeting.id), details)
            uow.commit()
        return saved
