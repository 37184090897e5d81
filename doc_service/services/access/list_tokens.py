"""The machines that act for an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doc_service.domain.sessions import ServiceToken
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class ListTokens:
    """The account's tokens, the newest first, revoked and expired ones included."""

    work: Workspace

    def __call__(self, account_id: str) -> Sequence[ServiceToken]:
        with self.work.uow.reading() as uow:
            return uow.tokens.of_account(account_id)
