"""Ends one session at once and everywhere: logging out, or sending a device away."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import NotFoundError
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class EndSession:
    """Ending what has ended already changes nothing. "session.not_found" for one that is not the account's."""

    work: Workspace

    def __call__(self, account_id: str, session_id: str, actor: str) -> None:
        with self.work.uow() as uow:
            session = uow.sessions.find(session_id)
            if session is None or session.account_id != account_id:
                raise NotFoundError("session.not_found", "session_id", id=session_id)
            if uow.sessions.end(session_id, self.work.clock.now()):
                details = {"session": session_id}
                self.work.record(uow, actor, Action.SESSION_ENDED, ("account", account_id), details)
                uow.commit()
