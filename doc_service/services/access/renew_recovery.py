"""The owner of an account gets fresh recovery codes."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import Principal
from doc_service.ports_access import Secrets
from doc_service.services.access.prove_password import ProvePassword
from doc_service.services.access.recovery_codes import new_recovery_codes
from doc_service.services.base import Workspace


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
