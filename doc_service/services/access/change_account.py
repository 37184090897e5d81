"""An administrator changes an account."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from doc_service.domain.accounts import Account, check_account
from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import AccountRole
from doc_service.services.access.account_guard import guard_duties, require_version
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
            require_version(account, version)
            if not account.active:
                raise DomainError("account.closed")
            changed = replace(account, **changes.given())
            if changed == account:
                return account
            if faults := check_account(changed):
                raise DomainError.of(faults)
            guard_duties(uow, account, changed, actor)
            saved = uow.accounts.save(changed)
            self.work.record(uow, actor, Action.ACCOUNT_CHANGED, ("account", account_id), _told(account, changed))
            uow.commit()
        return saved


def _told(before: Account, after: Account) -> dict[str, Any]:
    """What changed, by the names of the fields; values only where they are duties or ids."""
    names = [f.name for f in fields(Account) if getattr(before, f.name) != getattr(after, f.name)]
    told: dict[str, Any] = {"fields": names}
    if before.roles != after.roles:
        told |= {"roles_before": sorted(before.roles), "roles": sorted(after.roles)}
    return told
