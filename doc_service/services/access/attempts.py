"""Counts attempts before they are looked at, so that many at once are no way around the lockout."""

from __future__ import annotations

import math
from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.credentials import Attempts
from doc_service.domain.errors import DomainError
from doc_service.ports import UnitOfWork
from doc_service.ports_access import Secrets
from doc_service.services.base import Workspace

ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Reserved:
    """An attempt that counts as failed until it is taken back or everything is forgotten."""

    key: str
    before: Attempts
    after: Attempts


@dataclass(frozen=True, slots=True)
class Door:
    """The lockout, by login name. Names that nobody has are counted alike, under a keyed digest: neither the answer nor
    its time says whether a name is known, and a password typed into the wrong field is not kept."""

    work: Workspace
    secrets: Secrets

    def hold(self, uow: UnitOfWork, login: str) -> None:
        """Takes the name's attempts, before the account and its credentials: every unit in the same order."""
        uow.credentials.attempts(self.secrets.digest("login", login))

    def reserve(self, uow: UnitOfWork, login: str) -> Reserved:
        """Counts one attempt under the folded name; the caller commits. Raises ``DomainError`` "login.locked"
        (seconds: how long to wait); attempts while locked do not lengthen the wait."""
        now = self.work.clock.now()
        key = self.secrets.digest("login", login)
        before = uow.credentials.attempts(key)
        wait = before.wait(now)
        if wait:
            raise DomainError("login.locked", "", seconds=math.ceil(wait.total_seconds()))
        after = before.failed(now)
        uow.credentials.put_attempts(key, after)
        return Reserved(key, before, after)

    def take_back(self, uow: UnitOfWork, reserved: Reserved) -> None:
        """This attempt was no failure, but the person is not in yet."""
        current = uow.credentials.attempts(reserved.key)
        uow.credentials.put_attempts(reserved.key, current.taken_back(reserved.after, reserved.before))

    def forget(self, uow: UnitOfWork, login: str) -> None:
        """The person is in, or an administrator vouches for them."""
        uow.credentials.put_attempts(self.secrets.digest("login", login), Attempts())

    def record_failure(self, uow: UnitOfWork, account_id: str, step: str) -> None:
        """``account_id`` "": nobody's name; what was typed is not recorded."""
        subject = ("account", account_id) if account_id else ("login", "unknown")
        self.work.record(uow, ANONYMOUS, Action.LOGIN_FAILED, subject, {"step": step})
