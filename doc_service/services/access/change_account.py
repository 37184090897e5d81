"""An administrator changes, closes or reopens an account."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from doc_service.domain.accounts import Account, AccountAction, check_account
from doc_service.domain.audit_events import Action
from doc_service.domain.credentials import Credential
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.principals import AccountRole
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class AccountChanges:
    """What to change; None leaves it as it is."""

    display_name: str | None = None
    language: str | None = None
    email: str | None = None
    phone: str | None = None
    roles: frozenset[AccountRole] | None = None
    person_id: str | None = None
    fin: str | None = None
    units: frozenset[str] | None = None
    document_id: str | None = None

    def given(self) -> dict[str, Any]:
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ChangeAccount:
    """Counts from the account's next request on. ``version``: the one that was read (None: whichever it is).

    Raises as ``OpenAccount``, and ``ConflictError`` "state.stale", "account.last_administrator",
    ``DomainError`` "account.own_roles" (nobody widens or moves their own duties), "account.closed"."""

    work: Workspace

    def __call__(self, account_id: str, changes: AccountChanges, actor: str, version: int | None = None) -> Account:
        with self.work.uow() as uow:
            account = uow.accounts.get(account_id)
            _require_version(account, version)
            if not account.active:
                raise DomainError("account.closed")
            changed = replace(account, **changes.given())
            if changed == account:
                return account
            if faults := check_account(changed):
                raise DomainError.of(faults)
            _guard_duties(uow, account, changed, actor)
            saved = uow.accounts.save(changed)
            self.work.record(uow, actor, Action.ACCOUNT_CHANGED, ("account", account_id), _told(account, changed))
            uow.commit()
        return saved


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
            _require_version(account, version)
            _keep_an_administrator(uow, account)
            saved = uow.accounts.save(account.moved(AccountAction.CLOSE))
            now = self.work.clock.now()
            uow.sessions.end_all(account_id, now)
            uow.tokens.revoke_all(account_id, now)
            uow.credentials.save(Credential(account_id))
            uow.credentials.set_recovery(account_id, ())
            self.work.record(uow, actor, Action.ACCOUNT_CLOSED, ("account", account_id))
            uow.commit()
        return saved


@dataclass(frozen=True, slots=True)
class ReopenAccount:
    """Its owner enrols again. Raises ``ConflictError`` "state.not_allowed" for an active one, and what ``OpenAccount``
    raises when another account has taken the person's place."""

    work: Workspace

    def __call__(self, account_id: str, actor: str, version: int | None = None) -> Account:
        with self.work.uow() as uow:
            account = uow.accounts.get(account_id)
            _require_version(account, version)
            saved = uow.accounts.save(account.moved(AccountAction.REOPEN))
            self.work.record(uow, actor, Action.ACCOUNT_REOPENED, ("account", account_id))
            uow.commit()
        return saved


def _require_version(account: Account, version: int | None) -> None:
    if version is not None and version != account.version:
        raise ConflictError("state.stale", "version", aggregate="account", id=account.id)


def _guard_duties(uow: UnitOfWork, before: Account, after: Account, actor: str) -> None:
    moved = (before.roles, before.person_id, before.fin, before.units, before.document_id)
    if moved != (after.roles, after.person_id, after.fin, after.units, after.document_id) and before.is_actor(actor):
        raise DomainError("account.own_roles", "roles")
    if AccountRole.ADMINISTRATOR not in after.roles:
        _keep_an_administrator(uow, before)
    if after.document_id != before.document_id and after.document_id:
        uow.documents.get(after.document_id)


def _keep_an_administrator(uow: UnitOfWork, leaving: Account) -> None:
    """Accounts without anybody to manage them could be helped on the server alone."""
    if AccountRole.ADMINISTRATOR in leaving.roles and [a.id for a in uow.accounts.administrators()] == [leaving.id]:
        raise ConflictError("account.last_administrator", "roles")


def _told(before: Account, after: Account) -> dict[str, Any]:
    """What changed, by the names of the fields; values only where they are duties or ids."""
    names = [f.name for f in fields(Account) if getattr(before, f.name) != getattr(after, f.name)]
    told: dict[str, Any] = {"fields": names}
    if before.roles != after.roles:
        told |= {"roles_before": sorted(before.roles), "roles": sorted(after.roles)}
    return told
