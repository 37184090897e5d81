"""A person corrects what is kept about them (002 §7.1.11, §7.1.16, §8.1.3)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from doc_service.domain.accounts import Account, check_account
from doc_service.domain.audit_events import Action
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.principals import Principal
from doc_service.services.access.own import require_session
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class Correction:
    """What the person wants otherwise; None leaves it. Duties, units and FİN are the administrator's to change."""

    display_name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectOwnData:
    """Takes effect at once; the log names the fields, not their values. Raises ``DomainError`` with every fault of
    ``check_account``, "access.session_needed"; ``ConflictError`` "state.stale"."""

    work: Workspace

    def __call__(self, principal: Principal, correction: Correction, version: int | None = None) -> Account:
        require_session(principal)
        given = {f.name: value for f in fields(correction) if (value := getattr(correction, f.name)) is not None}
        with self.work.uow() as uow:
            account = uow.accounts.get(principal.account_id)
            if version is not None and version != account.version:
                raise ConflictError("state.stale", "version", aggregate="account", id=account.id)
            changed = replace(account, **given)
            if changed == account:
                return account
            if faults := check_account(changed):
                raise DomainError.of(faults)
            saved = uow.accounts.save(changed)
            names = [name for name, value in given.items() if getattr(account, name) != value]
            subject = ("account", account.id)
            self.work.record(uow, principal.actor, Action.ACCOUNT_CORRECTED, subject, {"fields": names})
            uow.commit()
        return saved
