"""Deadlines and meetings as files for a person's own calendar, the same entries as in letters."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.errors import NotFoundError
from doc_service.domain.signatures import UNFINISHED
from doc_service.services.base import Workspace
from doc_service.services.notice_text import NoticeText, deadline_uid


@dataclass(frozen=True, slots=True)
class DeadlineCalendar:
    """iCalendar text of the deadline of a request, for its signer; when nothing is to be signed any more, text that
    takes the entry out again. ``NotFoundError`` "deadline.none" for a request without one."""

    work: Workspace
    text: NoticeText

    def __call__(self, request_id: str) -> str:
        with self.work.uow.reading() as uow:
            request = uow.signatures.get(request_id)
        if request.due_at is None:
            raise NotFoundError("deadline.none", "request_id")
        uid, over = deadline_uid(request.id, request.signer.id), request.state not in UNFINISHED
        return self.text.calendar(uid, request.version, request.due_at, self.work.clock.now(), cancelled=over)


@dataclass(frozen=True, slots=True)
class MeetingCalendar:
    """iCalendar text of a meeting: when, where, of which body."""

    work: Workspace
    text: NoticeText

    def __call__(self, meeting_id: str) -> str:
        with self.work.uow.reading() as uow:
            meeting = uow.meetings.get(meeting_id)
            body = uow.bodies.get(meeting.body_id)
        return self.text.meeting(meeting, body, self.work.clock.now())
