"""An administrator says which outside identity opens which account."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.outside_login import OutsideIdentity
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class LinkIdentity:
    """Linking again changes nothing. Nobody links their own account: that would be a second key made by oneself.

    Raises ``NotFoundError`` "account.not_found", ``ConflictError`` "identity.taken", ``DomainError``
    "account.own_roles", "account.closed"."""

    work: Workspace

    def __call__(self, account_id: str, issuer: str, subject: str, actor: str) -> OutsideIdentity:
        identity = OutsideIdentity(issuer, subject, account_id, self.work.clock.now(), actor)
        with self.work.uow() as uow:
            account = uow.accounts.get(account_id)
            if account.is_actor(actor):
                raise DomainError("account.own_roles", "subject")
            if not account.active:
                raise DomainError("account.closed")
            uow.logins.link(identity)
            details = {"issuer": issuer}
            self.work.record(uow, actor, Action.IDENTITY_LINKED, ("account", account_id), details)
            uow.commit()
        return identity


@dataclass(frozen=True, slots=True)
class UnlinkIdentity:
    """Sessions that the identity opened stay until they end; end them apart when that is meant."""

    work: Workspace

    def __call__(self, account_id: str, issuer: str, subject: str, actor: str) -> bool:
        with self.work.uow() as uow:
            kept = uow.logins.find(issuer, subject)
            if kept is None or kept.account_id != account_id or not uow.logins.unlink(issuer, subject):
                return False
            details = {"issuer": issuer}
            self.work.record(uow, actor, Action.IDENTITY_UNLINKED, ("account", account_id), details)
            uow.commit()
        return True
