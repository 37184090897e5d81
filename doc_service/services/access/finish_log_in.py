"""The second step of a log-in: a one-time password (RFC 6238) or a recovery code."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.accounts import Account
from doc_service.domain.credentials import accepted_step, recovery_digest
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import Means
from doc_service.domain.sessions import TICKET_PREFIX, LoginTicket, is_secret, parse_secret
from doc_service.ports import UnitOfWork
from doc_service.ports_access import OneTimePasswords
from doc_service.services.access.attempts import Door
from doc_service.services.access.start_session import Started, StartSession
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class FinishLogIn:
    """Uses up the code, the ticket and nothing else, together with the start of the session: of two that bring the
    same code at once, one gets in."""

    work: Workspace
    door: Door
    otp: OneTimePasswords
    start: StartSession

    def __call__(self, ticket: str, code: str) -> Started:
        """Raises ``DomainError`` "login.ticket_invalid" (log in again), "login.code_wrong", "login.locked"
        (seconds)."""
        with self.work.uow.reading() as uow:
            login = uow.accounts.get(self._ticket(uow, ticket).account_id).login
        with self.work.uow() as uow:
            self.door.reserve(uow, login)
            waiting = self._ticket(uow, ticket)
            account = uow.accounts.get(waiting.account_id)
            means = self._means(uow, account, code)
            if means is None or not account.active:
                self.door.record_failure(uow, account.id, "code")
                uow.commit()
                raise DomainError("login.code_wrong", "code")
            if not uow.credentials.take_ticket(waiting.id):
                raise DomainError("login.ticket_invalid", "ticket")
            self.door.forget(uow, account.login)
            started = self.start.within(uow, account, means, waiting.device)
            uow.commit()
        return started

    def _ticket(self, uow: UnitOfWork, secret: str) -> LoginTicket:
        parsed = parse_secret(secret)
        found = uow.credentials.ticket(parsed[1]) if parsed and parsed[0] == TICKET_PREFIX else None
        if found is None or not is_secret(secret, found.secret_sha256) or not found.live(self.work.clock.now()):
            raise DomainError("login.ticket_invalid", "ticket")
        return found

    def _means(self, uow: UnitOfWork, account: Account, code: str) -> Means | None:
        """How the code proves the person; None when it does not, or when somebody was faster."""
        now = self.work.clock.now()
        credential = uow.credentials.get(account.id)
        if not credential.totp:
            return None
        step = accepted_step(
            code, now, credential.totp_step, lambda s: self.otp.code_at(account.id, credential.totp, s)
        )
        if step is not None and uow.credentials.use_step(account.id, step):
            return Means.PASSWORD_TOTP
        if uow.credentials.use_recovery(account.id, recovery_digest(account.id, code), now):
            return Means.PASSWORD_RECOVERY
        return None
