"""Accounts and what proves their owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from doc_service.domain.accounts import Account, AccountState
from doc_service.domain.credentials import Attempts, Credential
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.principals import AccountRole
from doc_service.domain.sessions import LoginTicket
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_new, put
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.stale import require_updated
from doc_service.persistence.tables_access import (
    accounts,
    credentials,
    login_attempts,
    login_tickets,
    recovery_codes,
)

_ACCOUNT = Codec(Account)
_ACTIVE = accounts.c.state == str(AccountState.ACTIVE)


class SqlAccounts:
    """``doc_service.ports_access.Accounts``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, account: Account) -> None:
        """Raises ``ConflictError`` "account.login_taken", "account.fin_taken", "account.person_taken",
        "account.exists"."""
        self._locks.name("accounts", "unique")
        if not insert_new(self._connection, accounts, {"id": account.id, **_account_row(account)}):
            self._refuse_taken(account)
            raise ConflictError("account.exists", "id", id=account.id)

    def get(self, account_id: str) -> Account:
        """Raises ``NotFoundError`` "account.not_found"."""
        account = self.find(account_id)
        if account is None:
            raise NotFoundError("account.not_found", "id", id=account_id)
        return account

    def find(self, account_id: str) -> Account | None:
        return self._one(select(accounts.c.body).where(accounts.c.id == account_id))

    def find_login(self, login: str) -> Account | None:
        return self._one(select(accounts.c.body).where(accounts.c.login == login))

    def of_fin(self, fin: str) -> Sequence[Account]:
        return self._many(_by_login().where(_ACTIVE, accounts.c.fin == fin, accounts.c.fin != ""))

    def of_person(self, person_id: str) -> Sequence[Account]:
        return self._many(_by_login().where(_ACTIVE, accounts.c.person_id == person_id, accounts.c.person_id != ""))

    def of_document(self, document_id: str) -> Sequence[Account]:
        rows = accounts.c
        return self._many(_by_login().where(_ACTIVE, rows.document_id == document_id, rows.document_id != ""))

    def administrators(self) -> Sequence[Account]:
        """A lock by name keeps two units from each taking away the other's administrator."""
        self._locks.name("accounts", "administrators")
        return self._many(_by_login().where(_ACTIVE, accounts.c.administers == 1))

    def save(self, account: Account) -> Account:
        """Raises ``ConflictError`` "state.stale" and as ``add``; ``NotFoundError`` "account.not_found"."""
        self._locks.name("accounts", "unique")
        self._refuse_taken(account)
        saved = replace(account, version=account.version + 1)
        changed = self._connection.execute(
            update(accounts)
            .where(accounts.c.id == account.id, accounts.c.version == account.version)
            .values(_account_row(saved))
        )
        require_updated(self._connection, accounts, "account", account.id, changed.rowcount)
        return saved

    def page(self, *, after: str = "", state: AccountState | None = None, limit: int = 100) -> Sequence[Account]:
        query = _by_login().where(accounts.c.login > after).limit(limit)
        return self._many(query if state is None else query.where(accounts.c.state == str(state)))

    def _refuse_taken(self, account: Account) -> None:
        """What a unique constraint stands for, told by name before it is hit: a failed statement would spoil a
        PostgreSQL transaction."""
        rows = accounts.c
        others = select(rows.id).where(rows.id != account.id)
        if self._connection.scalar(others.where(rows.login == account.login)) is not None:
            raise ConflictError("account.login_taken", "login", login=account.login)
        if not account.active:
            return
        same = others.where(_ACTIVE, rows.document_id == account.document_id)
        if account.fin and self._connection.scalar(same.where(rows.fin == account.fin, rows.fin != "")) is not None:
            raise ConflictError("account.fin_taken", "fin")
        of_person = same.where(rows.person_id == account.person_id, rows.person_id != "")
        if account.person_id and self._connection.scalar(of_person) is not None:
            raise ConflictError("account.person_taken", "person_id", person=account.person_id)

    def _one(self, query: Select[Any]) -> Account | None:
        body = self._connection.scalar(self._locks.exclusive(query))
        return None if body is None else _ACCOUNT.decode(body)

    def _many(self, query: Select[Any]) -> Sequence[Account]:
        return [_ACCOUNT.decode(body) for body in self._connection.scalars(query)]


def _by_login() -> Select[Any]:
    return select(accounts.c.body).order_by(accounts.c.login)


def _account_row(account: Account) -> dict[str, Any]:
    return {
        "login": account.login,
        "state": str(account.state),
        "person_id": account.person_id,
        "fin": account.fin,
        "document_id": account.document_id,
        "administers": int(AccountRole.ADMINISTRATOR in account.roles),
        "version": account.version,
        "body": _ACCOUNT.encode(account),
    }


class SqlCredentials:
    """``doc_service.ports_access.Credentials``. Units that log in take the attempts of the name first, then the
    account, then its credentials."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def get(self, account_id: str) -> Credential:
        query = self._locks.exclusive(select(credentials).where(credentials.c.account_id == account_id))
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None and self._locks.name("credentials", account_id):
            row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            return Credential(account_id)
        return Credential(**{**row, "enrolment_resets": bool(row["enrolment_resets"])})

    def save(self, credential: Credential) -> None:
        """Raises ``DomainError`` "persistence.unknown_reference" without account."""
        row = {**asdict(credential), "enrolment_resets": int(credential.enrolment_resets)}
        put(self._connection, credentials, row)

    def use_step(self, account_id: str, step: int) -> bool:
        taken = self._connection.execute(
            update(credentials)
            .where(credentials.c.account_id == account_id, credentials.c.totp_step < step)
            .values(totp_step=step)
        )
        return taken.rowcount == 1

    def set_recovery(self, account_id: str, digests: Sequence[str]) -> None:
        self._connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
        rows = [{"account_id": account_id, "digest": digest, "used_at": None} for digest in digests]
        if rows:
            self._connection.execute(insert(recovery_codes), rows)

    def use_recovery(self, account_id: str, digest: str, at: datetime) -> bool:
        rows = recovery_codes.c
        taken = self._connection.execute(
            update(recovery_codes)
            .where(rows.account_id == account_id, rows.digest == digest, rows.used_at.is_(None))
            .values(used_at=at)
        )
        return taken.rowcount == 1

    def recovery_left(self, account_id: str) -> int:
        rows = recovery_codes.c
        query = select(func.count()).where(rows.account_id == account_id, rows.used_at.is_(None))
        return int(self._connection.scalar(query) or 0)

    def attempts(self, key: str) -> Attempts:
        self._locks.name("login", key)
        query = select(login_attempts).where(login_attempts.c.key == key)
        row = self._connection.execute(query).mappings().one_or_none()
        return Attempts() if row is None else Attempts(row["failures"], row["failed_at"])

    def put_attempts(self, key: str, attempts: Attempts) -> None:
        if attempts.failures == 0 or attempts.last_at is None:
            self._connection.execute(delete(login_attempts).where(login_attempts.c.key == key))
            return
        put(
            self._connection,
            login_attempts,
            {"key": key, "failures": attempts.failures, "failed_at": attempts.last_at},
        )

    def forget_attempts(self, before: datetime) -> int:
        """One unit at a time: two that delete the same rows in different orders would wait for each other."""
        self._locks.name("tidy", "access")
        return self._connection.execute(delete(login_attempts).where(login_attempts.c.failed_at < before)).rowcount

    def add_ticket(self, ticket: LoginTicket) -> None:
        self._connection.execute(insert(login_tickets), asdict(ticket))

    def ticket(self, ticket_id: str) -> LoginTicket | None:
        query = select(login_tickets).where(login_tickets.c.id == ticket_id)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else LoginTicket(**row)

    def take_ticket(self, ticket_id: str) -> bool:
        return self._connection.execute(delete(login_tickets).where(login_tickets.c.id == ticket_id)).rowcount == 1

    def drop_tickets(self, before: datetime) -> None:
        self._locks.name("tidy", "access")
        self._connection.execute(delete(login_tickets).where(login_tickets.c.expires_at < before))
