"""Accounts: who may enter, in which parts, and which parts one account cannot hold together (002 §7.1.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from doc_service.domain.authorisation import INCOMPATIBLE
from doc_service.domain.errors import Fault
from doc_service.domain.identifiers import check_email, check_fin, check_phone
from doc_service.domain.principals import AccountRole
from doc_service.domain.transitions import TransitionTable

LANGUAGES = ("az", "en")
PERSONAL = frozenset({AccountRole.MEMBER, AccountRole.SIGNATORY, AccountRole.EXTERNAL})
"""Parts that only a person of bodies and signature requests can play."""

_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._@+-]{1,62})[a-z0-9]")
_LINE_LENGTH = 200


class AccountState(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"


class AccountAction(StrEnum):
    CLOSE = "close"
    REOPEN = "reopen"


ACCOUNT_TRANSITIONS: TransitionTable[AccountState, AccountAction] = TransitionTable(
    "account",
    {
        (AccountState.ACTIVE, AccountAction.CLOSE): AccountState.CLOSED,
        (AccountState.CLOSED, AccountAction.REOPEN): AccountState.ACTIVE,
    },
)


@dataclass(frozen=True, slots=True)
class Account:
    """A way into the service for one person or one machine.

    ``login`` is folded (``fold_login``) and never given to anybody else, closed or not. ``phone``: where short messages
    go, "+994" and nine digits ("": none). ``person_id``: the person of
    bodies and signature requests ("": none). ``fin``: whose enhanced e-signature opens the account ("": nobody's).
    ``units``: whose visas it decides. ``document_id``: the one document of an external party ("" for all others).
    """

    id: str
    login: str
    display_name: str
    roles: frozenset[AccountRole]
    created_at: datetime
    language: str = "az"
    email: str = ""
    phone: str = ""
    person_id: str = ""
    fin: str = ""
    units: frozenset[str] = frozenset()
    document_id: str = ""
    state: AccountState = AccountState.ACTIVE
    version: int = 0

    @property
    def active(self) -> bool:
        return self.state is AccountState.ACTIVE

    def moved(self, action: AccountAction, **changes: Any) -> Account:
        """The account after ``action``; raises ``ConflictError`` when its state does not allow it."""
        return replace(self, state=ACCOUNT_TRANSITIONS.next(self.state, action), **changes)

    def is_actor(self, actor: str) -> bool:
        """Whether audit events by ``actor`` are this account's own."""
        return actor in {self.person_id, f"account:{self.id}"} - {""}


def fold_login(text: str) -> str:
    """The one form of a login name: it is ASCII, so capitals fold the same in every language."""
    return text.strip().lower() if text.isascii() else text


def is_login(text: str) -> bool:
    """Whether a folded name can be somebody's."""
    return _LOGIN.fullmatch(text) is not None


def check_account(account: Account) -> tuple[Fault, ...]:
    """Every fault of an account: "account.bad_login", "account.bad_name", "account.bad_language", "person.bad_email",
    "person.bad_phone", "person.bad_fin", "account.no_roles", "account.incompatible_roles" (one for each pair, naming
    both duties), "account.bad_reference" (no printable line of at most 200 characters), "account.person_missing",
    "account.document_missing", "account.document_not_external"."""
    faults: list[Fault] = []
    if not is_login(account.login):
        faults.append(Fault("account.bad_login", "login"))
    name = account.display_name
    if not name.strip() or not _is_line(name):
        faults.append(Fault("account.bad_name", "display_name"))
    if account.language not in LANGUAGES:
        faults.append(Fault("account.bad_language", "language", {"language": account.language}))
    faults += check_email(account.email)
    faults += check_phone(account.phone)
    if account.fin:
        faults += check_fin(account.fin)
    for field in ("person_id", "document_id"):
        if not _is_line(getattr(account, field)):
            faults.append(Fault("account.bad_reference", field))
    if not all(unit.strip() and _is_line(unit) for unit in account.units):
        faults.append(Fault("account.bad_reference", "units"))
    return (*faults, *_check_roles(account))


def _is_line(text: str) -> bool:
    return len(text) <= _LINE_LENGTH and text.isprintable()


def _check_roles(account: Account) -> tuple[Fault, ...]:
    faults = list(incompatible(account.roles))
    if not account.roles:
        faults.append(Fault("account.no_roles", "roles"))
    if account.roles & PERSONAL and not account.person_id:
        roles = ", ".join(sorted(account.roles & PERSONAL))
        faults.append(Fault("account.person_missing", "person_id", {"role": roles}))
    external = AccountRole.EXTERNAL in account.roles
    if external and not account.document_id:
        faults.append(Fault("account.document_missing", "document_id"))
    if account.document_id and not external:
        faults.append(Fault("account.document_not_external", "document_id"))
    return tuple(faults)


def incompatible(roles: frozenset[AccountRole]) -> tuple[Fault, ...]:
    """ "account.incompatible_roles" for each pair of duties that one account cannot hold together (002 §7.1.5)."""
    pairs = sorted(sorted(pair) for pair in INCOMPATIBLE if pair <= roles)
    return tuple(
        Fault("account.incompatible_roles", "roles", {"role": str(one), "other_role": str(other)})
        for one, other in pairs
    )
