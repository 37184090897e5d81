"""Calendar files (RFC 5545) of what a person has to keep in mind."""

from __future__ import annotations

from fastapi import APIRouter, Response

from doc_service.api.problem_docs import problems
from doc_service.api.ranges import disposition
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import Responses
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.meetings import MeetingId
from doc_service.api.v1.requests import MISSING, RequestId

router: APIRouter = guarded_router("/v1", "calendars")
_EXAMPLE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:imza-5f1c@kobia.example\r\n"
    "DTSTART:20260315T133000Z\r\nDURATION:PT30M\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
_FILE: Responses = {
    200: {
        "description": "The calendar file",
        "content": {"text/calendar": {"schema": {"type": "string"}, "example": _EXAMPLE}},
    }
}


@router.get(
    "/signature-requests/{request_id}/calendar",
    response_class=Response,
    summary="The deadline for a calendar",
    responses={**_FILE, **problems(MISSING, "deadline.none")},
)
def deadline(request_id: RequestId, guard: TheGuard) -> Response:
    """The same entry as in the letters: taking it in again changes it, or takes it out when nothing is to be signed any
    more. It names neither document nor person."""
    guard.request(request_id)
    return _file(guard.use.deadline_calendar(request_id), "imza-muddeti.ics")


@router.get(
    "/meetings/{meeting_id}/calendar",
    response_class=Response,
    summary="A meeting for a calendar",
    responses={**_FILE, **problems("meeting.not_found")},
)
def meeting(meeting_id: MeetingId, guard: TheGuard) -> Response:
    """When, where and of which body; the agenda is not in it."""
    guard.meeting(meeting_id)
    return _file(guard.use.meeting_calendar(meeting_id), "iclas.ics")


def _file(text: str, name: str) -> Response:
    headers = {"content-disposition": disposition(name), "cache-control": "private, no-store"}
    return Response(text.encode(), media_type="text/calendar; charset=utf-8", headers=headers)
