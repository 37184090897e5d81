"""Log-in by what others vouch for: an identity provider (OpenID Connect), or the person's own certificate.

Every attempt is bound to the browser that began it, lives for minutes and is used up once, whatever its outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from doc_service.domain.audit_events import timestamp

ATTEMPT_LIFE = timedelta(minutes=10)
CHALLENGE_LIFE = timedelta(minutes=5)
PURPOSE = "doc-service: log-in"
"""First line of what is signed: a signature over it can be taken for nothing else, and no signature over signed
attributes of a document for a log-in (those are DER and begin with another byte)."""


@dataclass(frozen=True, slots=True)
class OidcAttempt:
    """A log-in that is with the provider. ``state_sha256`` finds it; ``sealed`` holds nonce and code verifier.
    ``browser_sha256`` is the digest of what only the browser that began it has (RFC 9700 §4.7)."""

    state_sha256: str
    provider: str
    sealed: bytes
    browser_sha256: str
    return_to: str
    expires_at: datetime

    def live(self, now: datetime) -> bool:
        return now < self.expires_at


@dataclass(frozen=True, slots=True)
class OutsideIdentity:
    """A provider's subject that opens an account; subjects are never given to somebody else (OpenID Connect Core
    §5.7), unlike e-mail addresses."""

    issuer: str
    subject: str
    account_id: str
    linked_at: datetime
    linked_by: str


@dataclass(frozen=True, slots=True)
class LoginChallenge:
    """What a certificate's holder must sign. ``nonce``: 256 bits, Base64url."""

    id: str
    nonce: str
    origin: str
    browser_sha256: str
    expires_at: datetime

    def live(self, now: datetime) -> bool:
        return now < self.expires_at

    @property
    def text(self) -> bytes:
        """The very bytes to be signed: the purpose, where it is to be used, until when, and the nonce."""
        return "\n".join((PURPOSE, self.origin, timestamp(self.expires_at), self.id, self.nonce, "")).encode()


def safe_return(path: str) -> str:
    """Where to go on after a log-in: a path of this service. Anything that could lead elsewhere becomes "/"."""
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else "/"
