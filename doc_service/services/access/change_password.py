"""The owner of an account changes the password."""

from __future__ import annotations

from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.credentials import check_password, normal_password
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.principals import Principal
from doc_service.ports_access import PasswordHasher
from doc_service.services.access.prove_password import ProvePassword
from doc_service.services.base import Workspace


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
