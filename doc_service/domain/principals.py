"""Who is asking: an account's roles, how it was authenticated, and what narrows it (002 §3.6, §4.1.1, §7.1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AccountRole(StrEnum):
    """The parts an account may play. ``ADMINISTRATOR`` manages accounts and neither reads restricted content nor signs;
    ``AUDITOR`` reads everything and changes nothing; ``EXTERNAL`` is a party of one document."""

    SECRETARIAT = "secretariat"
    MEMBER = "member"
    SIGNATORY = "signatory"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    EXTERNAL = "external"


class Means(StrEnum):
    """How a person proved who they are."""

    PASSWORD = "password"  # noqa: S105 - a name, no secret
    PASSWORD_TOTP = "password+totp"  # noqa: S105
    PASSWORD_RECOVERY = "password+recovery"  # noqa: S105
    OIDC = "oidc"
    SIGNATURE = "signature"
    TOKEN = "token"  # noqa: S105


class Scope(StrEnum):
    """What a service token may be narrowed to; it never exceeds the roles of its account."""

    READ = "read"
    DRAFT = "draft"
    REGISTER = "register"
    REQUESTS = "requests"
    ARCHIVE = "archive"
    AUDIT = "audit"
    METRICS = "metrics"


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller.

    ``person_id``: the person of bodies and signature requests whom the account belongs to ("": none).
    ``units``: whose visas the account decides. ``scopes``: None for a session, else the token's.
    ``document_id``: the one document of an external party ("": not narrowed).
    """

    account_id: str
    session_id: str
    roles: frozenset[AccountRole]
    means: Means
    authenticated_at: datetime
    person_id: str = ""
    units: frozenset[str] = frozenset()
    scopes: frozenset[Scope] | None = None
    document_id: str = ""

    @property
    def actor(self) -> str:
        """As audit events name the caller: the person when there is one, else the account."""
        return self.person_id or f"account:{self.account_id}"
