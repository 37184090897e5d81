"""The owner of an account proves the password again, and changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from doc_service.domain.accounts import Account
from doc_service.domain.audit_events import Action
from doc_service.domain.credentials import PASSWORD_MAX, Credential, check_password, normal_password
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.principals import Principal
from doc_service.ports_access import PasswordHasher
from doc_service.services.access.attempts import Door
from doc_service.services.access.own import require_session
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class ProvePassword:
    """Whoever found an open session must not take the account over: what changes how one logs in takes the password.
    Counts towards the lockout. Raises ``DomainError`` "password.wrong", "password.none" (the account has none),
    "login.locked", "access.session_needed"."""

    work: Workspace
    hasher: PasswordHasher
    door: Door

    def __call__(self, principal: Principal, password: str) -> tuple[Account, Credential]:
        require_session(principal)
        with self.work.uow.reading() as uow:
            account = uow.accounts.get(principal.account_id)
            credential = uow.credentials.get(account.id)
        if not credential.password_hash:
            raise DomainError("password.none", "password")
        with self.work.uow() as uow:
            reserved = self.door.reserve(uow, account.login)
            uow.commit()
        given = normal_password(password)
        right = self.hasher.verify(credential.password_hash, given if len(given) <= PASSWORD_MAX else "")
        with self.work.uow() as uow:
            if right:
                self.door.take_back(uow, reserved)
            else:
                self.door.record_failure(uow, account.id, "again")
            uow.commit()
        if not right:
            raise DomainError("password.wrong", "password")
        return account, credential


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Sets a new password by the old one and ends the account's other sessions. Raises what ``ProvePassword`` does,
    every fault of ``check_password`` and "password.unchanged"; ``ConflictError`` "state.stale"."""

    work: Workspace
    hasher: PasswordHasher
    prove: ProvePassword

    def __call__(self, principal: Principal, old: str, new: str) -> None:
        account, seen = self.prove(principal, old)
        if faults := check_password(new, account.login, account.email, field="new_password"):
            raise DomainError.of(faults)
        if normal_password(new) == normal_password(old):
            raise DomainError("password.unchanged", "new_password")
        hashed = self.hasher.hash(normal_password(new))
        now = self.work.clock.now()
        with self.work.uow() as uow:
            current = uow.credentials.get(account.id)
            if current.password_hash != seen.password_hash:
                raise ConflictError("state.stale", "", aggregate="account", id=account.id)
            uow.credentials.save(replace(current, password_hash=hashed, password_set_at=now))
            uow.sessions.end_all(account.id, now, but=principal.session_id)
            details = {"by": "owner"}
            self.work.record(uow, principal.actor, Action.ACCOUNT_PASSWORD_SET, ("account", account.id), details)
            uow.commit()
