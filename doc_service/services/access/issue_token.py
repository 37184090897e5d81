"""Service tokens: a machine acts for an account, within scopes, until a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import Principal, Scope
from doc_service.domain.sessions import TOKEN_PREFIX, ServiceToken, check_token, secret_sha256, secret_text
from doc_service.ports_access import Secrets
from doc_service.services.access.own import require_session
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class Issued:
    """A token and its secret, shown this once."""

    token: ServiceToken
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class IssueToken:
    """Only an account's own session issues its tokens: nobody, an administrator included, gets to act for another.
    Raises ``DomainError`` with every fault of ``check_token``, "access.session_needed"."""

    work: Workspace
    secrets: Secrets

    def __call__(self, principal: Principal, name: str, scopes: frozenset[Scope], life: timedelta) -> Issued:
        require_session(principal)
        if faults := check_token(name, scopes, life):
            raise DomainError.of(faults)
        now = self.work.clock.now()
        token_id = self.work.ids.new()
        secret = secret_text(TOKEN_PREFIX, token_id, self.secrets.token())
        token = ServiceToken(
            token_id, principal.account_id, name.strip(), scopes, secret_sha256(secret), now, now + life
        )
        with self.work.uow() as uow:
            uow.tokens.add(token)
            details = {"token": token_id, "scopes": sorted(map(str, scopes))}
            self.work.record(uow, principal.actor, Action.TOKEN_ISSUED, ("account", principal.account_id), details)
            uow.commit()
        return Issued(token, secret)
