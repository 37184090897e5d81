"""Devices that are logged in: the owner sees and ends them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from doc_service.api.context import TheApi
from doc_service.api.principal import Caller
from doc_service.api.problem_docs import problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.schemas.access import SessionsView, session_view
from doc_service.services.access.own import require_session

router = guarded_router("/v1/sessions", "sessions", ("access.session_needed",))


@router.get("", summary="Where I am logged in, the newest first")
def list_sessions(api: TheApi, caller: Caller) -> SessionsView:
    require_session(caller)
    sessions = api.service.access.list_sessions(caller.account_id)
    return SessionsView(items=[session_view(s, caller) for s in sessions])


@router.delete("", status_code=204, summary="End every session of mine but this one")
def end_others(api: TheApi, caller: Caller) -> None:
    require_session(caller)
    api.service.access.end_all_sessions(caller.account_id, caller.actor, but=caller.session_id)


@router.delete(
    "/{session_id}", status_code=204, summary="End a session of mine", responses=problems("session.not_found")
)
def end_session(session_id: Annotated[str, Path(max_length=200)], api: TheApi, caller: Caller) -> None:
    require_session(caller)
    api.service.access.end_session(caller.account_id, session_id, caller.actor)
