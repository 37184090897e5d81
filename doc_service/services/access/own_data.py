"""A person sees what is kept about them and corrects it (002 §7.1.11, §7.1.16, §8.1.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from doc_service.domain.accounts import Account, check_account
from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.errors import ConflictError, DomainError
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
