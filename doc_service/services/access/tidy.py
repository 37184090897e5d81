"""Takes away what is over: sessions long expired, tickets, forgotten attempts."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from doc_service.domain.credentials import FORGOTTEN_AFTER
from doc_service.domain.errors import DomainError
from doc_service.services.base import Workspace

_log = logging.getLogger(__name__)
SESSIONS_KEPT = timedelta(days=30)
"""After its life a session stays in its owner's list for so long; that it was is in the audit log for good."""


@dataclass(frozen=True, slots=True)
class TidyAccess:
    """Runs after a log-in, in a transaction of its own; that it could not is no reason to keep a person out."""

    work: Workspace

    def __call__(self) -> None:
        now = self.work.clock.now()
        try:
            with self.work.uow() as uow:
                uow.credentials.forget_attempts(now - FORGOTTEN_AFTER)
                uow.credentials.drop_tickets(now)
                uow.sessions.purge(now - SESSIONS_KEPT)
                uow.commit()
        except DomainError as error:
            _log.warning("what is over was not taken away: %s", error.code)
