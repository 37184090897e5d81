"""The owner of an account proves the password again."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.accounts import Account
from doc_service.domain.credentials import PASSWORD_MAX, Credential, normal_password
from doc_service.domain.errors import DomainError
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
