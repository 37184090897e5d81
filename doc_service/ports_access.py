"""What accounts, log-in and sessions need from the outside. Adapters are chosen in ``doc_service.bootstrap`` alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from doc_service.domain.accounts import Account, AccountState
from doc_service.domain.credentials import Attempts, Credential
from doc_service.domain.sessions import LoginTicket, ServiceToken, Session


class Accounts(Protocol):
    def add(self, account: Account) -> None:
        """``ConflictError`` "account.exists", "account.login_taken", "account.fin_taken", "account.person_taken"."""
        ...

    def get(self, account_id: str) -> Account:
        """``NotFoundError`` "account.not_found"."""
        ...

    def find(self, account_id: str) -> Account | None: ...
    def find_login(self, login: str) -> Account | None:
        """By the folded login name (``fold_login``)."""
        ...

    def of_fin(self, fin: str) -> Sequence[Account]:
        """Active accounts that this person's e-signature opens: at most one that is not an external party's."""
        ...

    def of_person(self, person_id: str) -> Sequence[Account]:
        """Active accounts of a person."""
        ...

    def of_document(self, document_id: str) -> Sequence[Account]:
        """Active accounts of external parties of a document."""
        ...

    def administrators(self) -> Sequence[Account]:
        """Active ones. In a writing unit no other unit changes who they are until its end."""
        ...

    def save(self, account: Account) -> Account:
        """Optimistic: ``ConflictError`` "state.stale" when ``version`` is not the stored one; also as ``add``.
        Returns version + 1."""
        ...

    def page(self, *, after: str = "", state: AccountState | None = None, limit: int = 100) -> Sequence[Account]:
        """By login name, from the first one after ``after``."""
        ...


class Credentials(Protocol):
    def get(self, account_id: str) -> Credential:
        """An empty one when nothing has been set yet. In a writing unit no other unit changes it until its end."""
        ...

    def save(self, credential: Credential) -> None: ...

    def use_step(self, account_id: str, step: int) -> bool:
        """Takes a TOTP time step; False when it, or a later one, was taken: of two that ask, one gets it."""
        ...

    def set_recovery(self, account_id: str, digests: Sequence[str]) -> None:
        """Replaces all recovery codes of the account."""
        ...

    def use_recovery(self, account_id: str, digest: str, at: datetime) -> bool:
        """Takes a recovery code; False when there is none such, or it was taken: of two that ask, one gets it."""
        ...

    def recovery_left(self, account_id: str) -> int: ...

    def attempts(self, key: str) -> Attempts:
        """In a writing unit no other unit changes them until its end, also when there are none yet."""
        ...

    def put_attempts(self, key: str, attempts: Attempts) -> None:
        """Without failures: forgets them."""
        ...

    def forget_attempts(self, before: datetime) -> int:
        """Forgets attempts whose last failure is older; returns how many names."""
        ...

    def add_ticket(self, ticket: LoginTicket) -> None: ...
    def ticket(self, ticket_id: str) -> LoginTicket | None: ...
    def take_ticket(self, ticket_id: str) -> bool:
        """Uses it up; False when it is not there (any more)."""
        ...

    def drop_tickets(self, before: datetime) -> None:
        """Deletes those that expired before."""
        ...


class Sessions(Protocol):
    def add(self, session: Session) -> None: ...
    def find(self, session_id: str) -> Session | None: ...
    def of_account(self, account_id: str) -> Sequence[Session]:
        """Those not ended, the newest first, expired ones included."""
        ...

    def touch(self, session_id: str, at: datetime, unless_since: datetime) -> bool:
        """Sets ``seen_at`` unless it is newer than ``unless_since``; False when nothing was changed."""
        ...

    def end(self, session_id: str, at: datetime) -> bool:
        """False when it had ended already."""
        ...

    def end_all(self, account_id: str, at: datetime, *, but: str = "") -> int:
        """Ends all of an account except ``but``; returns how many."""
        ...

    def purge(self, before: datetime) -> int:
        """Deletes sessions whose absolute life ended before; returns how many."""
        ...


class Tokens(Protocol):
    def add(self, token: ServiceToken) -> None: ...
    def find(self, token_id: str) -> ServiceToken | None: ...
    def of_account(self, account_id: str) -> Sequence[ServiceToken]:
        """The newest first, revoked and expired ones included."""
        ...

    def touch(self, token_id: str, at: datetime, unless_since: datetime) -> bool: ...
    def revoke(self, token_id: str, at: datetime) -> bool:
        """False when it was revoked already."""
        ...

    def revoke_all(self, account_id: str, at: datetime) -> int: ...


class PasswordHasher(Protocol):
    def hash(self, password: str) -> str: ...
    def verify(self, hashed: str, password: str) -> bool:
        """``hashed`` "" takes as long as any other and is never right."""
        ...

    def outdated(self, hashed: str) -> bool:
        """Whether it was made with other parameters than today's."""
        ...


class OneTimePasswords(Protocol):
    """TOTP (RFC 6238) with sealed secrets."""

    def new(self, account_id: str) -> tuple[bytes, str]:
        """A fresh secret: sealed for storage, and in Base32 for the person's device."""
        ...

    def uri(self, secret: str, login: str) -> str:
        """``otpauth://…`` for a QR code."""
        ...

    def code_at(self, account_id: str, sealed: bytes, step: int) -> str:
        """``DomainError`` "sealed.unreadable" when it was not sealed for this account with a key of ours."""
        ...


class Secrets(Protocol):
    def token(self) -> str:
        """256 random bits, Base64url (43 characters)."""
        ...

    def recovery_code(self) -> str:
        """80 random bits as a person copies them: ``XXXX-XXXX-XXXX-XXXX``."""
        ...

    def digest(self, purpose: str, text: str) -> str:
        """Hex HMAC-SHA-256 under the service's own key: for what could be guessed from a plain digest."""
        ...
