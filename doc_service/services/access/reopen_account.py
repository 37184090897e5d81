"""An administrator reopens an account."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.accounts import Account, AccountAction
from doc_service.domain.audit_events import Action
from doc_service.services.access.account_guard import require_version
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class ReopenAccount:
    """Its owner enrols again. Raises ``ConflictError`` "state.not_allowed" for an active one, and what ``OpenAccount``
    raises when another account has taken the person's place."""

    work: Workspace

    def __call__(self, account_id: str, actor: str, version: int | None = None) -> Account:
        with self.work.uow() as uow:
            account = uow.accounts.get(account_id)
            require_version(account, version)
            saved = uow.accounts.save(account.moved(AccountAction.REOPEN))
            self.work.record(uow, actor, Action.ACCOUNT_REOPENED, ("account", account_id))
            uow.commit()
        return saved
