"""Ends the sessions of an account at once and everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class EndAllSessions:
    """Ends every session of the account except ``but``; returns how many."""

    work: Workspace

    def __call__(self, account_id: str, actor: str, *, but: str = "") -> int:
        with self.work.uow() as uow:
            ended = uow.sessions.end_all(account_id, self.work.clock.now(), but=but)
            if ended:
                details = {"ended": ended, "kept": but}
                self.work.record(uow, actor, Action.SESSION_ENDED, ("account", account_id), details)
                uow.commit()
        return ended
