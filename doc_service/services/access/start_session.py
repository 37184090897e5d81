"""Lets a person in, once who they are has been proved by whatever means."""

from __future__ import annotations

from dataclasses import dataclass, field

from doc_service.domain.accounts import Account
from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import Means
from doc_service.domain.sessions import (
    SESSION_PREFIX,
    Session,
    SessionRules,
    device_label,
    secret_sha256,
    secret_text,
)
from doc_service.ports import UnitOfWork
from doc_service.ports_access import Secrets
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class Started:
    """A session and its secret, which is nowhere else and never shown again."""

    account: Account
    session: Session
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StartSession:
    """The only way a session begins. ``means`` says how the person was authenticated: whoever calls has done it."""

    work: Workspace
    secrets: Secrets
    rules: SessionRules

    def __call__(self, account_id: str, means: Means, device: str = "") -> Started:
        """Raises ``NotFoundError`` "account.not_found", ``DomainError`` "account.closed"."""
        with self.work.uow() as uow:
            started = self.within(uow, uow.accounts.get(account_id), means, device)
            uow.commit()
        return started

    def within(self, uow: UnitOfWork, account: Account, means: Means, device: str) -> Started:
        """As the call, in a transaction that the caller commits: what was used up to get in (a code, a challenge) and
        the session come together or not at all."""
        if not account.active:
            raise DomainError("account.closed")
        now = self.work.clock.now()
        session_id = self.work.ids.new()
        secret = secret_text(SESSION_PREFIX, session_id, self.secrets.token())
        session = Session(
            id=session_id,
            account_id=account.id,
            secret_sha256=secret_sha256(secret),
            means=means,
            device=device_label(device),
            started_at=now,
            seen_at=now,
            expires_at=now + self.rules.absolute,
        )
        uow.sessions.add(session)
        actor = account.person_id or f"account:{account.id}"
        details = {"means": str(means), "session": session_id}
        self.work.record(uow, actor, Action.LOGIN_SUCCEEDED, ("account", account.id), details)
        return Started(account, session, secret)
