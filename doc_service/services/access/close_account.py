"""An administrator closes an account."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.accounts import Account, AccountAction
from doc_service.domain.audit_events import Action
from doc_service.domain.credentials import Credential
from doc_service.services.access.account_guard import keep_an_administrator, require_version
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class CloseAccount:
    """Ends sessions and tokens with it and forgets password and second step; the record stays. Closing what is closed
    changes nothing. Raises ``ConflictError`` "account.last_administrator"."""

    work: Workspace

    def __call__(self, account_id: str, actor: str, version: int | None = None) -> Account:
        with self.work.uow() as uow:
            account = uow.accounts.get(account_id)
            if not account.active:
                return account
            require_version(account, version)
            keep_an_administrator(uow, account)
            saved = uow.accounts.save(account.moved(AccountAction.CLOSE))
            now = self.work.clock.now()
            uow.sessions.end_all(account_id, now)
            uow.tokens.revoke_all(account_id, now)
            uow.credentials.save(Credential(account_id))
            uow.credentials.set_recovery(account_id, ())
            self.work.record(uow, actor, Action.ACCOUNT_CLOSED, ("account", account_id))
            uow.commit()
        return saved
