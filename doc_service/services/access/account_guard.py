"""What no change of an account may do, whoever asks for it."""

from __future__ import annotations

from doc_service.domain.accounts import Account
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.principals import AccountRole
from doc_service.ports import UnitOfWork


def require_version(account: Account, version: int | None) -> None:
    """Raises ``ConflictError`` "state.stale" when another version was read (None: whichever it is)."""
    if version is not None and version != account.version:
        raise ConflictError("state.stale", "version", aggregate="account", id=account.id)


def guard_duties(uow: UnitOfWork, before: Account, after: Account, actor: str) -> None:
    """Raises ``DomainError`` "account.own_roles", ``ConflictError`` "account.last_administrator", ``NotFoundError``
    "document.not_found"."""
    moved = (before.roles, before.person_id, before.fin, before.units, before.document_id)
    if moved != (after.roles, after.person_id, after.fin, after.units, after.document_id) and before.is_actor(actor):
        raise DomainError("account.own_roles", "roles")
    if AccountRole.ADMINISTRATOR not in after.roles:
        keep_an_administrator(uow, before)
    if after.document_id != before.document_id and after.document_id:
        uow.documents.get(after.document_id)


def keep_an_administrator(uow: UnitOfWork, leaving: Account) -> None:
    """Accounts without anybody to manage them could be helped on the server alone. Raises ``ConflictError``
    "account.last_administrator"."""
    if AccountRole.ADMINISTRATOR in leaving.roles and [a.id for a in uow.accounts.administrators()] == [leaving.id]:
        raise ConflictError("account.last_administrator", "roles")
