"""Ends a service token at once and everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import NotFoundError
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class RevokeToken:
    """From now on, everywhere. "token.not_found" for one that is not the account's; again changes nothing."""

    work: Workspace

    def __call__(self, account_id: str, token_id: str, actor: str) -> None:
        with self.work.uow() as uow:
            token = uow.tokens.find(token_id)
            if token is None or token.account_id != account_id:
                raise NotFoundError("token.not_found", "token_id", id=token_id)
            if uow.tokens.revoke(token_id, self.work.clock.now()):
                self.work.record(uow, actor, Action.TOKEN_REVOKED, ("account", account_id), {"token": token_id})
                uow.commit()
