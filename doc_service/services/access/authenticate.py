"""From the secret that a request carries to who is asking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from doc_service.domain.accounts import Account
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import Means, Principal
from doc_service.domain.sessions import (
    SESSION_PREFIX,
    TOKEN_PREFIX,
    TOUCH_EVERY,
    ServiceToken,
    Session,
    SessionRules,
    is_secret,
    parse_secret,
)
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Reads account and session anew each time: a role taken away, a session ended or an account closed counts from
    the next request on. Writes at most once a minute."""

    work: Workspace
    rules: SessionRules

    def __call__(self, token: str) -> Principal:
        """Raises ``DomainError`` "session.invalid" (unknown, ended, revoked, of a closed account) or
        "session.expired"."""
        kind, row_id = parse_secret(token) or ("", "")
        if kind == SESSION_PREFIX:
            return self._by_session(row_id, token)
        if kind == TOKEN_PREFIX:
            return self._by_token(row_id, token)
        raise DomainError("session.invalid")

    def _by_session(self, session_id: str, secret: str) -> Principal:
        now = self.work.clock.now()
        with self.work.uow.reading() as uow:
            session = uow.sessions.find(session_id)
            if session is None or not is_secret(secret, session.secret_sha256) or session.ended_at is not None:
                raise DomainError("session.invalid")
            account = uow.accounts.get(session.account_id)
        _require_open(account, live=session.live(now, self.rules))
        if session.due_touch(now):
            with self.work.uow() as writing:
                writing.sessions.touch(session.id, now, now - TOUCH_EVERY)
                writing.commit()
        return _of_session(account, session)

    def _by_token(self, token_id: str, secret: str) -> Principal:
        now: datetime = self.work.clock.now()
        with self.work.uow.reading() as uow:
            token = uow.tokens.find(token_id)
            if token is None or not is_secret(secret, token.secret_sha256) or token.revoked_at is not None:
                raise DomainError("session.invalid")
            account = uow.accounts.get(token.account_id)
        _require_open(account, live=token.live(now))
        if token.due_touch(now):
            with self.work.uow() as writing:
                writing.tokens.touch(token.id, now, now - TOUCH_EVERY)
                writing.commit()
        return _of_token(account, token)


def _require_open(account: Account, *, live: bool) -> None:
    if not account.active:
        raise DomainError("session.invalid")
    if not live:
        raise DomainError("session.expired")


def _of_session(account: Account, session: Session) -> Principal:
    return Principal(
        account_id=account.id,
        session_id=session.id,
        roles=account.roles,
        means=session.means,
        authenticated_at=session.started_at,
        person_id=account.person_id,
        units=account.units,
        document_id=account.document_id,
    )


def _of_token(account: Account, token: ServiceToken) -> Principal:
    return Principal(
        account_id=account.id,
        session_id=token.id,
        roles=account.roles,
        means=Means.TOKEN,
        authenticated_at=token.created_at,
        person_id=account.person_id,
        units=account.units,
        scopes=token.scopes,
        document_id=account.document_id,
    )
