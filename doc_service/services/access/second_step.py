"""The second step of log-in: enrolling a device that makes one-time passwords, and recovery codes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.credentials import RECOVERY_CODES, accepted_step, recovery_digest
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import Principal
from doc_service.ports import UnitOfWork
from doc_service.ports_access import OneTimePasswords, Secrets
from doc_service.services.access.own import require_session
from doc_service.services.access.password import ProvePassword
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class TotpOffer:
    """A fresh secret for the person's device: as text and as ``otpauth://`` address for a QR code."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OfferTotp:
    """Makes a secret that counts once a code of it was given (``ConfirmTotp``); the present one goes on until then.
    Raises what ``ProvePassword`` does."""

    work: Workspace
    otp: OneTimePasswords
    prove: ProvePassword

    def __call__(self, principal: Principal, password: str) -> TotpOffer:
        account, _ = self.prove(principal, password)
        sealed, secret = self.otp.new(account.id)
        with self.work.uow() as uow:
            uow.credentials.save(replace(uow.credentials.get(account.id), totp_pending=sealed))
            uow.commit()
        return TotpOffer(secret, self.otp.uri(secret, account.login))


@dataclass(frozen=True, slots=True)
class ConfirmTotp:
    """The device works: from now on it is asked at log-in. Gives the recovery codes, which are shown this once, and
    ends the account's other sessions. Raises ``DomainError`` "totp.not_offered", "login.code_wrong"."""

    work: Workspace
    otp: OneTimePasswords
    secrets: Secrets

    def __call__(self, principal: Principal, code: str) -> tuple[str, ...]:
        require_session(principal)
        now = self.work.clock.now()
        with self.work.uow() as uow:
            account_id = principal.account_id
            current = uow.credentials.get(account_id)
            pending = current.totp_pending
            if not pending:
                raise DomainError("totp.not_offered")
            step = accepted_step(code, now, 0, lambda s: self.otp.code_at(account_id, pending, s))
            if step is None:
                raise DomainError("login.code_wrong", "code")
            uow.credentials.save(replace(current, totp=pending, totp_pending=b"", totp_step=step))
            codes = new_recovery_codes(uow, self.secrets, account_id)
            uow.sessions.end_all(account_id, now, but=principal.session_id)
            subject = ("account", account_id)
            self.work.record(uow, principal.actor, Action.ACCOUNT_SECOND_STEP_SET, subject)
            uow.commit()
        return codes


@dataclass(frozen=True, slots=True)
class RenewRecovery:
    """Fresh recovery codes; the earlier ones stop working. Raises what ``ProvePassword`` does, "totp.none"."""

    work: Workspace
    secrets: Secrets
    prove: ProvePassword

    def __call__(self, principal: Principal, password: str) -> tuple[str, ...]:
        account, _ = self.prove(principal, password)
        with self.work.uow() as uow:
            if not uow.credentials.get(account.id).totp:
                raise DomainError("totp.none")
            codes = new_recovery_codes(uow, self.secrets, account.id)
            self.work.record(uow, principal.actor, Action.ACCOUNT_RECOVERY_RENEWED, ("account", account.id))
            uow.commit()
        return codes


def new_recovery_codes(uow: UnitOfWork, secrets: Secrets, account_id: str) -> tuple[str, ...]:
    """Ten, each good for one log-in."""
    codes = tuple(secrets.recovery_code() for _ in range(RECOVERY_CODES))
    uow.credentials.set_recovery(account_id, [recovery_digest(account_id, code) for code in codes])
    return codes
