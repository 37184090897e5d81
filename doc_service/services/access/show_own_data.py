"""A person sees what is kept about them (002 §7.1.11, §7.1.16, §8.1.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from doc_service.domain.accounts import Account
from doc_service.domain.audit_events import AuditEvent
from doc_service.domain.principals import Principal
from doc_service.domain.sessions import ServiceToken, Session
from doc_service.services.access.own import require_session
from doc_service.services.base import Workspace

_EVENTS = 200


@dataclass(frozen=True, slots=True)
class OwnData:
    """Everything about the account but its secrets, which are not kept in a readable form. ``events``: what was
    recorded about it, log-ins and failed attempts among it, the newest first, at most 200."""

    account: Account
    password_set_at: datetime | None
    second_step: bool
    recovery_codes_left: int
    sessions: Sequence[Session]
    tokens: Sequence[ServiceToken]
    events: Sequence[AuditEvent]


@dataclass(frozen=True, slots=True)
class ShowOwnData:
    work: Workspace

    def __call__(self, principal: Principal) -> OwnData:
        require_session(principal)
        account_id = principal.account_id
        with self.work.uow.reading() as uow:
            credential = uow.credentials.get(account_id)
            return OwnData(
                uow.accounts.get(account_id),
                credential.password_set_at,
                bool(credential.totp),
                uow.credentials.recovery_left(account_id),
                uow.sessions.of_account(account_id),
                uow.tokens.of_account(account_id),
                list(reversed(uow.audit.of_subject("account", account_id)))[:_EVENTS],
            )
