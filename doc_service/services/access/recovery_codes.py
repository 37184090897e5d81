"""Recovery codes: each opens the second step once when the device is lost."""

from __future__ import annotations

from doc_service.domain.credentials import RECOVERY_CODES, recovery_digest
from doc_service.ports import UnitOfWork
from doc_service.ports_access import Secrets


def new_recovery_codes(uow: UnitOfWork, secrets: Secrets, account_id: str) -> tuple[str, ...]:
    """Ten, each good for one log-in."""
    codes = tuple(secrets.recovery_code() for _ in range(RECOVERY_CODES))
    uow.credentials.set_recovery(account_id, [recovery_digest(account_id, code) for code in codes])
    return codes
