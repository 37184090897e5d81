"""The control-audit journal for auditors: read, proved, exported (002 §7.1.6, §7.1.15)."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi import Path as PathParameter

from doc_service.api.paging import PageAsked, PageView
from doc_service.api.problem_docs import problems
from doc_service.api.problems import ApiError
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import ZIP, Responses
from doc_service.api.v1.guard import TheGuard
from doc_service.api.v1.packages import zipped
from doc_service.api.v1.schemas.audit import AuditVerdict, EventView, event_view, verdict_view
from doc_service.api.v1.schemas.common import Moment
from doc_service.domain.audit_events import Action
from doc_service.domain.authorisation import Permission
from doc_service.instruments.fields import Identifier
from doc_service.ports_queries import EventFilter

router: APIRouter = guarded_router("/v1/audit", "audit")
_PROOF: Responses = {
    200: {"description": "A self-contained proof", "content": {"application/json": {"schema": {"type": "object"}}}}
}


@router.get("/events", summary="Events, newest first", responses=problems("paging.bad_cursor", "audit.subject_half"))
def events(
    guard: TheGuard,
    page: PageAsked,
    response: Response,
    subject_type: Identifier | None = None,
    subject_id: Identifier | None = None,
    actor: Identifier | None = None,
    action: Action | None = None,
    since: Annotated[Moment | None, Query(description="Inclusive")] = None,
    before: Annotated[Moment | None, Query(description="Exclusive")] = None,
) -> PageView[EventView]:
    """``subject_type`` and ``subject_id`` go together."""
    guard.require(Permission.AUDIT_READ)
    if (subject_type is None) is not (subject_id is None):
        raise ApiError("audit.subject_half", "query.subject_id")
    subject = (subject_type, subject_id) if subject_type and subject_id else None
    wanted = EventFilter(subject=subject, actor=actor or "", action=str(action or ""), since=since, before=before)
    with guard.reading() as uow:
        found = uow.queries.events(wanted, page.slice)
    return page.view(found, event_view, response)


@router.get("/verification", summary="Recompute the whole journal", responses=problems("storage.unavailable"))
def verify(guard: TheGuard) -> AuditVerdict:
    """From the stored events, against every checkpoint. Takes about a second for 100,000 events."""
    guard.require(Permission.AUDIT_READ)
    return verdict_view(guard.api.service.audit.verify())


@router.get(
    "/export",
    response_class=Response,
    summary="The whole journal with checkpoints and the offline verifier, as a ZIP",
    responses={**problems("storage.unavailable"), **ZIP},
)
def export(guard: TheGuard) -> Response:
    """A checkpoint is made first, and that the journal was handed out is recorded."""
    guard.require(Permission.AUDIT_READ)
    return zipped("audit", partial(guard.use.hand_out_log, actor=guard.actor))


@router.get(
    "/subjects/{subject_type}/{subject_id}/proof",
    response_class=Response,
    summary="Proof that the events of a subject are in the journal",
    responses={**problems("audit.no_events", "storage.unavailable"), **_PROOF},
)
def proof(
    subject_type: Annotated[Identifier, PathParameter(description="E.g. document")],
    subject_id: Annotated[Identifier, PathParameter()],
    guard: TheGuard,
) -> Response:
    """Inclusion proofs (RFC 9162) under a signed tree head, for ``verify_audit.py --proof``."""
    guard.require(Permission.AUDIT_READ)
    with tempfile.TemporaryDirectory(prefix="doc-service-proof-") as place:
        directory = Path(place) / "proof"
        guard.api.service.parts.prove_audit(directory, (subject_type, subject_id))
        content = (directory / "proof.json").read_bytes()
    return Response(content, media_type="application/json", headers={"cache-control": "private, no-store"})
