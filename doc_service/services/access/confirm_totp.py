"""The second step of log-in counts from the first code of the device on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.credentials import accepted_step
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import Principal
from doc_service.ports_access import OneTimePasswords, Secrets
from doc_service.services.access.own import require_session
from doc_service.services.access.recovery_codes import new_recovery_codes
from doc_service.services.base import Workspace


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
