"""Meetings: convened, held, and what a protocol is drafted from."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from doc_service.api.etags import Expected, etag, shown
from doc_service.api.idempotency import NewId
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.schemas.common import Moment
from doc_service.api.v1.schemas.meeting_views import MeetingSummary, MeetingView, meeting_summary, meeting_view
from doc_service.api.v1.schemas.meetings import MeetingInput, RecordInput
from doc_service.domain.authorisation import Permission
from doc_service.domain.errors import ConflictError
from doc_service.domain.meetings import MeetingState
from doc_service.instruments.fields import Identifier
from doc_service.ports_queries import MeetingFilter

router: APIRouter = guarded_router("/v1/meetings", "meetings")
MeetingId = Annotated[Identifier, Path(description="The meeting's id")]


@router.get("", summary="Meetings, the latest first", responses=problems("paging.bad_cursor"))
def list_meetings(
    guard: TheGuard,
    page: PageAsked,
    response: Response,
    body_id: Identifier | None = None,
    state: MeetingState | None = None,
    opens_from: Annotated[Moment | None, Query(description="Inclusive")] = None,
    opens_before: Annotated[Moment | None, Query(description="Exclusive")] = None,
) -> PageView[MeetingSummary]:
    everybody = guard.whole(Permission.MEETING_READ)
    with guard.reading() as uow:
        own = None if everybody else guard.concern(uow).body_ids
        asked = None if body_id is None else frozenset({body_id})
        bodies = asked if own is None else own if asked is None else own & asked
        wanted = MeetingFilter(body_ids=bodies, state=state, opens_from=opens_from, opens_before=opens_before)
        found = uow.queries.meetings(wanted, page.slice)
    return page.view(found, meeting_summary, response)


@router.post(
    "",
    status_code=201,
    response_model=MeetingView,
    summary="Convene a meeting (001 §5.8)",
    responses=problems("body.not_found", "notice.too_late", "meeting.not_new"),
)
def convene(wanted: MeetingInput, guard: TheGuard, request: Request, new_id: NewId) -> Response:
    guard.require(Permission.MEETING_WRITE)
    meeting = wanted.to_domain(wanted.id or new_id("meeting"))
    stored = guard.use.convene_meeting(meeting, guard.actor)
    view = meeting_view(stored, personal=guard.personal)
    return shown(request, view, etag(stored.version), 201, f"/v1/meetings/{stored.id}")


@router.get(
    "/{meeting_id}",
    response_model=MeetingView,
    summary="A meeting with agenda, attendance and votes",
    responses={**problems("meeting.not_found"), **NOT_MODIFIED},
)
def get_meeting(meeting_id: MeetingId, guard: TheGuard, request: Request) -> Response:
    meeting = guard.meeting(meeting_id)
    return shown(request, meeting_view(meeting, personal=guard.personal), etag(meeting.version))


@router.put(
    "/{meeting_id}/record",
    response_model=MeetingView,
    summary="Record what happened (001 §5.9)",
    responses=problems("meeting.not_found", "meeting.already_recorded", "quorum.not_met", *CHANGING),
)
def record(meeting_id: MeetingId, held: RecordInput, guard: TheGuard, expected: Expected, request: Request) -> Response:
    """Every broken rule is told at once. The same record again changes nothing."""
    meeting = guard.meeting(meeting_id, Permission.MEETING_WRITE)
    expected.require(etag(meeting.version))
    saved = guard.use.record_meeting(meeting_id, held.to_domain(), guard.actor)
    return shown(request, meeting_view(saved, personal=guard.personal), etag(saved.version))


@router.get(
    "/{meeting_id}/protocol-data",
    summary="The data of a protocol of this meeting",
    responses=problems("meeting.not_found", "state.not_allowed"),
)
def protocol_data(meeting_id: MeetingId, guard: TheGuard) -> dict[str, Any]:
    """Made from the record, ready to be drafted as instrument "kq-protokol"."""
    meeting = guard.meeting(meeting_id, Permission.MEETING_WRITE)
    if meeting.state is not MeetingState.HELD:
        raise ConflictError("state.not_allowed", "", aggregate="meeting", state=str(meeting.state), action="draft")
    body = guard.body(meeting.body_id)
    return dict(guard.api.service.protocol.from_meeting(body, meeting))
