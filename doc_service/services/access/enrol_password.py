"""The person sets the password by a one-time enrolment."""

from __future__ import annotations

from dataclasses import dataclass, replace

from doc_service.domain.accounts import Account
from doc_service.domain.audit_events import Action
from doc_service.domain.credentials import Credential, check_password, normal_password
from doc_service.domain.errors import DomainError
from doc_service.domain.sessions import ENROLMENT_PREFIX, is_secret, parse_secret
from doc_service.ports import UnitOfWork
from doc_service.ports_access import PasswordHasher
from doc_service.services.access.attempts import Door
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class EnrolPassword:
    """Sets the password that the person chose, once per token, and ends every session of the account.
    Raises ``DomainError`` "enrolment.invalid" (unknown, used, expired), and every fault of ``check_password``."""

    work: Workspace
    hasher: PasswordHasher
    door: Door

    def __call__(self, token: str, password: str) -> Account:
        with self.work.uow.reading() as uow:
            account = self._vouched(uow, token)[0]
        if faults := check_password(password, account.login, account.email):
            raise DomainError.of(faults)
        hashed = self.hasher.hash(normal_password(password))
        now = self.work.clock.now()
        with self.work.uow() as uow:
            self.door.forget(uow, account.login)
            account, current = self._vouched(uow, token)
            resets = current.enrolment_resets
            if resets:
                current = replace(current, totp=b"", totp_pending=b"")
                uow.credentials.set_recovery(account.id, ())
            uow.credentials.save(
                replace(
                    current,
                    password_hash=hashed,
                    password_set_at=now,
                    enrolment_sha256="",
                    enrolment_until=None,
                    enrolment_resets=False,
                )
            )
            uow.sessions.end_all(account.id, now)
            details = {"by": "enrolment", "second_step_reset": resets}
            self.work.record(
                uow, f"account:{account.id}", Action.ACCOUNT_PASSWORD_SET, ("account", account.id), details
            )
            uow.commit()
        return account

    def _vouched(self, uow: UnitOfWork, token: str) -> tuple[Account, Credential]:
        parsed = parse_secret(token)
        account = uow.accounts.find(parsed[1]) if parsed and parsed[0] == ENROLMENT_PREFIX else None
        if account is None or not account.active:
            raise DomainError("enrolment.invalid", "token")
        current = uow.credentials.get(account.id)
        until = current.enrolment_until
        known = bool(current.enrolment_sha256) and is_secret(token, current.enrolment_sha256)
        if not known or until is None or self.work.clock.now() >= until:
            raise DomainError("enrolment.invalid", "token")
        return account, current
