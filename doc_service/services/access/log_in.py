"""Log-in by name and password (002 §3.6, §4.1.1)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from doc_service.domain.accounts import Account, fold_login, is_login
from doc_service.domain.credentials import PASSWORD_MAX, TICKET_LIFE, Credential, normal_password
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import Means
from doc_service.domain.sessions import TICKET_PREFIX, LoginTicket, device_label, secret_sha256, secret_text
from doc_service.ports import UnitOfWork
from doc_service.ports_access import PasswordHasher
from doc_service.services.access.attempts import Door, Reserved
from doc_service.services.access.start_session import Started, StartSession
from doc_service.services.access.tidy import TidyAccess
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class SecondStep:
    """The password was right; ``FinishLogIn`` wants this ticket and a code until ``expires_at``."""

    expires_at: datetime
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LogIn:
    """Gives a session, or a ticket when the account has a second step.

    An unknown name, a wrong password, a closed account and one without a password are the same "login.failed" after
    the same work. The password is checked between two transactions: it takes a twentieth of a second on purpose, and
    nobody else's work waits for it."""

    work: Workspace
    door: Door
    hasher: PasswordHasher
    start: StartSession
    tidy: TidyAccess

    def __call__(self, login: str, password: str, device: str = "") -> Started | SecondStep:
        """Raises ``DomainError`` "login.failed", "login.locked" (seconds)."""
        name = fold_login(login)
        with self.work.uow() as uow:
            reserved = self.door.reserve(uow, name)
            account = uow.accounts.find_login(name if is_login(name) else "")
            credential = uow.credentials.get(account.id if account else "")
            uow.commit()
        given = normal_password(password)
        right = self.hasher.verify(credential.password_hash, given if len(given) <= PASSWORD_MAX else "")
        if account is None or not account.active or not right:
            self._refuse(account)
            raise DomainError("login.failed")
        renewed = self.hasher.hash(given) if self.hasher.outdated(credential.password_hash) else ""
        result = self._enter(account, credential, renewed, reserved, device)
        self.tidy()
        return result

    def _refuse(self, account: Account | None) -> None:
        with self.work.uow() as uow:
            self.door.record_failure(uow, account.id if account else "", "password")
            uow.commit()

    def _enter(
        self, seen: Account, credential: Credential, renewed: str, reserved: Reserved, device: str
    ) -> Started | SecondStep:
        """With the account and its password as they are now; both may have changed while the password was checked."""
        with self.work.uow() as uow:
            self.door.hold(uow, seen.login)
            account = uow.accounts.get(seen.id)
            current = uow.credentials.get(account.id)
            if not account.active or current.password_hash != credential.password_hash:
                raise DomainError("login.failed")
            if renewed:
                current = renew(uow, current, renewed)
            if current.totp:
                self.door.take_back(uow, reserved)
                result: Started | SecondStep = self._ticket(uow, account, device)
            else:
                self.door.forget(uow, account.login)
                result = self.start.within(uow, account, Means.PASSWORD, device)
            uow.commit()
        return result

    def _ticket(self, uow: UnitOfWork, account: Account, device: str) -> SecondStep:
        ticket_id = self.work.ids.new()
        secret = secret_text(TICKET_PREFIX, ticket_id, self.start.secrets.token())
        until = self.work.clock.now() + TICKET_LIFE
        uow.credentials.add_ticket(
            LoginTicket(ticket_id, account.id, secret_sha256(secret), device_label(device), until)
        )
        return SecondStep(until, secret)


def renew(uow: UnitOfWork, credential: Credential, password_hash: str) -> Credential:
    """The same password under today's parameters."""
    changed = replace(credential, password_hash=password_hash)
    uow.credentials.save(changed)
    return changed
