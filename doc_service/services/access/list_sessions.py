"""Where an account is logged in: the device list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doc_service.domain.sessions import Session, SessionRules
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class ListSessions:
    """Sessions of the account that are alive now, the newest first."""

    work: Workspace
    rules: SessionRules

    def __call__(self, account_id: str) -> Sequence[Session]:
        now = self.work.clock.now()
        with self.work.uow.reading() as uow:
            return [s for s in uow.sessions.of_account(account_id) if s.live(now, self.rules)]
